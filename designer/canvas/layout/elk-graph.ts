/** Cards, groups and references as a graph for ELK, and its answer as places for the cards. */
import type { ElkNode } from 'elkjs/lib/elk-api'
import { CARD_GAP_X, CARD_GAP_Y, CARD_WIDTH, cardHeight } from '@/designer/model/card-layout'
import type { Moves } from '@/designer/model/operations/layout'
import { inOrder } from '@/designer/model/operations/order'
import type { Project } from '@/designer/model/project'

export type Arranged = Pick<Project, 'localEntities' | 'serverEntities' | 'groups'>

/** Parents left, children right, as the references are read; groups stay together inside of their frames. */
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'LEFT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.layered.spacing.nodeNodeBetweenLayers': String(CARD_GAP_X),
  'elk.spacing.nodeNode': String(CARD_GAP_Y),
  'elk.spacing.componentComponent': String(CARD_GAP_X),
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'PREFER_NODES',
  'elk.aspectRatio': '1.6',
} as const

const GROUP_OPTIONS = { 'elk.padding': '[top=60,left=36,bottom=36,right=36]' } as const

export function toElkGraph({ localEntities, serverEntities, groups }: Arranged): ElkNode {
  const groupOf = new Map(
    Object.values(groups).flatMap((group) => Object.keys(group.entities).map((id): [string, string] => [id, group.id])),
  )
  const cards = inOrder(localEntities).map(([id, { attributes }]) => ({
    id,
    width: CARD_WIDTH,
    height: cardHeight(Object.keys(attributes).length),
  }))
  const frames = inOrder(groups).flatMap(([id]): ElkNode[] => {
    const children = cards.filter((card) => groupOf.get(card.id) === id)
    return children.length === 0 ? [] : [{ id: `group/${id}`, layoutOptions: { ...GROUP_OPTIONS }, children }]
  })
  const alone = cards.filter((card) => !groupOf.has(card.id))
  return {
    id: 'canvas',
    layoutOptions: { ...OPTIONS },
    children: [...frames, ...alone],
    edges: elkEdges({ localEntities, serverEntities }),
  }
}

/** One for each pair of cards, however many references join them; a reference to itself moves nothing. */
function elkEdges({ localEntities, serverEntities }: Pick<Arranged, 'localEntities' | 'serverEntities'>) {
  return linksOf({ localEntities, serverEntities }).map(([from, to]) => ({
    id: `${from}>${to}`,
    sources: [from],
    targets: [to],
  }))
}

/** Pairs of cards of which the first refers to the second. */
export function linksOf({
  localEntities,
  serverEntities,
}: Pick<Arranged, 'localEntities' | 'serverEntities'>): (readonly [string, string])[] {
  const localsByRoot = new Map<string, string[]>()
  for (const [id, { root }] of inOrder(localEntities)) {
    localsByRoot.set(root, [...(localsByRoot.get(root) ?? []), id])
  }
  const links = new Map<string, readonly [string, string]>()
  for (const [id, { root }] of inOrder(localEntities)) {
    for (const { entity } of Object.values(serverEntities[root]?.foreignKeys ?? {})) {
      for (const target of localsByRoot.get(entity) ?? []) {
        if (target !== id) links.set(`${id}>${target}`, [id, target])
      }
    }
  }
  return [...links.values()]
}

/** Places of the cards, of which those in groups are told from the upper left of their group. */
export function placesOf(answer: ElkNode): Moves {
  const places: Record<string, { x: number; y: number }> = {}
  const visit = (node: ElkNode, left: number, top: number) => {
    for (const child of node.children ?? []) {
      const place = { x: left + (child.x ?? 0), y: top + (child.y ?? 0) }
      if (child.children) visit(child, place.x, place.y)
      else places[child.id] = { x: Math.round(place.x), y: Math.round(place.y) }
    }
  }
  visit(answer, 0, 0)
  return places
}
