import type { NodeChange } from '@xyflow/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { moveCards, moveNotes } from '@/designer/model/operations/layout'
import { counted } from '@/designer/panels/ui/format'
import type { Selection } from '@/designer/stores/selection'
import { useEdit, useProject, useSelection, useSession } from '@/designer/stores/session'
import {
  afterMoves,
  type DataNode,
  type DataParts,
  dataNodes,
  movesOf,
  noteNodeId,
  type Selected,
} from './data-mapping'

/** The nodes of the canvas: made of the project, moved by hand in between, and written back as one edit a drag. */
export function useDataNodes() {
  const session = useSession()
  const edit = useEdit()
  const parts = useDataParts()
  const selected = useSelected()
  const dragging = useRef(false)
  const [nodes, setNodes] = useState<DataNode[]>(() => dataNodes(parts, selected, []))
  const latest = useRef({ nodes, parts, selected })
  useEffect(() => {
    latest.current = { nodes, parts, selected }
  })
  useEffect(() => {
    if (!dragging.current) setNodes((before) => dataNodes(parts, selected, before))
  }, [parts, selected])

  /** Writes down all that lies elsewhere than the project says. */
  const commit = useCallback(
    (now: readonly DataNode[], coalesce?: string) => {
      const { localEntities, layout } = session.project.getState().history.project
      const apart = (node: DataNode, place: { readonly x: number; readonly y: number } | undefined) =>
        Math.round(node.position.x) !== place?.x || Math.round(node.position.y) !== place?.y
      const cards = now.filter((node) => node.type === 'entity' && apart(node, layout.data[node.id]))
      const notes = now.flatMap((node) =>
        node.type === 'note' && apart(node, layout.notes[node.data.note]) ? [{ ...node, id: node.data.note }] : [],
      )
      const [only] = cards
      if (cards.length + notes.length === 0) return
      const what =
        cards.length + notes.length > 1
          ? counted(cards.length + notes.length, 'card')
          : only
            ? `“${localEntities[only.id]?.name}”`
            : 'a note'
      edit(
        `Move ${what}`,
        (draft) => {
          moveNotes(draft, movesOf(notes))
          return moveCards(draft, movesOf(cards))
        },
        coalesce ? { coalesce } : {},
      )
    },
    [session, edit],
  )

  const onNodesChange = useCallback(
    (changes: NodeChange<DataNode>[]) => {
      const selects = changes.filter((change) => change.type === 'select')
      if (selects.length > 0) {
        const next = selectionAfter(session.selection.getState().selection, selects)
        if (next) session.selection.select(next)
      }
      const moves = changes.filter((change) => change.type === 'position')
      const sizes = changes.filter((change) => change.type === 'dimensions' && change.resizing !== undefined)
      if (moves.length === 0 && sizes.length === 0) return
      const moved = new Map(moves.flatMap(({ id, position }) => (position ? [[id, position] as const] : [])))
      const { groups } = latest.current.parts
      const next = sized(afterMoves(latest.current.nodes, moved, groups, dragging.current), sizes)
      latest.current = { ...latest.current, nodes: next }
      setNodes(next)
      // Without a drag under way these are the arrow keys, of which a run is one step to undo.
      if (moved.size > 0 && sizes.length === 0 && !dragging.current) commit(next, `arrows:${[...moved.keys()].join()}`)
    },
    [session, commit],
  )

  const onDragStart = useCallback(() => {
    dragging.current = true
  }, [])
  const onDragStop = useCallback(() => {
    dragging.current = false
    commit(latest.current.nodes)
    // Where nothing was written down, as after a drag back to the start, the project tells nobody.
    setNodes((before) => dataNodes(latest.current.parts, latest.current.selected, before))
  }, [commit])

  return { nodes, onNodesChange, onDragStart, onDragStop }
}

function useDataParts(): DataParts {
  const localEntities = useProject((project) => project.localEntities)
  const groups = useProject((project) => project.groups)
  const notes = useProject((project) => project.notes)
  const places = useProject((project) => project.layout.data)
  const notePlaces = useProject((project) => project.layout.notes)
  return useMemo(
    () => ({ localEntities, groups, notes, places, notePlaces }),
    [localEntities, groups, notes, places, notePlaces],
  )
}

function useSelected(): Selected {
  const selection = useSelection((s) => s)
  const key = selection.kind === 'local-attribute' ? selection.entity : null
  const ids = selection.kind === 'local-entities' ? selection.ids : null
  const note = selection.kind === 'note' ? selection.id : null
  return useMemo(() => ({ entities: new Set(key === null ? ids : [key]), note }), [key, ids, note])
}

/** What is selected after React Flow has marked nodes; a note is selected alone, and gives way to cards. */
function selectionAfter(
  before: Selection,
  changes: readonly { readonly id: string; readonly selected: boolean }[],
): Selection | null {
  const isNote = ({ id }: { readonly id: string }) => id.startsWith(noteNodeId(''))
  const cards = changes.filter((change) => !isNote(change))
  const note = changes.find((change) => isNote(change) && change.selected)
  const inside = before.kind === 'local-attribute' ? [before.entity] : []
  const ids = new Set(before.kind === 'local-entities' ? before.ids : inside)
  for (const { id, selected } of cards) {
    if (selected) ids.add(id)
    else ids.delete(id)
  }
  if (note && !cards.some(({ selected }) => selected)) return { kind: 'note', id: note.id.slice(noteNodeId('').length) }
  if (before.kind === 'note' && cards.every(({ selected }) => !selected)) return { kind: 'none' }
  // The card around a selected attribute is marked already.
  if (before.kind === 'local-attribute' && ids.size === 1 && ids.has(before.entity)) return null
  return ids.size > 0 ? { kind: 'local-entities', ids: [...ids] } : { kind: 'none' }
}

function sized(nodes: DataNode[], changes: readonly NodeChange<DataNode>[]): DataNode[] {
  const sizes = new Map(
    changes.flatMap((change) =>
      change.type === 'dimensions' && change.dimensions ? [[change.id, change.dimensions] as const] : [],
    ),
  )
  if (sizes.size === 0) return nodes
  return nodes.map((node) => {
    const size = sizes.get(node.id)
    return size && node.type === 'note' ? { ...node, ...size, measured: size } : node
  })
}
