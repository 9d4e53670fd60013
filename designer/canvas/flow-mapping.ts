/** Where a unit's flow becomes nodes and edges of the canvas; its cards' counterpart is `data-mapping.ts`. */
import { type Edge, type Node, Position } from '@xyflow/react'
import type { FlowNode, Placement } from '@/designer/model/project'
import { defaultLayout, type FlowGraph, LANES } from '@/designer/patterns'

export type StepNode = Node<{ readonly step: FlowNode; readonly unit: string }, 'step'>
export type LaneNode = Node<{ readonly lane: FlowNode['lane'] }, 'lane'>
export type UnitFlowNode = StepNode | LaneNode

export const STEP_WIDTH = 200
export const STEP_HEIGHT = 80
const LANE_PADDING_X = 24

const port = (type: 'source' | 'target', id: string, position: Position, x: number, y: number) => ({
  id,
  type,
  position,
  x,
  y,
})

/** Where wires meet a step: its path left and right, the request and its answer above and below. */
export const STEP_PORTS = [
  port('source', 'right', Position.Right, STEP_WIDTH, STEP_HEIGHT / 2),
  port('target', 'left', Position.Left, 0, STEP_HEIGHT / 2),
  port('source', 'down', Position.Bottom, STEP_WIDTH * 0.35, STEP_HEIGHT),
  port('target', 'from-above', Position.Top, STEP_WIDTH * 0.35, 0),
  port('source', 'up', Position.Top, STEP_WIDTH * 0.65, 0),
  port('target', 'from-below', Position.Bottom, STEP_WIDTH * 0.65, STEP_HEIGHT),
] as const

/** A unit's flow: a band for each lane, and on it the steps where the user or the layout has put them. */
export function unitFlowNodes(
  unit: string,
  graph: FlowGraph,
  places: Readonly<Record<string, Placement>>,
  selected: string | null,
): UnitFlowNode[] {
  const defaults = defaultLayout(graph)
  const steps = graph.nodes.map((step): StepNode => {
    const { x, y } = places[step.id] ?? defaults[step.id] ?? { x: 0, y: 0 }
    return {
      id: step.id,
      type: 'step',
      data: { step, unit },
      position: { x, y },
      width: STEP_WIDTH,
      height: STEP_HEIGHT,
      measured: { width: STEP_WIDTH, height: STEP_HEIGHT },
      handles: STEP_PORTS.map((port) => ({ ...port, width: 1, height: 1 })),
      selected: selected === step.id,
      zIndex: 1,
    }
  })
  return [...laneNodes(steps), ...steps]
}

/** Bands that are wide and high enough for every step, however far one was dragged. */
function laneNodes(steps: readonly StepNode[]): LaneNode[] {
  const xs = steps.map(({ position }) => position.x)
  const left = Math.min(0, ...xs) - LANE_PADDING_X
  const right = Math.max(720, ...xs.map((x) => x + STEP_WIDTH)) + LANE_PADDING_X
  return (['device', 'server'] as const).map(
    (lane): LaneNode => ({
      id: `lane-${lane}`,
      type: 'lane',
      data: { lane },
      position: { x: left, y: LANES[lane].y },
      width: right - left,
      height: LANES[lane].height,
      draggable: false,
      selectable: false,
      focusable: false,
      zIndex: -1,
    }),
  )
}

export type WireEdge = Edge<{ readonly crossing: boolean }, 'wire'>

export function unitFlowEdges(graph: FlowGraph): WireEdge[] {
  const laneOf = new Map(graph.nodes.map(({ id, lane }) => [id, lane]))
  return graph.edges.map(({ id, from, to }) => {
    const crossing = laneOf.get(from.node) !== laneOf.get(to.node)
    const answer = crossing && laneOf.get(from.node) === 'server'
    return {
      id,
      type: 'wire',
      source: from.node,
      target: to.node,
      sourceHandle: crossing ? (answer ? 'up' : 'down') : 'right',
      targetHandle: crossing ? (answer ? 'from-below' : 'from-above') : 'left',
      data: { crossing },
      label: crossing ? (answer ? 'answer' : 'request') : undefined,
      focusable: false,
      selectable: false,
    }
  })
}
