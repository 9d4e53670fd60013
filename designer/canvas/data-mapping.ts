/** The one place where local entities, groups and notes become nodes and edges, and moves on the canvas become edits. */
import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react'
import { CARD_MOST_ROWS, CARD_WIDTH, cardHeight } from '@/designer/model/card-layout'
import { cardRows } from '@/designer/model/card-rows'
import type { Moves } from '@/designer/model/operations/layout'
import { NOTE_SIZE } from '@/designer/model/operations/notes'
import type { CardGroup, LocalEntity, Note, Placement, Project } from '@/designer/model/project'
import { type CardBox, type Point, type Reference, routeReferences } from './route-references'

export type EntityNode = Node<{ readonly entity: string }, 'entity'>
export type FrameNode = Node<{ readonly group: string; readonly members: readonly string[] }, 'frame'>
export type NoteNode = Node<{ readonly note: string }, 'note'>
export type DataNode = EntityNode | FrameNode | NoteNode

export type ForeignKeyEdge = Edge<ForeignKeyData, 'foreign-key'>

export interface ForeignKeyData extends Record<string, unknown> {
  readonly name: string
  /** Lines of the two cards that the edge joins; -1 where the attribute is not shown. */
  readonly fromRow: number
  readonly toRow: number
  /** False where an attribute of the reference is not on the device. */
  readonly whole: boolean
  /** Its way; set as soon as the cards have their places. */
  readonly way?: ReferenceWay
}

export interface ReferenceWay {
  /** The corners, from the referring card to the other. */
  readonly corners: readonly Point[]
  /** The cards as they lay then: while one of them is dragged, the edge finds a way of its own. */
  readonly from: CardBox
  readonly to: CardBox
}

export const CARD_HEADER_PX = 44
export const CARD_ROW_PX = 28

export interface DataParts {
  readonly localEntities: Readonly<Record<string, LocalEntity>>
  readonly groups: Readonly<Record<string, CardGroup>>
  readonly notes: Readonly<Record<string, Note>>
  readonly places: Readonly<Record<string, Placement>>
  readonly notePlaces: Readonly<Record<string, Placement>>
}

export const dataParts = ({ localEntities, groups, notes, layout }: Project): DataParts => ({
  localEntities,
  groups,
  notes,
  places: layout.data,
  notePlaces: layout.notes,
})

/** Local entities and notes that are selected; frames are never: else a drag would move their cards twice. */
export interface Selected {
  readonly entities: ReadonlySet<string>
  readonly note: string | null
}

export const NOTHING_SELECTED: Selected = { entities: new Set(), note: null }

/** Frames, cards and notes, where each that did not change is the very same object as before. */
export function dataNodes(parts: DataParts, selected: Selected, before: readonly DataNode[]): DataNode[] {
  const known = new Map(before.map((node) => [node.id, node]))
  const cards = Object.values(parts.localEntities).map((entity) => {
    const height = cardHeight(Object.keys(entity.attributes).length)
    const isSelected = selected.entities.has(entity.id)
    return entityNode(entity.id, parts.places[entity.id] ?? { x: 0, y: 0 }, height, isSelected, known.get(entity.id))
  })
  const notes = Object.values(parts.notes).map((note) =>
    noteNode(note, parts.notePlaces[note.id], selected.note === note.id, known.get(noteNodeId(note.id))),
  )
  return [...frameNodes(parts.groups, cards, known), ...cards, ...notes]
}

function entityNode(
  id: string,
  { x, y }: Point,
  height: number,
  selected: boolean,
  old: DataNode | undefined,
): EntityNode {
  const same =
    old?.type === 'entity' &&
    old.position.x === x &&
    old.position.y === y &&
    old.height === height &&
    old.selected === selected &&
    !old.dragging
  if (same) return old
  return {
    id,
    type: 'entity',
    data: old?.type === 'entity' ? old.data : { entity: id },
    position: { x, y },
    width: CARD_WIDTH,
    height,
    // Known beforehand, so a card outside of the view counts and moves like any other.
    measured: { width: CARD_WIDTH, height },
    handles: cardHandles(height),
    selected,
    ariaRole: 'group',
  }
}

// ── Notes ───────────────────────────────────────────────────────────────────────────────────────

export const noteNodeId = (note: string): string => `note/${note}`

function noteNode({ id }: Note, place: Placement | undefined, selected: boolean, old: DataNode | undefined): NoteNode {
  const { x, y, width, height } = { x: 0, y: 0, ...NOTE_SIZE, ...place }
  const same =
    old?.type === 'note' &&
    old.position.x === x &&
    old.position.y === y &&
    old.width === width &&
    old.height === height &&
    old.selected === selected
  if (same) return old
  return {
    id: noteNodeId(id),
    type: 'note',
    data: old?.type === 'note' ? old.data : { note: id },
    position: { x, y },
    width,
    height,
    measured: { width, height },
    selected,
    zIndex: 1,
    ariaRole: 'note',
  }
}

