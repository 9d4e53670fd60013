import { Graph, layout } from '@dagrejs/dagre'
import { CARD_GAP_X, CARD_GAP_Y, CARD_WIDTH, cardHeight } from '@/designer/model/card-layout'
import type { Moves } from '@/designer/model/operations/layout'
import { inOrder } from '@/designer/model/operations/order'
import { type Arranged, linksOf } from './elk-graph'

/** Simpler than ELK and quick, for when ELK does not answer in time. Cards of a group stand near each other at best. */
export function dagreLayout(project: Arranged): Moves {
  const graph = new Graph({ compound: true })
  graph.setGraph({ rankdir: 'RL', nodesep: CARD_GAP_Y, ranksep: CARD_GAP_X })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const [id, { attributes }] of inOrder(project.localEntities)) {
    graph.setNode(id, { width: CARD_WIDTH, height: cardHeight(Object.keys(attributes).length) })
  }
  for (const [id, { entities }] of inOrder(project.groups)) {
    const members = Object.keys(entities).filter((member) => member in project.localEntities)
    if (members.length === 0) continue
    graph.setNode(`group/${id}`, {})
    for (const member of members) graph.setParent(member, `group/${id}`)
  }
  for (const [from, to] of linksOf(project)) graph.setEdge(from, to)
  layout(graph)
  return Object.fromEntries(
    Object.keys(project.localEntities).map((id) => {
      // Dagre tells the centre.
      const { x, y, width, height } = graph.node(id)
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }]
    }),
  )
}
