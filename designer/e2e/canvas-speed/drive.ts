import type { Page } from '@playwright/test'

export type Motion = 'pan' | 'drag'

/** Frames that a motion is watched for. */
const FRAMES = 60

/**
 * Frames per second while the canvas is panned, or a node is dragged, by one movement of the mouse a frame. The mouse is
 * moved by the page itself: from outside, movements come more seldom than frames, and one would measure the messages.
 */
export function framesPerSecond(page: Page, motion: Motion): Promise<number> {
  return page.evaluate(
    ({ motion, frames }) =>
      new Promise<number>((resolve, reject) => {
        const pane = document.querySelector('.react-flow__pane')
        const area = pane?.getBoundingClientRect()
        const node = [...document.querySelectorAll('.react-flow__node')].find((candidate) => {
          const { left, top } = candidate.getBoundingClientRect()
          return area && left > area.left + 20 && top > area.top + 20
        })
        const target = motion === 'pan' ? pane : node
        if (!target || !area || !node) return reject(new Error('There is nothing to move.'))
        const box = node.getBoundingClientRect()
        const from =
          motion === 'pan'
            ? { x: area.left + area.width / 2, y: area.top + area.height / 2 }
            : { x: box.left + box.width / 2, y: box.top + Math.min(12, box.height / 4) }
        const send = (type: string, to: EventTarget, x: number, y: number) =>
          to.dispatchEvent(
            new MouseEvent(type, {
              bubbles: true,
              cancelable: true,
              view: window,
              clientX: x,
              clientY: y,
              button: 0,
              buttons: 1,
            }),
          )
        send('mousedown', target, from.x, from.y)
        let frame = 0
        let start = 0
        const step = (now: number) => {
          // The first frames set things up, and are no part of the motion.
          if (frame === 5) start = now
          if (frame === frames + 5) {
            // Back to where it began, so that the next motion has the same to draw.
            send('mousemove', window, from.x, from.y)
            send('mouseup', window, from.x, from.y)
            return resolve((frames * 1000) / (now - start))
          }
          const turn = (frame / frames) * 2 * Math.PI
          send('mousemove', window, from.x + 160 * Math.sin(turn), from.y + 90 * Math.sin(2 * turn))
          frame += 1
          requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      }),
    { motion, frames: FRAMES },
  )
}
