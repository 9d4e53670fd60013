import { useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { moveLocalAttribute, removeLocalAttribute } from '@/designer/model/operations/local-attributes'
import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity } from '@/designer/model/project'
import { useEdit, useSession } from '@/designer/stores/session'
import { AttributeRow, type AttributeRowActions } from './attribute-row'
import { useRowDrag } from './use-row-drag'

/** Rows to open, to take away and to put into another order, by mouse and by keyboard. */
export function AttributeList({ entity }: { readonly entity: LocalEntity }) {
  const { selection, announce, compilation } = useSession()
  const edit = useEdit()
  const list = useRef<HTMLUListElement>(null)
  const ids = useMemo(() => inOrder(entity.attributes).map(([id]) => id), [entity.attributes])
  const indexed = useMemo(
    () => new Set(Object.values(entity.indexes).flatMap(({ attributes }) => attributes)),
    [entity.indexes],
  )
  const diagnostics = useStore(compilation, (state) => state.diagnostics)
  const wrong = useMemo(
    () =>
      new Set(
        diagnostics.flatMap(({ target, severity }) =>
          target.kind === 'localAttribute' && target.entity === entity.id && severity === 'error' ? [target.id] : [],
        ),
      ),
    [diagnostics, entity.id],
  )
  // One row is reached by Tab, the others by the arrow keys.
  const [reached, setReached] = useState<string | null>(null)
  const stop = reached !== null && ids.includes(reached) ? reached : ids[0]

  const focusRow = (id: string | undefined) => {
    if (id === undefined) return
    setReached(id)
    list.current?.querySelector<HTMLElement>(`[data-attribute="${id}"] > button`)?.focus()
  }
  const move = (id: string, position: number) => {
    const name = entity.attributes[id]?.name ?? ''
    edit(`Move “${entity.name}.${name}”`, (draft) => moveLocalAttribute(draft, entity.id, id, position), {
      coalesce: `order ${id}`,
    })
    announce(`${name} is ${Math.max(0, Math.min(ids.length - 1, position)) + 1} of ${ids.length}`)
    // A row that is moved in the page loses the focus.
    requestAnimationFrame(() => focusRow(id))
  }
  const drag = useRowDrag(list, ids, move)

  const actions: AttributeRowActions = {
    open: (id) => selection.select({ kind: 'local-attribute', entity: entity.id, id }),
    remove: (id) => {
      const at = ids.indexOf(id)
      const name = entity.attributes[id]?.name ?? ''
      const removed = edit(`Remove “${entity.name}.${name}”`, (draft) => removeLocalAttribute(draft, entity.id, id))
      if (removed.kind === 'done') requestAnimationFrame(() => focusRow(ids[at + 1] ?? ids[at - 1]))
    },
    startDrag: drag.start,
  }

  return (
    <ul
      ref={list}
      aria-label="Attributes on the device"
      onKeyDown={(event) => {
        const id =
          event.target instanceof Element && event.target.closest<HTMLElement>('[data-attribute]')?.dataset.attribute
        if (!id) return
        const at = ids.indexOf(id)
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
        if (step !== 0 && event.altKey) move(id, at + step)
        else if (step !== 0) focusRow(ids[at + step])
        else if (event.key === 'Home') focusRow(ids[0])
        else if (event.key === 'End') focusRow(ids.at(-1))
        else if (event.key === 'Delete' || event.key === 'Backspace') actions.remove(id)
        else return
        event.preventDefault()
      }}
    >
      {ids.map((id) => {
        const attribute = entity.attributes[id]
        return (
          attribute && (
            <AttributeRow
              key={id}
              entity={entity}
              attribute={attribute}
              isIndexed={indexed.has(id)}
              isWrong={wrong.has(id)}
              isStop={id === stop}
              isDragged={drag.dragged === id}
              drop={drag.target?.id === id ? drag.target.side : undefined}
              actions={actions}
            />
          )
        )
      })}
    </ul>
  )
}
