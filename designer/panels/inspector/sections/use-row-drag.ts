import { type PointerEvent as ReactPointerEvent, type RefObject, useState } from 'react'

export interface RowDrag {
  readonly dragged: string | null
  /** The row beside which it would be put. */
  readonly target: { readonly id: string; readonly side: 'before' | 'after' } | null
  readonly start: (id: string, event: ReactPointerEvent) => void
}

/** Puts rows (`[data-attribute]`) into another order by dragging a handle; Escape gives it up. */
export function useRowDrag(
  list: RefObject<HTMLElement | null>,
  ids: readonly string[],
  onMove: (id: string, position: number) => void,
): RowDrag {
  const [state, setState] = useState<Pick<RowDrag, 'dragged' | 'target'>>({ dragged: null, target: null })

  const start = (id: string, event: ReactPointerEvent) => {
    if (event.button !== 0) return
    event.preventDefault()
    let target: RowDrag['target'] = null
    const show = (y: number) => {
      target = rowAt(list.current, y)
      setState({ dragged: id, target: target?.id === id ? null : target })
    }
    const onPointerMove = (moved: PointerEvent) => show(moved.clientY)
    const onKeyDown = (pressed: KeyboardEvent) => {
      if (pressed.key !== 'Escape') return
      pressed.stopPropagation()
      end()
    }
    const onPointerUp = () => {
      const others = ids.filter((other) => other !== id)
      const at = target === null ? -1 : others.indexOf(target.id)
      end()
      if (target !== null && at >= 0) onMove(id, target.side === 'before' ? at : at + 1)
    }
    const end = () => {
      window.removeEventListener('pointermove', onPointerMove)
      window.removeEventListener('pointerup', onPointerUp)
      window.removeEventListener('pointercancel', end)
      window.removeEventListener('keydown', onKeyDown, true)
      setState({ dragged: null, target: null })
    }
    window.addEventListener('pointermove', onPointerMove)
    window.addEventListener('pointerup', onPointerUp)
    window.addEventListener('pointercancel', end)
    window.addEventListener('keydown', onKeyDown, true)
    setState({ dragged: id, target: null })
  }
  return { ...state, start }
}

function rowAt(list: HTMLElement | null, y: number): RowDrag['target'] {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-attribute]') ?? [])]
  const boxes = rows.map((row) => ({ id: row.dataset.attribute ?? '', box: row.getBoundingClientRect() }))
  const under = boxes.find(({ box }) => y < box.bottom) ?? boxes.at(-1)
  if (under === undefined) return null
  return { id: under.id, side: y < under.box.top + under.box.height / 2 ? 'before' : 'after' }
}
