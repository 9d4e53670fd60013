import { useReactFlow } from '@xyflow/react'
import { type KeyboardEvent, useCallback } from 'react'
import { useSession } from '@/designer/stores/session'
import { bringIntoView } from './bring-into-view'
import type { DataNode } from './data-mapping'
import { type Direction, neighbour } from './neighbour'
import type { CanvasActions } from './use-canvas-actions'

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** Keys that the canvas has a use for: arrows go from card to card, with Shift they move what is selected. */
export function useCanvasKeys(actions: CanvasActions) {
  const session = useSession()
  const flow = useReactFlow<DataNode>()

  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      if (!(event.target instanceof HTMLElement) || event.target.closest('input, textarea, select')) return
      const taken = () => {
        event.preventDefault()
        event.stopPropagation()
      }
      if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
        taken()
        openMenu(event.currentTarget, actions.selectedEntities()[0])
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const direction = DIRECTIONS[event.key]
      if (direction && !event.shiftKey) {
        const from = actions.selectedEntities()[0] ?? idOfFocus(event.target)
        if (from === undefined) return
        taken()
        const next = neighbour(flow.getNodes(), from, direction)
        if (next === null) return
        session.selection.select({ kind: 'local-entities', ids: [next] })
        bringIntoView(flow, next)
        focusCard(next)
      } else if (event.key === 'Enter') {
        const { selection } = session.selection.getState()
        if (selection.kind === 'none' || event.target.closest('button')) return
        taken()
        if (selection.kind === 'note' || selection.kind === 'group') actions.rename()
        else document.querySelector<HTMLElement>('[aria-label="Inspector"] :is(input, button, select)')?.focus()
      }
    },
    [session, flow, actions],
  )
}

const idOfFocus = (element: HTMLElement): string | undefined =>
  element.closest<HTMLElement>('.react-flow__node')?.dataset.id

/** As if the card, or else the canvas, had been clicked with the other button. */
function openMenu(canvas: HTMLElement, entity: string | undefined): void {
  const card = entity === undefined ? null : canvas.querySelector(`.react-flow__node[data-id="${entity}"]`)
  const on = card?.querySelector('[data-entity-id]') ?? canvas.querySelector('.react-flow__pane') ?? canvas
  const { x, y, width } = on.getBoundingClientRect()
  const at = card ? { clientX: x + 40, clientY: y + 36 } : { clientX: x + width / 2, clientY: y + 120 }
  on.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...at }))
}

/** A card that was outside of the view is in the page only after the view has moved. */
function focusCard(id: string): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"]`)?.focus({ preventScroll: true }),
    ),
  )
}