// ── Frames of groups ────────────────────────────────────────────────────────────────────────────

export const frameNodeId = (group: string): string => `frame/${group}`

/** Around the cards, with room for the label above them. */
const FRAME_PADDING = { side: 20, top: 44, bottom: 20 } as const

/** A frame around each group's cards; it has no place of its own, so it can not be wrong about them. */
export function frameNodes(
  groups: Readonly<Record<string, CardGroup>>,
  cards: readonly EntityNode[],
  known: ReadonlyMap<string, DataNode>,
): FrameNode[] {
  if (Object.keys(groups).length === 0) return []
  const byId = new Map(cards.map((card) => [card.id, card]))
  return Object.values(groups).flatMap((group): FrameNode[] => {
    const members = Object.keys(group.entities).filter((id) => byId.has(id))
    const box = boundsOf(members.flatMap((id) => byId.get(id) ?? []))
    if (box === null) return []
    const id = frameNodeId(group.id)
    const position = { x: box.x - FRAME_PADDING.side, y: box.y - FRAME_PADDING.top }
    const width = box.width + 2 * FRAME_PADDING.side
    const height = box.height + FRAME_PADDING.top + FRAME_PADDING.bottom
    const old = known.get(id)
    const same =
      old?.type === 'frame' &&
      old.position.x === position.x &&
      old.position.y === position.y &&
      old.width === width &&
      old.height === height &&
      old.data.members.join() === members.join()
    if (same) return [old]
    const data = { group: group.id, members }
    const base = { id, type: 'frame', data, position, width, height, measured: { width, height } } as const
    return [{ ...base, selectable: false, focusable: false, zIndex: -1, dragHandle: '.frame-label' }]
  })
}

export interface Box extends Point {
  readonly width: number
  readonly height: number
}

export function boundsOf(nodes: readonly DataNode[]): Box | null {
  if (nodes.length === 0) return null
  const x = Math.min(...nodes.map(({ position }) => position.x))
  const y = Math.min(...nodes.map(({ position }) => position.y))
  return {
    x,
    y,
    width: Math.max(...nodes.map((node) => node.position.x + (node.width ?? 0))) - x,
    height: Math.max(...nodes.map((node) => node.position.y + (node.height ?? 0))) - y,
  }
}

/** A frame that was moved takes its cards with it, and every frame stays around its cards. */
export function afterMoves(
  nodes: readonly DataNode[],
  moved: ReadonlyMap<string, Point>,
  groups: Readonly<Record<string, CardGroup>>,
  dragging: boolean,
): DataNode[] {
  const shifts = new Map<string, Point>()
  for (const node of nodes) {
    const to = node.type === 'frame' ? moved.get(node.id) : undefined
    if (!to || node.type !== 'frame') continue
    const by = { x: to.x - node.position.x, y: to.y - node.position.y }
    for (const member of node.data.members) if (!moved.has(member)) shifts.set(member, by)
  }
  const next = nodes.map((node): DataNode => {
    if (node.type === 'frame') return node
    const by = shifts.get(node.id)
    const position = moved.get(node.id) ?? (by && { x: node.position.x + by.x, y: node.position.y + by.y })
    return position ? { ...node, position, dragging } : node
  })
  const known = new Map(nodes.map((node) => [node.id, node]))
  const cards = next.filter((node) => node.type === 'entity')
  return [...frameNodes(groups, cards, known), ...next.filter((node) => node.type !== 'frame')]
}

// ── References ──────────────────────────────────────────────────────────────────────────────────

/** A reference between two cards for each foreign key whose both tables are on the canvas. */
export function foreignKeyEdges({
  localEntities,
  serverEntities,
}: Pick<Project, 'localEntities' | 'serverEntities'>): ForeignKeyEdge[] {
  const localsByRoot = new Map<string, LocalEntity[]>()
  const rows = new Map<string, AttributeLines>()
  for (const entity of Object.values(localEntities)) {
    localsByRoot.set(entity.root, [...(localsByRoot.get(entity.root) ?? []), entity])
    rows.set(entity.id, attributeLines(entity, serverEntities))
  }
  return Object.values(localEntities).flatMap((entity) =>
    Object.values(serverEntities[entity.root]?.foreignKeys ?? {}).flatMap((foreignKey) =>
      (localsByRoot.get(foreignKey.entity) ?? []).map((target): ForeignKeyEdge => {
        const [from, to] = [rows.get(entity.id), rows.get(target.id)]
        const whole =
          foreignKey.attributes.every((id) => from?.has(id)) &&
          foreignKey.referencedAttributes.every((id) => to?.has(id))
        return {
          id: `${entity.id}/${foreignKey.id}/${target.id}`,
          type: 'foreign-key',
          source: entity.id,
          target: target.id,
          data: {
            name: foreignKey.name,
            fromRow: from?.get(foreignKey.attributes[0] ?? '') ?? -1,
            toRow: to?.get(foreignKey.referencedAttributes[0] ?? '') ?? -1,
            whole,
          },
          ariaLabel: `${entity.name} refers to ${target.name}${whole ? '' : '; an attribute of it is not on the device'}`,
          focusable: false,
          selectable: false,
        }
      }),
    ),
  )
}

