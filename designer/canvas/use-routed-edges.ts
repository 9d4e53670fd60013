import { useEffect, useMemo, useRef } from 'react'
import { type EntityNode, type ForeignKeyEdge, routedEdges } from './flow-mapping'

/** The references with their ways around the cards, also while a card is dragged. */
export function useRoutedEdges(references: readonly ForeignKeyEdge[], nodes: readonly EntityNode[]): ForeignKeyEdge[] {
  const before = useRef<readonly ForeignKeyEdge[]>([])
  // Selecting makes new nodes too, and moves none of them.
  const places = nodes
    .map(({ id, position, height, dragging }) => `${id} ${position.x} ${position.y} ${height} ${dragging}`)
    .join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the nodes only their places count.
  const edges = useMemo(() => routedEdges(references, nodes, before.current), [references, places])
  useEffect(() => {
    before.current = edges
  }, [edges])
  return edges
}
