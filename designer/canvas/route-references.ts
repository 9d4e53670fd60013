/**
 * The ways that references take between cards: right-angled, out of the side of one card and into the side of the
 * other, around the cards in between, and apart from references that lead elsewhere.
 *
 * For each reference the candidates are few: up or down in a lane beside either card, or in both and across in a
 * gap above or below some card. The cheapest counts; a card in the way costs more than any detour.
 */

export interface CardBox {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Reference {
  readonly id: string
  readonly source: string
  readonly target: string
  /** Heights within the two cards. */
  readonly sourceOffset: number
  readonly targetOffset: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

interface Segment {
  readonly a: Point
  readonly b: Point
}

type Side = 1 | -1

/** Room for the fork at the referring end and the bar at the other. */
const STUB_PX = 20
const LANE_PX = 9
const LANES = 5
/** Detours are tried in fewer lanes and in the nearest gaps: with many cards all of them would take too long. */
const DETOUR_LANES = 3
const MOST_GAPS = 10
/** With more references than these none goes around cards: it would take too long. */
const MOST_DETOURS = 40
/** Least room between a card and a reference that passes it. */
const CLEARANCE_PX = 8
/** From a card's upper or lower edge to references that run along it. */
const GAPS_PX = [14, 22] as const
/** Cards that are farther off than this are no obstacle to a sensible way, and no way around one. */
const REACH_PX = 400

const COST = { bend: 30, card: 5000, close: 120, shared: 250, crossing: 25 } as const

/** The corners of each reference's way, by id, from the referring card to the other. */
export function routeReferences(
  references: readonly Reference[],
  boxes: readonly CardBox[],
  /** False where the ways are needed at once, as during a drag: then none goes around a card. */
  withDetours = true,
): ReadonlyMap<string, readonly Point[]> {
  const detours = withDetours && references.length <= MOST_DETOURS
  const byId = new Map(boxes.map((box) => [box.id, box]))
  const ends = references.flatMap((reference) => {
    const from = byId.get(reference.source)
    const to = byId.get(reference.target)
    return from && to ? [{ reference, from, to, near: distance(from, to) }] : []
  })
  // Those between neighbours have the least choice, so they choose first.
  ends.sort((a, b) => a.near - b.near || (a.reference.id < b.reference.id ? -1 : 1))
  const routes = new Map<string, readonly Point[]>()
  const drawn: Drawn[] = []
  for (const { reference, from, to } of ends) {
    const points = cheapest(reference, from, to, boxes.filter(within(from, to)), drawn, detours)
    routes.set(reference.id, points)
    for (const segment of segmentsOf(points)) drawn.push({ ...segment, target: reference.target })
  }
  return routes
}

interface Drawn extends Segment {
  readonly target: string
}

function cheapest(
  { source, target, sourceOffset, targetOffset }: Reference,
  from: CardBox,
  to: CardBox,
  boxes: readonly CardBox[],
  drawn: readonly Drawn[],
  mayDetour: boolean,
): readonly Point[] {
  const apart = drawn.filter((other) => other.target !== target)
  let best: readonly Point[] = []
  let bestCost = Number.POSITIVE_INFINITY
  const offer = (points: readonly Point[]) => {
    const segments = segmentsOf(points)
    let cost = (segments.length - 1) * COST.bend
    for (const segment of segments) cost += lengthOf(segment)
    if (cost >= bestCost) return
    for (const [index, segment] of segments.entries()) {
      cost += obstruction(segment, boxes, index > 0 && index < segments.length - 1)
      cost += interference(segment, apart)
      if (cost >= bestCost) return
    }
    best = points
    bestCost = cost
  }

  const fromY = from.y + sourceOffset
  const toY = to.y + targetOffset
  const sides = SIDES.filter(([out, into]) => source !== target || out === into)
  const ways = sides.map(([out, into]) => {
    const start = { x: edgeOf(from, out), y: fromY }
    const end = { x: edgeOf(to, into), y: toY }
    return { start, end, out, into, starts: lanes(start.x, out), ends: lanes(end.x, into) }
  })
  for (const { start, end, out, into, starts, ends } of ways) {
    for (const x of [...starts, ...ends]) {
      if ((x - start.x) * out < STUB_PX || (x - end.x) * into < STUB_PX) continue
      offer([start, { x, y: start.y }, { x, y: end.y }, end])
    }
  }
  // A way without a detour that meets no card is good enough.
  if (bestCost < COST.card || !mayDetour) return best
  const middle = (fromY + toY) / 2
  const gaps = [...new Set(boxes.flatMap(({ y, height }) => GAPS_PX.flatMap((gap) => [y - gap, y + height + gap])))]
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))
    .slice(0, MOST_GAPS)
  for (const { start, end, starts, ends } of ways) {
    for (const first of starts.slice(0, DETOUR_LANES)) {
      for (const second of ends.slice(0, DETOUR_LANES)) {
        for (const y of gaps) {
          offer([start, { x: first, y: start.y }, { x: first, y }, { x: second, y }, { x: second, y: end.y }, end])
        }
      }
    }
  }
  return best
}

