import { type RefObject, useEffect } from 'react'

/** Short messages lie over the centre of the workbench, wherever the panels around it leave it. */
export function useToastPlace(centre: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = centre.current
    if (!element) return
    const { style } = document.documentElement
    const tell = () => {
      const { left, width, top, bottom } = element.getBoundingClientRect()
      style.setProperty('--toasts-centre', `${left + width / 2}px`)
      style.setProperty('--toasts-room', `${width}px`)
      style.setProperty('--toasts-top', `${top + 12}px`)
      style.setProperty('--toasts-bottom', `${window.innerHeight - bottom + 16}px`)
    }
    // A panel that is moved changes its size too: what is left and right of it is always full.
    const observer = new ResizeObserver(tell)
    observer.observe(element)
    window.addEventListener('resize', tell)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', tell)
      for (const name of ['--toasts-centre', '--toasts-room', '--toasts-top', '--toasts-bottom'])
        style.removeProperty(name)
    }
  }, [centre])
}
