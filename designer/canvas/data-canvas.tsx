import { Background, BackgroundVariant, Panel, ReactFlow, useReactFlow } from '@xyflow/react'
import { LoaderCircle, MousePointer2 } from 'lucide-react'
import { type MouseEvent, memo, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react'
import { usePanels, useProject, useSession } from '@/designer/stores/session'
import { CanvasControls } from './canvas-controls'
import { type DataNode, foreignKeyEdges } from './data-mapping'
import { EntityNodeView } from './entity-node/entity-node'
import { useExportPicture } from './export-svg/use-export-picture'
import { ForeignKeyEdgeView } from './foreign-key-edge'
import { FrameNodeView } from './frame-node'
import { useArrange } from './layout/use-arrange'
import { CanvasMenu } from './menu/canvas-menu'
import { NoteNodeView } from './note-node'
import { openingView } from './opening-view'
import { useCanvasActions } from './use-canvas-actions'
import { useCanvasCommands } from './use-canvas-commands'
import { useCanvasKeys } from './use-canvas-keys'
import { useDataNodes } from './use-data-nodes'
import { LevelOfDetailContext, useCanvasDetail, useLod } from './use-lod'
import { useRoutedEdges } from './use-routed-edges'

const NODE_TYPES = { entity: EntityNodeView, frame: FrameNodeView, note: NoteNodeView }
const EDGE_TYPES = { 'foreign-key': ForeignKeyEdgeView }
/** From here on cards outside of the view are not kept in the page. */
const MANY_CARDS = 60
/** From here on one may lose one's way. */
const MINIMAP_CARDS = 10
const FIT_PADDING = 0.08
const SEVERAL: string[] = ['Meta', 'Control', 'Shift']

/** The local entities and how they refer to each other. */
export function DataCanvas() {
  const { panels } = useSession()
  const { lod, names } = useCanvasDetail()
  const area = useRef<HTMLDivElement>(null)
  const actions = useCanvasActions()
  const arranging = useArrange()
  const exportPicture = useExportPicture()
  const addEntities = useCallback(() => panels.setState({ picker: true }), [panels])
  useCanvasCommands({ actions, arrange: arranging.run, exportPicture })
  const onKeys = useCanvasKeys(actions)
  const isEmpty = useProject(
    ({ localEntities, notes }) => Object.keys(localEntities).length + Object.keys(notes).length === 0,
  )
  return (
    <CanvasMenu>
      <div
        ref={area}
        className="canvas"
        data-lod={lod}
        data-names={names}
        data-drop-area="data"
        onKeyDownCapture={onKeys}
      >
        <LevelOfDetailContext value={lod}>
          <CardsFlow area={area} arrange={arranging.run} cancelArranging={arranging.cancel} />
        </LevelOfDetailContext>
        {isEmpty && <EmptyCanvas addEntities={addEntities} />}
      </div>
    </CanvasMenu>
  )
}

interface CardsFlowProps {
  readonly area: RefObject<HTMLDivElement | null>
  readonly arrange: () => void
  readonly cancelArranging: (() => void) | null
}

/** Drawn anew with each step of a drag, so nothing that does not move with it is in here. */
const CardsFlow = memo(function CardsFlow({ area, arrange, cancelArranging }: CardsFlowProps) {
  const { selection } = useSession()
  const localEntities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const { nodes, onNodesChange, onDragStart, onDragStop } = useDataNodes()
  const references = useMemo(() => foreignKeyEdges({ localEntities, serverEntities }), [localEntities, serverEntities])
  const edges = useRoutedEdges(references, nodes)
  useReveal(nodes)

  const onNodeClick = useCallback(
    (event: MouseEvent, node: DataNode) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return
      if (node.type === 'frame') return selection.select({ kind: 'group', id: node.data.group })
      if (node.type !== 'entity') return
      const attribute = event.target.closest<HTMLElement>('[data-attribute-id]')?.dataset.attributeId
      selection.select(
        attribute === undefined
          ? { kind: 'local-entities', ids: [node.id] }
          : { kind: 'local-attribute', entity: node.id, id: attribute },
      )
    },
    [selection],
  )
  const onPaneClick = useCallback(() => selection.select({ kind: 'none' }), [selection])

  const cards = Object.keys(localEntities).length
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onNodeDragStart={onDragStart}
      onNodeDragStop={onDragStop}
      onSelectionDragStart={onDragStart}
      onSelectionDragStop={onDragStop}
      onNodeClick={onNodeClick}
      onPaneClick={onPaneClick}
      onlyRenderVisibleElements={cards > MANY_CARDS}
      elevateNodesOnSelect={false}
      nodesConnectable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      multiSelectionKeyCode={SEVERAL}
      zoomOnDoubleClick={false}
      minZoom={0.05}
      maxZoom={2}
      onInit={({ setViewport }) => {
        // An empty canvas stays as it is, so that the first table lies where it was let go.
        const view = area.current && openingView(nodes, area.current.getBoundingClientRect())
        if (view) void setViewport(view)
      }}
      aria-label="Local entities"
    >
      <Dots />
      <CanvasControls minimap={cards > MINIMAP_CARDS} arrange={cards > 0 ? arrange : null} />
      {cancelArranging && <Arranging cancel={cancelArranging} />}
    </ReactFlow>
  )
})

/** From afar there would be a dot every second pixel, which is grey to look at and slow to draw. */
function Dots() {
  return useLod() === 'far' ? null : <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
}

/** Brings into view what the rest of the workbench asks for. */
function useReveal(nodes: readonly DataNode[]): void {
  const flow = useReactFlow()
  const reveal = usePanels((state) => state.reveal)
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
}

function Arranging({ cancel }: { readonly cancel: () => void }) {
  return (
    <Panel position="top-center" className="card flex items-center gap-2 py-1 pr-1 pl-3" role="status">
      <LoaderCircle size={14} className="animate-spin text-ink-muted" aria-hidden />
      Arranging the cards
      <button type="button" className="btn btn-ghost btn-sm" onClick={cancel}>
        Cancel
      </button>
    </Panel>
  )
}

function EmptyCanvas({ addEntities }: { readonly addEntities: () => void }) {
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
      {hasTables && (
        <button type="button" className="btn pointer-events-auto" onClick={addEntities}>
          Choose tables
        </button>
      )}
    </div>
  )
}
