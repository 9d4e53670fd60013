import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'

export interface TableDrag {
  readonly entity: string
  readonly name: string
  readonly x: number
  readonly y: number
}

/** A press that moves less than this is a click. */
const THRESHOLD_PX = 4

/** Where a dragged table may be let go. */
export const DROP_AREA = 'data-drop-area'

/**
 * Dragging a table out of the tree, by pointer events: they work the same for mouse, pen and touch, and
 * what is drawn under the pointer is ours.
 */
export function useTableDrag(onDrop: (entity: string, x: number, y: number) => void) {
  const [drag, setDrag] = useState<TableDrag | null>(null)
  const stop = useRef(() => {})
  useEffect(() => () => stop.current(), [])

  const begin = useCallback(
    (event: PointerEvent, table: { readonly id: string; readonly name: string }) => {
      if (event.button !== 0) return
      const from = { x: event.clientX, y: event.clientY }
      let moving = false

      const onMove = (move: globalThis.PointerEvent) => {
        moving ||= Math.hypot(move.clientX - from.x, move.clientY - from.y) > THRESHOLD_PX
        if (!moving) return
        move.preventDefault()
        setDrag({ entity: table.id, name: table.name, x: move.clientX, y: move.clientY })
      }
      const onUp = (up: globalThis.PointerEvent) => {
        end()
        const over = document.elementFromPoint(up.clientX, up.clientY)
        if (moving && over?.closest(`[${DROP_AREA}]`)) onDrop(table.id, up.clientX, up.clientY)
      }
      const onKey = (key: KeyboardEvent) => {
        if (key.key !== 'Escape' || !moving) return
        key.stopPropagation()
        end()
      }
      const end = () => {
        setDrag(null)
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
    [onDrop],
  )

  return { drag, begin }
}
