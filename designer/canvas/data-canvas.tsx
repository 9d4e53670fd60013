import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react'
import { MousePointer2 } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { moveCards } from '@/designer/model/operations/layout'
import { counted } from '@/designer/panels/ui/format'
import { useEdit, usePanels, useProject, useSelection, useSession } from '@/designer/stores/session'
import { CanvasControls } from './canvas-controls'
import { EntityNodeView } from './entity-node/entity-node'
import { type EntityNode, entityNodes, foreignKeyEdges, movesOf } from './flow-mapping'
import { ForeignKeyEdgeView } from './foreign-key-edge'
import { openingView } from './opening-view'
import { useLevelOfDetail } from './use-lod'
import { useRoutedEdges } from './use-routed-edges'

const NODE_TYPES = { entity: EntityNodeView }
const EDGE_TYPES = { 'foreign-key': ForeignKeyEdgeView }
const NO_IDS: readonly string[] = []
/** From here on cards outside of the view are not kept in the page. */
const MANY_CARDS = 60
/** From here on one may lose one's way. */
const MINIMAP_CARDS = 10
const FIT_PADDING = 0.08

/** The local entities and how they refer to each other. */
export function DataCanvas({ receiving }: { readonly receiving: boolean }) {
  const session = useSession()
  const edit = useEdit()
  const flow = useReactFlow()
  const localEntities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const places = useProject((project) => project.layout.data)
  const selectedIds = useSelection((s) => (s.kind === 'local-entities' ? s.ids : NO_IDS))
  const reveal = usePanels((state) => state.reveal)
  const lod = useLevelOfDetail()
  const dragging = useRef(false)
  const area = useRef<HTMLDivElement>(null)

  const [nodes, setNodes] = useState<EntityNode[]>(() => entityNodes(localEntities, places, new Set(selectedIds), []))
  useEffect(() => {
    if (!dragging.current) setNodes((before) => entityNodes(localEntities, places, new Set(selectedIds), before))
  }, [localEntities, places, selectedIds])
  const references = useMemo(() => foreignKeyEdges({ localEntities, serverEntities }), [localEntities, serverEntities])
  const edges = useRoutedEdges(references, nodes)

  const isThere = reveal !== null && nodes.some(({ id }) => id === reveal.id)
  useEffect(() => {
    if (!reveal || !isThere) return
    // The canvas takes in a new card after this; then it can be fitted too.
    const frame = requestAnimationFrame(() => {
      const only = reveal.among === 'all' ? {} : { nodes: [{ id: reveal.id }] }
      void flow.fitView({ ...only, duration: 180, maxZoom: 1, padding: only.nodes ? 0.4 : FIT_PADDING })
    })
    return () => cancelAnimationFrame(frame)
  }, [reveal, isThere, flow])

  const commit = useCallback(
    (moved: readonly Pick<EntityNode, 'id' | 'position'>[], coalesce?: string) => {
      const { project } = session.project.getState().history
      const [only] = moved
      const what =
        moved.length === 1 && only ? `“${project.localEntities[only.id]?.name}”` : counted(moved.length, 'card')
      edit(`Move ${what}`, (draft) => moveCards(draft, movesOf(moved)), coalesce ? { coalesce } : {})
    },
    [session, edit],
  )

  const onNodesChange = useCallback(
    (changes: NodeChange<EntityNode>[]) => {
      const selects = changes.filter((change) => change.type === 'select')
      if (selects.length > 0) {
        const { selection } = session.selection.getState()
        const ids = new Set(selection.kind === 'local-entities' ? selection.ids : [])
        for (const { id, selected } of selects) {
          if (selected) ids.add(id)
          else ids.delete(id)
        }
        session.selection.select(ids.size > 0 ? { kind: 'local-entities', ids: [...ids] } : { kind: 'none' })
      }
      const moves = changes.filter((change) => change.type === 'position')
      // Without a drag under way these are the arrow keys, of which a run is one step to undo.
      if (moves.length > 0 && !dragging.current) {
        const moved = moves.flatMap(({ id, position }) => (position ? [{ id, position }] : []))
        if (moved.length > 0) commit(moved, `arrows:${moved.map(({ id }) => id).join()}`)
      }
      setNodes((before) =>
        applyNodeChanges(
          changes.filter(({ type }) => type === 'position'),
          before,
        ),
      )
    },
    [session, commit],
  )
  const onDragStart = () => {
    dragging.current = true
  }
  const endDrag = (moved: readonly EntityNode[]) => {
    dragging.current = false
    commit(moved)
  }

  const isEmpty = nodes.length === 0
  return (
    <div ref={area} className="canvas" data-lod={lod} data-drop-area="data" data-receiving={receiving ? '' : undefined}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onNodeDragStart={onDragStart}
        onNodeDragStop={(_event, _node, moved) => endDrag(moved)}
        onSelectionDragStart={onDragStart}
        onSelectionDragStop={(_event, moved) => endDrag(moved)}
        onPaneClick={() => session.selection.select({ kind: 'none' })}
        onlyRenderVisibleElements={nodes.length > MANY_CARDS}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        multiSelectionKeyCode={['Meta', 'Control', 'Shift']}
        minZoom={0.05}
        maxZoom={2}
        onInit={({ setViewport }) => {
          // An empty canvas stays as it is, so that the first table lies where it was let go.
          const view = area.current && openingView(nodes, area.current.getBoundingClientRect())
          if (view) void setViewport(view)
        }}
        aria-label="Local entities"
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
        <CanvasControls minimap={nodes.length > MINIMAP_CARDS} />
      </ReactFlow>
      {isEmpty && <EmptyCanvas />}
    </div>
  )
}

function EmptyCanvas() {
  const hasTables = useProject((project) => Object.keys(project.serverEntities).length > 0)
  return (
    <div className="empty-state pointer-events-none absolute inset-0">
      <MousePointer2 aria-hidden />
      <h2>{hasTables ? 'Drag a table here' : 'The device’s tables go here'}</h2>
      <p>
        {hasTables
          ? 'It becomes a local entity: the part of the table that each device keeps and syncs. Enter on a table does the same.'
          : 'Import a schema first; then choose which of its tables each device keeps.'}
      </p>
    </div>
  )
}
