/** What the parts of the device's store share, made once when it is opened. */
import type { Bundle, DeviceTables, EntityContract, Image, Key } from '../../contract'
import type { mergeValue } from '../../core/merge-value'
import { type Merge, mergeOf } from '../../core/rebase'
import { uuidFromBytes } from '../../core/uuid'

export interface StoreContext {
  readonly tables: DeviceTables
  readonly bundle: Bundle
  /** By id; what an earlier bundle knew and this one does not is not in it. */
  readonly entities: ReadonlyMap<string, EntityContract>
  readonly merge: (entity: string) => Merge
  /** The place of an entity, by id, with parents before children. */
  readonly rank: (entity: string) => number
  readonly newId: () => string
  /** Loaded where an entity comes on demand. */
  readonly demand: typeof import('./demand') | null
  /** Loaded beforehand where an entity detects conflicts, or one waits. */
  readonly conflicts: () => Promise<typeof import('./conflicts')>
}

export function storeContext(
  tables: DeviceTables,
  bundle: Bundle,
  randomBytes: (length: number) => Uint8Array,
  merging: typeof mergeValue | null,
  { demand, conflicts }: Pick<StoreContext, 'demand' | 'conflicts'>,
): StoreContext {
  const merges = new Map(bundle.entities.map((entity) => [entity.id, mergeOf(entity, merging)]))
  const ranks = new Map(bundle.entities.map((entity, index) => [entity.id, index]))
  return {
    tables,
    bundle,
    entities: new Map(bundle.entities.map((entity) => [entity.id, entity])),
    merge: (entity) => merges.get(entity) ?? ((_attribute, _was, set) => set),
    rank: (entity) => ranks.get(entity) ?? 0,
    demand,
    conflicts,
    newId: () => uuidFromBytes(randomBytes(16)),
  }
}

/** By this text maps know a row. */
export function rowText(entity: string, key: Key): string {
  return JSON.stringify([entity, key])
}

/** The key of an image, in key order. */
export function keyOf(entity: EntityContract, image: Image): Key {
  return entity.key.map((attribute) => image[attribute] ?? '')
}

/** Values by attribute name; what the entity does not know keeps its id. */
export function named(entity: EntityContract | undefined, image: Image): { readonly [name: string]: string | null } {
  const names = new Map(entity?.attributes.map(({ id, name }) => [id, name]))
  return Object.fromEntries(Object.entries(image).map(([id, value]) => [names.get(id) ?? id, value]))
}

/** The key by attribute name. */
export function namedKey(entity: EntityContract | undefined, key: Key): { readonly [name: string]: string } {
  if (!entity) return {}
  return Object.fromEntries(
    entity.key.map((id, index) => [
      entity.attributes.find((attribute) => attribute.id === id)?.name ?? id,
      key[index] ?? '',
    ]),
  )
}

/** Rows by their entity. */
export function byEntity<Item extends { readonly entity: string }>(items: Iterable<Item>): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(item.entity)
    if (group) group.push(item)
    else groups.set(item.entity, [item])
  }
  return groups
}
