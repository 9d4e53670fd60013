import type { Point } from './route-references'

const RADIUS_PX = 6

/** Straight from corner to corner, with the corners rounded. */
export function roundedPath(points: readonly Point[]): string {
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

/** Straight from corner to corner. */
export const straightPath = (points: readonly Point[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x},${y}`).join(' ')

/** A fork for "many" where the way begins. */
export function forkAt([start, next]: readonly Point[]): string {
  if (!start || !next) return ''
  const { x, y } = start
  return `M${x},${y - 5} L${x + Math.sign(next.x - x) * 9},${y} L${x},${y + 5}`
}

/** A bar for "one" where it ends. */
export function barAt(points: readonly Point[]): string {
  const [before, end] = points.slice(-2)
  if (!before || !end) return ''
  const x = end.x + Math.sign(before.x - end.x) * 7
  return `M${x},${end.y - 4} L${x},${end.y + 4}`
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y)

/** Along a level or an upright line. */
const towards = (from: Point, to: Point, by: number): Point => ({
  x: from.x + Math.sign(to.x - from.x) * by,
  y: from.y + Math.sign(to.y - from.y) * by,
})
