import { BaseEdge, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import { type ForeignKeyData, type ForeignKeyEdge, type ReferenceWay, referenceOf } from './data-mapping'
import { barAt, forkAt, roundedPath, straightPath } from './reference-path'
import { type CardBox, type Point, routeReferences } from './route-references'
import { useLod } from './use-lod'

/** A reference between two cards, from line to line, around other cards: a fork for "many", a bar for "one". From afar it is a plain line. */
export const ForeignKeyEdgeView = memo(function ForeignKeyEdgeView(props: EdgeProps<ForeignKeyEdge>) {
  const { data, sourceX, sourceY, targetX, targetY } = props
  const isFar = useLod() === 'far'
  if (!data?.way) return null
  const corners = cornersNow(data, data.way, { x: sourceX, y: sourceY }, { x: targetX, y: targetY })
  if (corners.length < 2) return null
  return (
    <g className="fk-edge" data-partial={data.whole ? undefined : ''} data-reference={data.name}>
      <title>{data.name}</title>
      <BaseEdge path={isFar ? straightPath(corners) : roundedPath(corners)} interactionWidth={0} />
      {!isFar && <path className="fk-mark" d={`${forkAt(corners)} ${barAt(corners)}`} />}
    </g>
  )
})

/**
 * While a card is dragged its references find short ways by themselves, so that the others and their list stay as they
 * are. The two ends are those that React Flow sees, in the middle of the cards' sides.
 */
function cornersNow(data: ForeignKeyData, way: ReferenceWay, source: Point, target: Point): readonly Point[] {
  const from = { ...way.from, x: source.x - way.from.width - HANDLE_PX, y: topOf(way.from, source) }
  const to = { ...way.to, x: target.x, y: topOf(way.to, target) }
  if (near(from, way.from) && near(to, way.to)) return way.corners
  const reference = referenceOf(from.id, to.id, 'dragged', data)
  return routeReferences([reference], from.id === to.id ? [from] : [from, to], false).get('dragged') ?? way.corners
}

/** The handles' size, as the nodes declare it. */
const HANDLE_PX = 1

const topOf = (box: CardBox, side: Point): number => side.y - (box.height + HANDLE_PX) / 2

const near = (a: CardBox, b: CardBox): boolean => Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) < 1
