/** Which attributes of a local entity its card shows. */
import { CARD_MOST_ROWS } from './card-layout'
import { inOrder } from './operations/order'
import type { LocalAttribute, LocalEntity, ServerEntity } from './project'

export interface CardRows {
  readonly shown: readonly LocalAttribute[]
  /** Left out; the card's last line says how many. */
  readonly hidden: readonly LocalAttribute[]
}

/**
 * All of them in their order, where there is room. Else those that say most stay: the key, references, and what is read
 * from elsewhere or computed; the last line is kept for how many more there are.
 */
export function cardRows(entity: LocalEntity, root: ServerEntity | undefined): CardRows {
  const attributes = inOrder(entity.attributes).map(([, attribute]) => attribute)
  if (attributes.length <= CARD_MOST_ROWS) return { shown: attributes, hidden: [] }
  const references = referringAttributes(root)
  const weight = (attribute: LocalAttribute): number => {
    if (attribute.source.kind !== 'root') return 1
    if (isKeyRow(attribute, root)) return 0
    return references.has(attribute.source.attribute) ? 2 : 3
  }
  const kept = new Set(
    attributes
      .map((attribute, place) => ({ attribute, place, weight: weight(attribute) }))
      .sort((a, b) => a.weight - b.weight || a.place - b.place)
      .slice(0, CARD_MOST_ROWS - 1)
      .map(({ attribute }) => attribute.id),
  )
  return {
    shown: attributes.filter(({ id }) => kept.has(id)),
    hidden: attributes.filter(({ id }) => !kept.has(id)),
  }
}

export const isKeyRow = ({ source }: LocalAttribute, root: ServerEntity | undefined): boolean =>
  source.kind === 'root' && (root?.primaryKey.includes(source.attribute) ?? false)

/** Server attributes that are part of a foreign key. */
export const referringAttributes = (root: ServerEntity | undefined): ReadonlySet<string> =>
  new Set(Object.values(root?.foreignKeys ?? {}).flatMap(({ attributes }) => attributes))
