import { type RefObject, useLayoutEffect } from 'react'
import { type Box, freerSide } from './toast-side'

/** What an action has made is selected after it; what is being used has the focus. */
const IN_USE = '.canvas [data-selected], .canvas [data-inside], :focus'
/** After a canvas has brought into view what was made. */
const SETTLED_MS = 260

/** Puts the messages where they cover nothing in use; asked when one comes or goes, and not while anything moves. */
export function useToastSide(viewport: RefObject<HTMLElement | null>, shown: string): void {
  useLayoutEffect(() => {
    const element = viewport.current
    if (element === null || shown === '') return
    const place = () => {
      const side = freerSide(placesOf(element), [...document.querySelectorAll(IN_USE)].flatMap(boxInUse))
      element.dataset['side'] = side
    }
    place()
    const timer = setTimeout(place, SETTLED_MS)
    return () => clearTimeout(timer)
  }, [viewport, shown])
}

function placesOf(element: HTMLElement): { readonly bottom: Box; readonly top: Box } {
  const before = element.dataset['side']
  const at = (side: 'bottom' | 'top') => {
    element.dataset['side'] = side
    return element.getBoundingClientRect()
  }
  const places = { bottom: at('bottom'), top: at('top') }
  if (before !== undefined) element.dataset['side'] = before
  return places
}

/** A canvas that has the focus as a whole is no control in use, nor is a message itself. */
function boxInUse(element: Element): Box[] {
  return element.matches('.toasts *, .canvas, .react-flow, body') ? [] : [element.getBoundingClientRect()]
}
