import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type NodeChange,
  type OnNodeDrag,
  ReactFlow,
} from '@xyflow/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { moveFlowNodes } from '@/designer/model/operations/layout'
import type { Placement } from '@/designer/model/project'
import { expandUnitFlow } from '@/designer/patterns'
import { useEdit, useProject, useSelection, useSession } from '@/designer/stores/session'
import { CanvasControls } from './canvas-controls'
import { movesOf } from './data-mapping'
import { type StepNode, type UnitFlowNode, unitFlowEdges, unitFlowNodes } from './flow-mapping'
import { LaneNodeView, StepNodeView } from './flow-node/step-node'
import { STEP_SIGNS } from './flow-node/step-signs'
import { WireEdgeView, WireTips } from './wire-edge'

const NODE_TYPES = { step: StepNodeView, lane: LaneNodeView }
const EDGE_TYPES = { wire: WireEdgeView }
const NO_PLACES: Readonly<Record<string, Placement>> = {}

/** The flow of one sync unit: what the device does, what the server does, and the request between them. */
export function FlowCanvas({ unit }: { readonly unit: string }) {
  const session = useSession()
  const edit = useEdit()
  const graph = useUnitFlow(unit)
  const flowId = useProject((project) => project.syncUnits[unit]?.flow ?? '')
  const places = useProject((project) => project.layout.flows[flowId] ?? NO_PLACES)
  const selected = useSelection((s) => (s.kind === 'flow-node' && s.unit === unit ? s.node : null))
  const dragging = useRef(false)

  const [nodes, setNodes] = useState<UnitFlowNode[]>(() => unitFlowNodes(unit, graph, places, selected))
  useEffect(() => {
    if (!dragging.current) setNodes(unitFlowNodes(unit, graph, places, selected))
  }, [unit, graph, places, selected])
  const edges = useMemo(() => unitFlowEdges(graph), [graph])

  const commit = (moved: readonly Pick<UnitFlowNode, 'id' | 'position'>[], coalesce?: string) => {
    const step = graph.nodes.find(({ id }) => id === moved[0]?.id)
    if (!step) return
    const steps = moved.filter(({ id }) => graph.nodes.some((node) => node.id === id))
    edit(
      `Move “${STEP_SIGNS[step.kind].title}”`,
      (draft) => moveFlowNodes(draft, flowId, movesOf(steps)),
      coalesce ? { coalesce } : {},
    )
  }
  const commitLatest = useRef(commit)
  useEffect(() => {
    commitLatest.current = commit
  })

  const onNodesChange = useCallback(
    (changes: NodeChange<UnitFlowNode>[]) => {
      const chosen = changes.find((change) => change.type === 'select' && change.selected)
      if (chosen && 'id' in chosen && !chosen.id.startsWith('lane-')) {
        session.selection.select({ kind: 'flow-node', unit, node: chosen.id })
      }
      const moves = changes.filter((change) => change.type === 'position')
      if (moves.length > 0 && !dragging.current) {
        const moved = moves.flatMap(({ id, position }) => (position ? [{ id, position }] : []))
        if (moved.length > 0) commitLatest.current(moved, `arrows:${unit}:${moved.map(({ id }) => id).join()}`)
      }
      setNodes((before) => applyNodeChanges(moves, before))
    },
    [session, unit],
  )
  const onDragStop: OnNodeDrag<UnitFlowNode> = (_event, _node, moved) => {
    dragging.current = false
    commit(moved.filter((node): node is StepNode => node.type === 'step'))
  }

  return (
    <div className="canvas">
      <WireTips />
      <ReactFlow
        key={unit}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onNodeDragStart={() => {
          dragging.current = true
        }}
        onNodeDragStop={onDragStop}
        onPaneClick={() => session.selection.select({ kind: 'sync-unit', id: unit })}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        minZoom={0.2}
        maxZoom={2}
        fitView
        fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
        aria-label="Flow of the sync unit"
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
        <CanvasControls minimap={false} />
      </ReactFlow>
    </div>
  )
}

/** The unit's graph; made anew only when something that it is made of changed. */
export function useUnitFlow(unit: string) {
  const { project } = useSession()
  const syncUnits = useProject((p) => p.syncUnits)
  const localEntities = useProject((p) => p.localEntities)
  const flows = useProject((p) => p.flows)
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are the parts of the project that the expansion reads.
  return useMemo(
    () => expandUnitFlow(project.getState().history.project, unit),
    [project, unit, syncUnits, localEntities, flows],
  )
}
