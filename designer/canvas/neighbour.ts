import type { DataNode } from './data-mapping'

export type Direction = 'left' | 'right' | 'up' | 'down'

/** How much farther something aside seems than something straight ahead. */
const ASIDE = 2

/** The card that one would call the next in that direction; null where there is none. */
export function neighbour(nodes: readonly DataNode[], from: string, direction: Direction): string | null {
  const here = nodes.find(({ id }) => id === from)
  if (!here) return null
  const start = centre(here)
  let best: string | null = null
  let least = Number.POSITIVE_INFINITY
  for (const node of nodes) {
    if (node.type !== 'entity' || node.id === from) continue
    const to = centre(node)
    const [dx, dy] = [to.x - start.x, to.y - start.y]
    const ahead = { left: -dx, right: dx, up: -dy, down: dy }[direction]
    const aside = direction === 'left' || direction === 'right' ? Math.abs(dy) : Math.abs(dx)
    if (ahead <= 1) continue
    const cost = ahead + ASIDE * aside
    if (cost < least || (cost === least && best !== null && node.id < best)) {
      best = node.id
      least = cost
    }
  }
  return best
}

const centre = ({ position, width, height }: DataNode) => ({
  x: position.x + (width ?? 0) / 2,
  y: position.y + (height ?? 0) / 2,
})
