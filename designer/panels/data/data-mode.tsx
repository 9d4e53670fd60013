'use client'
import { ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { Table2 } from 'lucide-react'
import { useCallback, useState } from 'react'
import { DataCanvas } from '@/designer/canvas/data-canvas'
import { gridLayout } from '@/designer/model/card-layout'
import { syncable } from '@/designer/model/keys'
import { moveCards } from '@/designer/model/operations/layout'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { Inspector } from '../inspector/inspector'
import { ModeLayout } from '../shell/mode-layout'
import { counted } from '../ui/format'
import { AttributeDialog } from './attribute-dialog'
import { SchemaTree } from './schema-tree'
import { useTableDrag } from './table-drag'

export function DataMode() {
  return (
    <ReactFlowProvider>
      <DataModeInside />
    </ReactFlowProvider>
  )
}

interface Adding {
  readonly entity: string
  /** Where it was let go on the canvas; nowhere in particular when it was added by keyboard. */
  readonly position?: { readonly x: number; readonly y: number }
}

function DataModeInside() {
  const session = useSession()
  const edit = useEdit()
  const flow = useReactFlow()
  const [adding, setAdding] = useState<Adding | null>(null)
  const serverEntity = (id: string) => session.project.getState().history.project.serverEntities[id]

  const ask = useCallback(
    (next: Adding) => {
      const entity = session.project.getState().history.project.serverEntities[next.entity]
      if (!entity) return
      const sync = syncable(entity)
      if (sync.kind === 'not-syncable') session.refuse(sync.reason)
      else setAdding(next)
    },
    [session],
  )
  const onDrop = useCallback(
    (entity: string, x: number, y: number) => {
      const at = flow.screenToFlowPosition({ x, y })
      ask({ entity, position: { x: Math.round(at.x - 130), y: Math.round(at.y - 16) } })
    },
    [flow, ask],
  )
  const { drag, begin } = useTableDrag(onDrop)

  const add = ({ entity, position }: Adding, attributes: readonly string[]) => {
    const name = serverEntity(entity)?.name ?? ''
    const result = edit(`Add “${name}”`, (draft) =>
      addLocalEntity(draft, { root: entity, attributes, ids: newIds, ...(position && { position }) }),
    )
    setAdding(null)
    if (result.kind !== 'done') return
    session.selection.select({ kind: 'local-entities', ids: [result.value] })
    session.announce(`Added ${name} to the canvas`)
    if (!position) session.panels.setState({ reveal: { id: result.value, among: 'all' } })
  }

  const addAll = (tables: readonly string[]) => {
    const { localEntities } = session.project.getState().history.project
    const present = new Set(Object.values(localEntities).map(({ root }) => root))
    const missing = tables.filter((id) => !present.has(id))
    if (missing.length === 0) return session.refuse('All of these tables are on the canvas already.')
    const wasEmpty = present.size === 0
    const added: string[] = []
    edit(`Add ${counted(missing.length, 'table')}`, (draft) => {
      // On an empty canvas all are placed together in the end.
      const place = wasEmpty ? { position: { x: 0, y: 0 } } : {}
      let result = addLocalEntity(draft, { root: missing[0] ?? '', ids: newIds, ...place })
      for (const [index, root] of missing.entries()) {
        if (index > 0) result = addLocalEntity(draft, { root, ids: newIds, ...place })
        if (result.kind === 'refused') return result
        added.push(result.value)
      }
      if (wasEmpty) moveCards(draft, gridLayout(draft))
      return result
    })
    session.selection.select({ kind: 'local-entities', ids: added })
    const [first] = added
    if (first) session.panels.setState({ reveal: { id: first, among: 'all' } })
  }

  const entity = adding && serverEntity(adding.entity)
  return (
    <>
      <ModeLayout
        title="Data"
        left={<SchemaTree onAdd={(id) => ask({ entity: id })} onAddAll={addAll} onDragStart={begin} />}
        centre={<DataCanvas receiving={drag !== null} />}
        right={<Inspector onAdd={(id) => ask({ entity: id })} />}
      />
      {drag && (
        <div
          className="pointer-events-none fixed z-50 flex h-7 items-center gap-2 rounded-md bg-surface-2 px-2 shadow-float"
          style={{ left: drag.x + 10, top: drag.y + 8 }}
        >
          <Table2 size={14} className="text-accent-ink" aria-hidden />
          <span className="name">{drag.name}</span>
        </div>
      )}
      {adding && entity && (
        <AttributeDialog
          entity={entity}
          onClose={() => setAdding(null)}
          onAdd={(attributes) => add(adding, attributes)}
        />
      )}
    </>
  )
}
