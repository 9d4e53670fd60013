/** The one place where the model becomes nodes and edges of the canvas, and moves on the canvas become edits. */
import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react'
import { CARD_WIDTH, cardHeight } from '@/designer/model/card-layout'
import type { Moves } from '@/designer/model/operations/layout'
import { inOrder } from '@/designer/model/operations/order'
import type { FlowNode, LocalEntity, Placement, Project } from '@/designer/model/project'
import { defaultLayout, type FlowGraph, LANES } from '@/designer/patterns'
import { type CardBox, type Point, type Reference, routeReferences } from './route-references'

export type EntityNode = Node<{ readonly entity: string }, 'entity'>
export type ForeignKeyEdge = Edge<ForeignKeyData, 'foreign-key'>

export interface ForeignKeyData extends Record<string, unknown> {
  readonly name: string
  /** Lines of the two cards that the edge joins; -1 where the attribute is not on the device. */
  readonly fromRow: number
  readonly toRow: number
  /** False where an attribute of the reference is not on the device. */
  readonly whole: boolean
  /** The corners of its way; set as soon as the cards have their places. */
  readonly route?: readonly Point[]
}

export const CARD_HEADER_PX = 44
export const CARD_ROW_PX = 28
/** Cards show as many attributes as this; of longer ones the last line says how many more there are. */
export const CARD_MOST_ROWS = 14

/** The cards, where each that did not change is the very same object as before. */
export function entityNodes(
  localEntities: Readonly<Record<string, LocalEntity>>,
  places: Readonly<Record<string, Placement>>,
  selected: ReadonlySet<string>,
  before: readonly EntityNode[],
): EntityNode[] {
  const known = new Map(before.map((node) => [node.id, node]))
  return Object.values(localEntities).map((entity) => {
    const { x, y } = places[entity.id] ?? { x: 0, y: 0 }
    const height = cardHeight(Object.keys(entity.attributes).length)
    const isSelected = selected.has(entity.id)
    const old = known.get(entity.id)
    const same =
      old && old.position.x === x && old.position.y === y && old.height === height && old.selected === isSelected
    if (same) return old
    return {
      id: entity.id,
      type: 'entity',
      data: old?.data ?? { entity: entity.id },
      position: { x, y },
      width: CARD_WIDTH,
      height,
      // Known beforehand, so a card outside of the view counts and moves like any other.
      measured: { width: CARD_WIDTH, height },
      handles: cardHandles(height),
      selected: isSelected,
      ariaRole: 'group',
    }
  })
}

/** A reference between two cards for each foreign key whose both tables are on the canvas. */
export function foreignKeyEdges({
  localEntities,
  serverEntities,
}: Pick<Project, 'localEntities' | 'serverEntities'>): ForeignKeyEdge[] {
  const localsByRoot = new Map<string, LocalEntity[]>()
  for (const entity of Object.values(localEntities)) {
    localsByRoot.set(entity.root, [...(localsByRoot.get(entity.root) ?? []), entity])
  }
  return Object.values(localEntities).flatMap((entity) =>
    Object.values(serverEntities[entity.root]?.foreignKeys ?? {}).flatMap((foreignKey) =>
      (localsByRoot.get(foreignKey.entity) ?? []).map((target): ForeignKeyEdge => {
        const fromRow = rowOf(entity, foreignKey.attributes[0])
        const toRow = rowOf(target, foreignKey.referencedAttributes[0])
        const whole =
          foreignKey.attributes.every((id) => rowOf(entity, id) >= 0) &&
          foreignKey.referencedAttributes.every((id) => rowOf(target, id) >= 0)
        return {
          id: `${entity.id}/${foreignKey.id}/${target.id}`,
          type: 'foreign-key',
          source: entity.id,
          target: target.id,
          data: { name: foreignKey.name, fromRow, toRow, whole },
          ariaLabel: `${entity.name} refers to ${target.name}${whole ? '' : '; an attribute of it is not on the device'}`,
          focusable: false,
          selectable: false,
        }
      }),
    ),
  )
}

/** The references with their ways around the cards; one whose way stays the same is the very same object as before. */
export function routedEdges(
  edges: readonly ForeignKeyEdge[],
  nodes: readonly EntityNode[],
  before: readonly ForeignKeyEdge[],
): ForeignKeyEdge[] {
  const boxes = nodes.map(
    ({ id, position, height }): CardBox => ({ id, ...position, width: CARD_WIDTH, height: height ?? 0 }),
  )
  const references = edges.map(
    ({ id, source, target, data }): Reference => ({
      id,
      source,
      target,
      sourceOffset: rowCentre(data?.fromRow ?? -1),
      targetOffset: rowCentre(data?.toRow ?? -1),
    }),
  )
  const routes = routeReferences(references, boxes, !nodes.some(({ dragging }) => dragging))
  const known = new Map(before.map((edge) => [edge.id, edge]))
  return edges.map((edge) => {
    const route = routes.get(edge.id)
    const old = known.get(edge.id)
    if (!edge.data || !route) return edge
    const data = { ...edge.data, route }
    return old && JSON.stringify(old.data) === JSON.stringify(data) ? old : { ...edge, data }
  })
}

/** The height within a card at which an edge meets the line of an attribute. */
export function rowCentre(row: number): number {
  if (row < 0) return CARD_HEADER_PX / 2
  return CARD_HEADER_PX + CARD_ROW_PX * Math.min(row, CARD_MOST_ROWS - 1) + CARD_ROW_PX / 2
}

export function movesOf(nodes: readonly Pick<Node, 'id' | 'position'>[]): Moves {
  return Object.fromEntries(
    nodes.map(({ id, position }) => [id, { x: Math.round(position.x), y: Math.round(position.y) }]),
  )
}

// ── Flows ───────────────────────────────────────────────────────────────────────────────────────

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

function rowOf(entity: LocalEntity, serverAttribute: string | undefined): number {
  return inOrder(entity.attributes).findIndex(
    ([, { source }]) => source.kind === 'root' && source.attribute === serverAttribute,
  )
}

/** Declared, so that edges need not wait until the card was measured. */
function cardHandles(height: number): NodeHandle[] {
  const y = height / 2
  return [
    { type: 'source', position: Position.Right, x: CARD_WIDTH, y, width: 1, height: 1 },
    { type: 'target', position: Position.Left, x: 0, y, width: 1, height: 1 },
  ]
}
