import { BaseEdge, type EdgeProps, type InternalNode, useInternalNode } from '@xyflow/react'
import { memo } from 'react'
import { type ForeignKeyEdge, rowCentre } from './flow-mapping'

/** Room for the fork at the referring end and the bar at the other. */
const STUB_PX = 22
const RADIUS_PX = 6

/** A reference between two cards, from line to line, on whichever sides are nearer: a fork for "many", a bar for "one". */
export const ForeignKeyEdgeView = memo(function ForeignKeyEdgeView({
  source,
  target,
  data,
}: EdgeProps<ForeignKeyEdge>) {
  const from = useInternalNode(source)
  const to = useInternalNode(target)
  if (!from || !to || !data) return null
  const sides = chooseSides(from, to, source === target)
  const start = anchor(from, sides.from, data.fromRow)
  const end = anchor(to, sides.to, data.toRow)
  return (
    <g className="fk-edge" data-partial={data.whole ? undefined : ''}>
      <title>{data.name}</title>
      <BaseEdge path={path(start, end)} interactionWidth={0} />
      <path className="fk-mark" d={fork(start)} />
      <path className="fk-mark" d={bar(end)} />
    </g>
  )
})

interface Anchor {
  readonly x: number
  readonly y: number
  /** 1 to the right, -1 to the left. */
  readonly out: 1 | -1
}

function chooseSides(from: InternalNode, to: InternalNode, self: boolean): { from: 1 | -1; to: 1 | -1 } {
  if (self) return { from: 1, to: 1 }
  const [a, b] = [from.internals.positionAbsolute.x, to.internals.positionAbsolute.x]
  const [aRight, bRight] = [a + (from.width ?? 0), b + (to.width ?? 0)]
  if (aRight + STUB_PX * 2 <= b) return { from: 1, to: -1 }
  if (bRight + STUB_PX * 2 <= a) return { from: -1, to: 1 }
  // One above the other: both ends on the side where the way around is shorter.
  return Math.abs(aRight - bRight) <= Math.abs(a - b) ? { from: 1, to: 1 } : { from: -1, to: -1 }
}

function anchor(node: InternalNode, out: 1 | -1, row: number): Anchor {
  const { x, y } = node.internals.positionAbsolute
  return { x: out === 1 ? x + (node.width ?? 0) : x, y: y + rowCentre(row), out }
}

function path(start: Anchor, end: Anchor): string {
  const x1 = start.x + start.out * STUB_PX
  const x2 = end.x + end.out * STUB_PX
  if (start.out !== end.out) {
    const middle = (x1 + x2) / 2
    return `M${start.x},${start.y} ${elbow(x1, start.y, middle, end.y, x2)} L${end.x},${end.y}`
  }
  const far = start.out === 1 ? Math.max(x1, x2) : Math.min(x1, x2)
  return `M${start.x},${start.y} ${elbow(start.x, start.y, far, end.y, end.x)}`
}

/** Across to `x`, down or up to `y2`, and across again, with round corners. */
function elbow(x1: number, y1: number, x: number, y2: number, x2: number): string {
  const radius = Math.min(RADIUS_PX, Math.abs(y2 - y1) / 2)
  if (radius < 1) return `L${x2},${y2}`
  const down = Math.sign(y2 - y1)
  const [inX, outX] = [Math.sign(x - x1) * radius, Math.sign(x2 - x) * radius]
  return `L${x - inX},${y1} Q${x},${y1} ${x},${y1 + down * radius} L${x},${y2 - down * radius} Q${x},${y2} ${x + outX},${y2} L${x2},${y2}`
}

const fork = ({ x, y, out }: Anchor): string => `M${x},${y - 5} L${x + out * 9},${y} L${x},${y + 5}`
const bar = ({ x, y, out }: Anchor): string => `M${x + out * 7},${y - 4} V${y + 4}`
