/** Where cards of local entities go when nobody has placed them. */
import type { Project } from './project'

export const CARD_WIDTH = 260
const HEADER_AND_FOOTER = 76
const ROW = 28
const GAP_X = 100
const GAP_Y = 40
/** Cards of more attributes scroll or fold, so that a column of cards stays in sight. */
const MOST_ROWS = 14

interface Place {
  x: number
  y: number
}

export const cardHeight = (attributes: number): number => HEADER_AND_FOOTER + ROW * Math.min(attributes, MOST_ROWS)

/** A place to the right of all cards, level with the topmost; the origin for the first. */
export function freePlace(project: Project): Place {
  const places = Object.values(project.layout.data)
  if (places.length === 0) return { x: 0, y: 0 }
  const columns = new Map<number, number>()
  for (const [id, place] of Object.entries(project.layout.data)) {
    const height = place.height ?? cardHeight(Object.keys(project.localEntities[id]?.attributes ?? {}).length)
    const column = Math.floor(place.x / (CARD_WIDTH + GAP_X))
    columns.set(column, Math.max(columns.get(column) ?? 0, place.y + height + GAP_Y))
  }
  // The shortest of the first columns keeps the canvas roughly square.
  const width = Math.max(3, Math.ceil(Math.sqrt(places.length + 1)))
  let best: Place = { x: 0, y: columns.get(0) ?? 0 }
  for (let column = 1; column < width; column += 1) {
    const y = columns.get(column) ?? 0
    if (y < best.y) best = { x: column * (CARD_WIDTH + GAP_X), y }
  }
  return best
}

/** Places for all local entities: columns by depth of reference, so that parents stand left of their children. */
export function gridLayout(project: Project): Record<string, Place> {
  const entities = Object.values(project.localEntities).sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
  const localOfRoot = new Map(entities.map((entity) => [entity.root, entity.id]))
  const parents = new Map(
    entities.map((entity) => [
      entity.id,
      Object.values(project.serverEntities[entity.root]?.foreignKeys ?? {})
        .flatMap((foreignKey) => localOfRoot.get(foreignKey.entity) ?? [])
        .filter((parent) => parent !== entity.id),
    ]),
  )
  const depths = depthsOf(
    entities.map((entity) => entity.id),
    parents,
  )
  const bottoms = new Map<number, number>()
  const places: Record<string, Place> = {}
  for (const entity of entities) {
    const depth = depths.get(entity.id) ?? 0
    const y = bottoms.get(depth) ?? 0
    places[entity.id] = { x: depth * (CARD_WIDTH + GAP_X), y }
    bottoms.set(depth, y + cardHeight(Object.keys(entity.attributes).length) + GAP_Y)
  }
  return places
}

/** Longest way up to an entity without parents; a reference that closes a cycle does not count. */
function depthsOf(ids: readonly string[], parents: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const depths = new Map<string, number>()
  const open = new Set<string>()
  const visit = (id: string): number => {
    const known = depths.get(id)
    if (known !== undefined) return known
    open.add(id)
    let depth = 0
    for (const parent of parents.get(id) ?? []) {
      if (!open.has(parent)) depth = Math.max(depth, visit(parent) + 1)
    }
    open.delete(id)
    depths.set(id, depth)
    return depth
  }
  for (const id of ids) visit(id)
  return depths
}
