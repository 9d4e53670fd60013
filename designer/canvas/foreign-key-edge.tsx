import { BaseEdge, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import type { ForeignKeyEdge } from './flow-mapping'
import type { Point } from './route-references'

const RADIUS_PX = 6

/** A reference between two cards, from line to line, around other cards: a fork for "many", a bar for "one". */
export const ForeignKeyEdgeView = memo(function ForeignKeyEdgeView({ data }: EdgeProps<ForeignKeyEdge>) {
  const [start, afterStart] = data?.route ?? []
  const [beforeEnd, end] = data?.route?.slice(-2) ?? []
  if (!data?.route || !start || !afterStart || !beforeEnd || !end) return null
  return (
    <g className="fk-edge" data-partial={data.whole ? undefined : ''} data-reference={data.name}>
      <title>{data.name}</title>
      <BaseEdge path={pathOf(data.route)} interactionWidth={0} />
      <path className="fk-mark" d={fork(start, Math.sign(afterStart.x - start.x))} />
      <path className="fk-mark" d={bar(end, Math.sign(beforeEnd.x - end.x))} />
    </g>
  )
})

/** Straight from corner to corner, with the corners rounded. */
function pathOf(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]]
      if (!before) return `M${point.x},${point.y}`
      if (!after) return `L${point.x},${point.y}`
      const radius = Math.min(RADIUS_PX, distance(before, point) / 2, distance(point, after) / 2)
      const [into, out] = [towards(point, before, radius), towards(point, after, radius)]
      return `L${into.x},${into.y} Q${point.x},${point.y} ${out.x},${out.y}`
    })
    .join(' ')
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y)

/** Along a level or an upright line. */
const towards = (from: Point, to: Point, by: number): Point => ({
  x: from.x + Math.sign(to.x - from.x) * by,
  y: from.y + Math.sign(to.y - from.y) * by,
})

const fork = ({ x, y }: Point, out: number): string => `M${x},${y - 5} L${x + out * 9},${y} L${x},${y + 5}`
const bar = ({ x, y }: Point, out: number): string => `M${x + out * 7},${y - 4} V${y + 4}`
