'use client'
import { ReactFlowProvider, useReactFlow } from '@xyflow/react'
import { useCallback } from 'react'
import { DataCanvas } from '@/designer/canvas/data-canvas'
import { gridLayout } from '@/designer/model/card-layout'
import { moveCards } from '@/designer/model/operations/layout'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import { useChoiceInAddress } from '@/designer/stores/address'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { Inspector } from '../inspector/inspector'
import { ModeLayout } from '../shell/mode-layout'
import { counted } from '../ui/format'
import { DataDialogs } from './data-dialogs'
import { DataModeProvider, type Drag, useDataModeStore } from './data-mode-context'
import type { DragItem } from './drag/drag-item'
import { DragOverlay, GRIP } from './drag/drag-overlay'
import { dropMeaning } from './drag/drop-meaning'
import { useDragSource } from './drag/use-drag-source'
import { useDropActions } from './drag/use-drop-actions'
import { LeftPanel } from './left-panel'
import { SchemaTree } from './schema-tree'

export function DataMode() {
  return (
    <ReactFlowProvider>
      <DataModeProvider>
        <DataModeInside />
      </DataModeProvider>
    </ReactFlowProvider>
  )
}

function DataModeInside() {
  const session = useSession()
  const edit = useEdit()
  const flow = useReactFlow()
  const store = useDataModeStore()
  const { run } = useDropActions()
  useChoiceInAddress()

  const onDrop = useCallback(
    ({ x, y, meaning }: Drag) => {
      if (meaning === null) return
      if (meaning.kind === 'refused') return session.refuse(meaning.reason)
      const [first, ...others] = meaning.choices
      if (others.length > 0)
        return store.setState({ dialog: { kind: 'choose', at: { x, y }, choices: meaning.choices } })
      const at = flow.screenToFlowPosition({ x, y })
      if (first) run(first.choice, { x: Math.round(at.x - GRIP.x), y: Math.round(at.y - GRIP.y) })
    },
    [session, store, flow, run],
  )
  const begin = useDragSource(onDrop)

  const add = useCallback(
    (item: DragItem) => {
      const meaning = dropMeaning(session.project.getState().history.project, item, { kind: 'canvas' })
      if (meaning.kind === 'refused') return session.refuse(meaning.reason)
      const [first] = meaning.choices
      if (first) run(first.choice)
    },
    [session, run],
  )

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

  return (
    <>
      <ModeLayout
        title="Data"
        left={<LeftPanel schema={<SchemaTree onAdd={add} onAddAll={addAll} onDragStart={begin} />} />}
        centre={<DataCanvas />}
        right={<Inspector onAdd={(entity) => add({ kind: 'table', entity })} />}
      />
      <DragOverlay />
      <DataDialogs />
    </>
  )
}
