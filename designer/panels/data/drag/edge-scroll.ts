import type { Point } from '../data-mode-context'

/** So near to an edge the canvas begins to move, faster the nearer. */
const ZONE_PX = 48
const FASTEST_PX_PER_SECOND = 900

/** Pixels a second that what lies on the canvas moves by, while something is held at a point of the window. */
export function edgeSpeed({ x, y }: Point, area: Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>): Point {
  if (x < area.left || x > area.right || y < area.top || y > area.bottom) return { x: 0, y: 0 }
  return { x: along(x, area.left, area.right), y: along(y, area.top, area.bottom) }
}

function along(at: number, from: number, to: number): number {
  const depth = (edge: number) => (ZONE_PX - Math.min(ZONE_PX, Math.abs(at - edge))) / ZONE_PX
  // Never negative zero, which is not equal to zero for whoever compares.
  return (depth(from) - depth(to)) * FASTEST_PX_PER_SECOND || 0
}

export interface EdgeScroll {
  /** Where the pointer is now. */
  readonly moveTo: (at: Point) => void
  readonly stop: () => void
}

/**
 * Moves the canvas while something is held near one of its edges. It waits until the pointer was farther inside, so
 * that what comes out of the tree does not move the canvas on its way in.
 */
export function scrollAtEdges(
  area: () => DOMRect | null,
  panBy: (by: Point) => void,
  onScrolled: (pointer: Point) => void,
): EdgeScroll {
  let pointer: Point | null = null
  let armed = false
  let before: number | null = null
  let frame = requestAnimationFrame(function step(now) {
    frame = requestAnimationFrame(step)
    const seconds = Math.min(0.05, (now - (before ?? now)) / 1000)
    before = now
    const bounds = area()
    if (pointer === null || bounds === null) return
    const speed = edgeSpeed(pointer, bounds)
    const isInside =
      bounds.left < pointer.x && pointer.x < bounds.right && bounds.top < pointer.y && pointer.y < bounds.bottom
    const isStill = speed.x === 0 && speed.y === 0
    if (isInside && isStill) armed = true
    if (isStill || !armed) return
    panBy({ x: speed.x * seconds, y: speed.y * seconds })
    onScrolled(pointer)
  })
  return {
    moveTo: (at) => {
      pointer = at
    },
    stop: () => cancelAnimationFrame(frame),
  }
}