const SIDES: readonly (readonly [Side, Side])[] = [
  [-1, 1],
  [1, -1],
  [1, 1],
  [-1, -1],
]

const edgeOf = (box: CardBox, side: Side): number => (side === 1 ? box.x + box.width : box.x)

const lanes = (x: number, side: Side): number[] =>
  Array.from({ length: LANES }, (_, lane) => x + side * (STUB_PX + lane * LANE_PX))

function obstruction({ a, b }: Segment, boxes: readonly CardBox[], passing: boolean): number {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)]
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)]
  let cost = 0
  for (const { x, y, width, height } of boxes) {
    const meets = (room: number) =>
      right > x - room && left < x + width + room && bottom > y - room && top < y + height + room
    if (meets(-1)) cost += COST.card
    // The first and the last piece have to come close to a card.
    else if (passing && meets(CLEARANCE_PX)) cost += COST.close
  }
  return cost
}

function interference(segment: Segment, drawn: readonly Drawn[]): number {
  const upright = isUpright(segment)
  let cost = 0
  for (const other of drawn) {
    if (isUpright(other) !== upright) cost += crosses(segment, other) ? COST.crossing : 0
    else if (runsAlong(segment, other, upright)) cost += COST.shared
  }
  return cost
}

const isUpright = ({ a, b }: Segment): boolean => a.x === b.x

function crosses(one: Segment, other: Segment): boolean {
  const [upright, level] = isUpright(one) ? [one, other] : [other, one]
  return between(upright.a.x, level.a.x, level.b.x) && between(level.a.y, upright.a.y, upright.b.y)
}

const between = (value: number, a: number, b: number): boolean => value > Math.min(a, b) && value < Math.max(a, b)

function runsAlong(one: Segment, other: Segment, upright: boolean): boolean {
  const [a, b] = upright ? [one.a.x, other.a.x] : [one.a.y, other.a.y]
  if (Math.abs(a - b) >= LANE_PX / 2) return false
  const [p, q, r, s] = upright ? [one.a.y, one.b.y, other.a.y, other.b.y] : [one.a.x, one.b.x, other.a.x, other.b.x]
  return Math.min(Math.max(p, q), Math.max(r, s)) - Math.max(Math.min(p, q), Math.min(r, s)) > 4
}

/** Pieces without length are none: then a way is straight. */
function segmentsOf(points: readonly Point[]): Segment[] {
  return points.slice(1).flatMap((b, index) => {
    const a = points[index]
    return a && (a.x !== b.x || a.y !== b.y) ? [{ a, b }] : []
  })
}

const lengthOf = ({ a, b }: Segment): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y)

const distance = (a: CardBox, b: CardBox): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y)

const within =
  (from: CardBox, to: CardBox) =>
  ({ x, y, width, height }: CardBox): boolean =>
    x < Math.max(from.x + from.width, to.x + to.width) + REACH_PX &&
    x + width > Math.min(from.x, to.x) - REACH_PX &&
    y < Math.max(from.y + from.height, to.y + to.height) + REACH_PX &&
    y + height > Math.min(from.y, to.y) - REACH_PX
