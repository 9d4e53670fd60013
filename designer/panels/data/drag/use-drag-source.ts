import { useStoreApi } from '@xyflow/react'
import { type PointerEvent, useCallback, useEffect, useRef } from 'react'
import { useSession } from '@/designer/stores/session'
import { type Drag, type Point, useDataModeStore } from '../data-mode-context'
import { type DragItem, type DropTarget, itemName } from './drag-item'
import { dropMeaning } from './drop-meaning'
import { type EdgeScroll, scrollAtEdges } from './edge-scroll'

/** A press that moves less than this is a click. */
const THRESHOLD_PX = 4

/**
 * Dragging something out of the tree, by pointer events: they work the same for mouse, pen and touch, and
 * what is drawn under the pointer is ours. What a drop would mean is asked anew only over something else. The canvas
 * moves while something is held at one of its edges, as it does for a card.
 */
export function useDragSource(onDrop: (drag: Drag) => void) {
  const session = useSession()
  const store = useDataModeStore()
  const flow = useStoreApi()
  const stop = useRef(() => {})
  useEffect(() => () => stop.current(), [])

  return useCallback(
    (event: PointerEvent, item: DragItem) => {
      if (event.button !== 0) return
      const from = { x: event.clientX, y: event.clientY }
      const pointer = event.pointerId
      let moving = false

      const follow = (at: Point) => {
        const { project } = session.project.getState().history
        const target = targetAt(at)
        const before = store.getState().drag
        const same = before !== null && sameTarget(before.target, target)
        store.setState({
          drag: {
            ...at,
            item,
            name: before?.name ?? itemName(project, item),
            target: same ? before.target : target,
            meaning: same ? before.meaning : target && dropMeaning(project, item, target),
          },
        })
      }
      let edges: EdgeScroll | null = null
      const onMove = (move: globalThis.PointerEvent) => {
        if (move.pointerId !== pointer) return
        if (!moving && Math.hypot(move.clientX - from.x, move.clientY - from.y) > THRESHOLD_PX) {
          moving = true
          document.body.dataset.carrying = ''
          const area = () => document.querySelector('[data-drop-area]')?.getBoundingClientRect() ?? null
          edges = scrollAtEdges(area, (by) => void flow.getState().panBy(by), follow)
        }
        if (!moving) return
        move.preventDefault()
        const at = { x: move.clientX, y: move.clientY }
        edges?.moveTo(at)
        follow(at)
      }
      const onUp = (up: globalThis.PointerEvent) => {
        if (up.pointerId !== pointer) return
        if (moving) follow({ x: up.clientX, y: up.clientY })
        const { drag } = store.getState()
        end()
        if (moving && drag?.target) onDrop(drag)
      }
      const onKey = (key: KeyboardEvent) => {
        if (key.key !== 'Escape' || !moving) return
        key.stopPropagation()
        end()
      }
      const end = () => {
        edges?.stop()
        store.setState({ drag: null })
        delete document.body.dataset.carrying
        window.removeEventListener('pointermove', onMove)
        window.removeEventListener('pointerup', onUp)
        window.removeEventListener('pointercancel', end)
        window.removeEventListener('keydown', onKey, true)
      }
      stop.current = end
      window.addEventListener('pointermove', onMove)
      window.addEventListener('pointerup', onUp)
      window.addEventListener('pointercancel', end)
      window.addEventListener('keydown', onKey, true)
    },
    [session, store, flow, onDrop],
  )
}

/** What lies under a point of the window: a card, the canvas beside the cards, or nothing that takes a drop. */
function targetAt({ x, y }: Point): DropTarget | null {
  const over = document.elementFromPoint(x, y)
  if (!over?.closest('[data-drop-area]')) return null
  const entity = over.closest<HTMLElement>('[data-entity-id]')?.dataset.entityId
  return entity === undefined ? { kind: 'canvas' } : { kind: 'card', entity }
}

const sameTarget = (a: DropTarget | null, b: DropTarget | null): boolean =>
  a?.kind === 'card' && b?.kind === 'card' ? a.entity === b.entity : a?.kind === b?.kind