/** Server attributes that are on the device, each with its line on the card; the last line for those left out. */
type AttributeLines = ReadonlyMap<string, number>

function attributeLines(entity: LocalEntity, serverEntities: Project['serverEntities']): AttributeLines {
  const { shown, hidden } = cardRows(entity, serverEntities[entity.root])
  const lines = new Map<string, number>()
  for (const [line, { source }] of shown.entries()) if (source.kind === 'root') lines.set(source.attribute, line)
  for (const { source } of hidden) if (source.kind === 'root') lines.set(source.attribute, CARD_MOST_ROWS - 1)
  return lines
}

/** The references with their ways around the cards; one whose way stays the same is the very same object as before. */
export function routedEdges(
  edges: readonly ForeignKeyEdge[],
  nodes: readonly DataNode[],
  before: ReadonlyMap<string, ForeignKeyEdge>,
): ForeignKeyEdge[] {
  const boxes = nodes.flatMap(({ id, type, position, height = 0 }): CardBox[] =>
    type === 'entity' ? [{ id, ...position, width: CARD_WIDTH, height }] : [],
  )
  const boxOf = new Map(boxes.map((box) => [box.id, box]))
  const open = edges.length > MOST_ROUTED_ANEW ? edges.filter(needsWay(boxOf, before)) : edges
  const routes = routeReferences(
    open.map((edge) => referenceOf(edge.source, edge.target, edge.id, edge.data)),
    boxes,
  )
  return edges.map((edge) => {
    const old = before.get(edge.id)
    const corners = routes.get(edge.id) ?? old?.data?.way?.corners
    const [from, to] = [boxOf.get(edge.source), boxOf.get(edge.target)]
    if (!edge.data || !corners || !from || !to) return edge
    const same = old?.data?.way && sameReference(old.data, edge.data) && sameWay(old.data.way, { corners, from, to })
    return same ? old : { ...edge, data: { ...edge.data, way: { corners, from, to } } }
  })
}

/** Of more references only those that a moved card concerns find their ways anew: all of them would be felt. */
const MOST_ROUTED_ANEW = 60

/** Whether a reference's way is missing, begins or ends at a card that has moved, or runs into one. */
function needsWay(boxOf: ReadonlyMap<string, CardBox>, before: ReadonlyMap<string, ForeignKeyEdge>) {
  const lay = new Map(
    [...before.values()]
      .flatMap(({ data }) => (data?.way ? [data.way.from, data.way.to] : []))
      .map((box) => [box.id, box]),
  )
  const moved = [...boxOf.values()].filter((box) => {
    const old = lay.get(box.id)
    return old === undefined || !sameBox(old, box)
  })
  const movedIds = new Set(moved.map(({ id }) => id))
  return (edge: ForeignKeyEdge): boolean => {
    const old = before.get(edge.id)?.data
    if (!old?.way || !edge.data || !sameReference(old, edge.data)) return true
    if (movedIds.has(edge.source) || movedIds.has(edge.target)) return true
    const { corners } = old.way
    return moved.some((box) => runsInto(corners, box))
  }
}

const runsInto = (corners: readonly Point[], { x, y, width, height }: CardBox): boolean =>
  corners.slice(1).some((b, index) => {
    const a = corners[index] ?? b
    return (
      Math.max(a.x, b.x) > x &&
      Math.min(a.x, b.x) < x + width &&
      Math.max(a.y, b.y) > y &&
      Math.min(a.y, b.y) < y + height
    )
  })

export const referenceOf = (
  source: string,
  target: string,
  id: string,
  lines: Pick<ForeignKeyData, 'fromRow' | 'toRow'> | undefined,
): Reference => ({
  id,
  source,
  target,
  sourceOffset: rowCentre(lines?.fromRow ?? -1),
  targetOffset: rowCentre(lines?.toRow ?? -1),
})

const sameReference = (a: ForeignKeyData, b: ForeignKeyData): boolean =>
  a.name === b.name && a.whole === b.whole && a.fromRow === b.fromRow && a.toRow === b.toRow

const sameWay = (a: ReferenceWay, b: ReferenceWay): boolean =>
  sameBox(a.from, b.from) &&
  sameBox(a.to, b.to) &&
  a.corners.length === b.corners.length &&
  a.corners.every(({ x, y }, index) => x === b.corners[index]?.x && y === b.corners[index]?.y)

const sameBox = (a: CardBox, b: CardBox): boolean => a.x === b.x && a.y === b.y && a.height === b.height

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

/** Declared, so that edges need not wait until the card was measured. */
function cardHandles(height: number): NodeHandle[] {
  const y = height / 2
  return [
    { type: 'source', position: Position.Right, x: CARD_WIDTH, y, width: 1, height: 1 },
    { type: 'target', position: Position.Left, x: 0, y, width: 1, height: 1 },
  ]
}
