/** Where a flow's nodes stand while nobody has moved them: two lanes, the request going down and up again. */
import type { FlowGraph } from './expand-unit'

export const LANES = {
  device: { y: 0, height: 180 },
  server: { y: 200, height: 180 },
} as const

const COLUMN_WIDTH = 240
/** From the lane's upper edge to a node's. */
const NODE_OFFSET = 48

/** A place for each node, by id. Nodes that no path reaches come last in their lane. */
export function defaultLayout({
  nodes,
  edges,
}: FlowGraph): Readonly<Record<string, { readonly x: number; readonly y: number }>> {
  const laneOf = new Map(nodes.map((node) => [node.id, node.lane]))
  const next = new Map<string, string[]>()
  for (const { from, to } of edges) next.set(from.node, [...(next.get(from.node) ?? []), to.node])
  const columns = new Map<string, number>()
  let column = 0
  const visit = (id: string): void => {
    if (columns.has(id) || !laneOf.has(id)) return
    columns.set(id, column)
    const others = next.get(id) ?? []
    // The server's part hangs under its request and is as wide as it is long; then the device goes on.
    for (const server of others.filter((other) => laneOf.get(other) === 'server' && !columns.has(other))) {
      if (laneOf.get(id) === 'server') column += 1
      visit(server)
    }
    for (const device of others.filter((other) => laneOf.get(other) === 'device' && !columns.has(other))) {
      column += 1
      visit(device)
    }
  }
  for (const node of nodes) {
    if (columns.has(node.id)) continue
    if (columns.size > 0) column += 1
    visit(node.id)
  }
  return Object.fromEntries(
    nodes.map(({ id, lane }) => [id, { x: (columns.get(id) ?? 0) * COLUMN_WIDTH, y: LANES[lane].y + NODE_OFFSET }]),
  )
}
