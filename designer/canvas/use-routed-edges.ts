import { useEffect, useMemo, useRef } from 'react'
import { type DataNode, type ForeignKeyEdge, routedEdges } from './data-mapping'

/** The references with their ways around the cards, found anew when a card has come to lie elsewhere. */
export function useRoutedEdges(references: readonly ForeignKeyEdge[], nodes: readonly DataNode[]): ForeignKeyEdge[] {
  const before = useRef<ReadonlyMap<string, ForeignKeyEdge>>(new Map())
  const settled = useSettled(nodes)
  const edges = useMemo(() => routedEdges(references, settled, before.current), [references, settled])
  useEffect(() => {
    before.current = new Map(edges.map((edge) => [edge.id, edge]))
  }, [edges])
  return edges
}

/** The nodes as they lay when one of them last moved or changed its size; those under a drag have not settled. */
function useSettled(nodes: readonly DataNode[]): readonly DataNode[] {
  const last = useRef(nodes)
  if (last.current !== nodes && !nodes.some(({ dragging }) => dragging) && !sameLayout(last.current, nodes)) {
    last.current = nodes
  }
  return last.current
}

/** Selecting makes new nodes too, and moves none of them. */
const sameLayout = (a: readonly DataNode[], b: readonly DataNode[]): boolean =>
  a.length === b.length &&
  b.every((node, index) => {
    const old = a[index]
    return (
      node === old ||
      (node.id === old?.id &&
        node.position.x === old.position.x &&
        node.position.y === old.position.y &&
        node.height === old.height)
    )
  })
