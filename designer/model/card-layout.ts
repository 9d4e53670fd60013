/** Where cards of local entities go when nobody has placed them. */
import { arrangeColumns } from './card-columns'
import type { LocalEntity, Project } from './project'

export const CARD_WIDTH = 260
/** Between columns: room for the references that run there. */
export const CARD_GAP_X = 100
export const CARD_GAP_Y = 40
const HEADER_AND_FOOTER = 76
const ROW = 28
/** Cards of more attributes leave some out, so that a column of cards stays in sight. */
export const CARD_MOST_ROWS = 14
/** Width by height of the canvas on a usual screen, between its panels. */
const CANVAS_ASPECT = 1.1

interface Place {
  x: number
  y: number
}

interface Box extends Readonly<Place> {
  readonly height: number
}

export const cardHeight = (attributes: number): number => HEADER_AND_FOOTER + ROW * Math.min(attributes, CARD_MOST_ROWS)

const heightOf = (entity: LocalEntity | undefined): number => cardHeight(Object.keys(entity?.attributes ?? {}).length)

/**
 * A place beside or below some card, where a card of as many attributes lies over no other; the origin for the
 * first. Of all such places the one that keeps the whole most compact, and the card near those it has to do with.
 */
export function freePlace(project: Project, card: { readonly root: string; readonly attributes: number }): Place {
  const boxes = Object.entries(project.layout.data).map(([id, { x, y, height }]): Box & { id: string } => ({
    id,
    x,
    y,
    height: height ?? heightOf(project.localEntities[id]),
  }))
  if (boxes.length === 0) return { x: 0, y: 0 }
  const height = cardHeight(card.attributes)
  const kin = new Set(
    Object.values(project.localEntities).flatMap(({ id, root }) =>
      refersTo(project, card.root, root) || refersTo(project, root, card.root) ? [id] : [],
    ),
  )
  const near = boxes.filter(({ id }) => kin.has(id))
  const left = Math.min(...boxes.map(({ x }) => x))
  const top = Math.min(...boxes.map(({ y }) => y))
  const right = Math.max(...boxes.map(({ x }) => x)) + CARD_WIDTH
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))

  const cost = ({ x, y }: Place): number => {
    const width = Math.max(right, x + CARD_WIDTH) - left
    const tall = Math.max(bottom, y + height) - top
    const away = near.reduce((sum, box) => sum + Math.abs(box.x - x) + Math.abs(box.y - y), 0) / (near.length || 1)
    // Where both are equal the upper left is where one looks first.
    return Math.max(width / CANVAS_ASPECT, tall) + away / 4 + (x - left + y - top) / 1000
  }
  const candidates = boxes
    .flatMap((box): Place[] => [
      { x: box.x + CARD_WIDTH + CARD_GAP_X, y: box.y },
      { x: box.x, y: box.y + box.height + CARD_GAP_Y },
    ])
    .map((place) => ({ place, cost: cost(place) }))
    .sort((a, b) => a.cost - b.cost)
  const free = candidates.find(({ place }) => !boxes.some((box) => overlap(box, { ...place, height })))
  return free?.place ?? { x: left, y: bottom + CARD_GAP_Y }
}

const overlap = (a: Box, b: Box): boolean =>
  Math.abs(a.x - b.x) < CARD_WIDTH + CARD_GAP_X / 2 &&
  a.y < b.y + b.height + CARD_GAP_Y / 2 &&
  b.y < a.y + a.height + CARD_GAP_Y / 2

const refersTo = (project: Project, from: string, to: string): boolean =>
  Object.values(project.serverEntities[from]?.foreignKeys ?? {}).some(({ entity }) => entity === to)

/** Places for all local entities: columns that follow the references, so that children stand right of their parents. */
export function gridLayout(project: Project): Record<string, Place> {
  const entities = Object.values(project.localEntities).sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
  const localOfRoot = new Map(entities.map((entity) => [entity.root, entity.id]))
  const columns = arrangeColumns(
    entities.map((entity) => ({
      id: entity.id,
      height: heightOf(entity) + CARD_GAP_Y,
      parents: Object.values(project.serverEntities[entity.root]?.foreignKeys ?? {})
        .flatMap((foreignKey) => localOfRoot.get(foreignKey.entity) ?? [])
        .filter((parent) => parent !== entity.id),
    })),
    { columnWidth: CARD_WIDTH + CARD_GAP_X, aspect: CANVAS_ASPECT },
  )
  const places: Record<string, Place> = {}
  for (const [index, column] of columns.entries()) {
    let y = 0
    for (const { id, height } of column) {
      places[id] = { x: index * (CARD_WIDTH + CARD_GAP_X), y }
      y += height
    }
  }
  return places
}
