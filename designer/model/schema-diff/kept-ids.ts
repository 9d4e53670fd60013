/**
 * Gives a schema that was read again the ids of the one that is there, so that local entities stay joined to
 * their roots. A record is the same where its name is (schema and name for tables and types), or where
 * somebody says that it was renamed; a foreign key also where it joins the same attributes. Whatever else is
 * new keeps the id that it was read with, made free. Row counts and sizes that were not measured this time stay.
 */
import type { ForeignKey, ServerAttribute, ServerEntity, ServerSchema, ServerType } from '../project'

/** `from` as it is called in the present schema, `to` in the one that was read; both ids. */
export type Rename =
  | { readonly kind: 'entity' | 'type'; readonly from: string; readonly to: string }
  /** `entity` is the table's id in the schema that was read. */
  | { readonly kind: 'attribute'; readonly entity: string; readonly from: string; readonly to: string }

export function withKeptIds(before: ServerSchema, after: ServerSchema, renames: readonly Rename[]): ServerSchema {
  const renamed = (kind: 'entity' | 'type') => renames.filter((rename) => rename.kind === kind)
  const typeIds = keptIds<ServerType>(after.serverTypes, before.serverTypes, qualifiedName, renamed('type'))
  const entityIds = keptIds<ServerEntity>(after.serverEntities, before.serverEntities, qualifiedName, renamed('entity'))
  const attributeIds = new Map<string, ReadonlyMap<string, string>>()
  for (const entity of Object.values(after.serverEntities)) {
    const own = before.serverEntities[keptOf(entityIds, entity.id)]?.attributes ?? {}
    const renamedHere = renames.filter((rename) => rename.kind === 'attribute' && rename.entity === entity.id)
    attributeIds.set(
      entity.id,
      keptIds<ServerAttribute>(entity.attributes, own, ({ name }) => name, renamedHere),
    )
  }

  const withIds = (entity: ServerEntity): ServerEntity => {
    const id = keptOf(entityIds, entity.id)
    const old = before.serverEntities[id]
    const own = attributeIds.get(entity.id)
    const foreignKeys = Object.values(entity.foreignKeys).map(
      (foreignKey): ForeignKey => ({
        ...foreignKey,
        attributes: foreignKey.attributes.map((attribute) => keptOf(own, attribute)),
        entity: keptOf(entityIds, foreignKey.entity),
        referencedAttributes: foreignKey.referencedAttributes.map((attribute) =>
          keptOf(attributeIds.get(foreignKey.entity), attribute),
        ),
      }),
    )
    const foreignKeyIds = keptForeignKeys(foreignKeys, old?.foreignKeys ?? {})
    return {
      ...entity,
      id,
      attributes: rekeyed(Object.values(entity.attributes), (attribute) => {
        const attributeId = keptOf(own, attribute.id)
        const was = old?.attributes[attributeId]
        return {
          ...attribute,
          id: attributeId,
          typeId: attribute.typeId === null ? null : keptOf(typeIds, attribute.typeId),
          averageBytes: attribute.averageBytes ?? (was?.type === attribute.type ? was.averageBytes : null),
        }
      }),
      primaryKey: entity.primaryKey.map((attribute) => keptOf(own, attribute)),
      uniques: entity.uniques.map((unique) => ({
        ...unique,
        attributes: unique.attributes.map((attribute) => keptOf(own, attribute)),
      })),
      rowEstimate: entity.rowEstimate ?? old?.rowEstimate ?? null,
      foreignKeys: rekeyed(foreignKeys, (foreignKey) => ({ ...foreignKey, id: keptOf(foreignKeyIds, foreignKey.id) })),
    }
  }

  return {
    serverTypes: rekeyed(
      Object.values(after.serverTypes),
      (type): ServerType => ({
        ...type,
        id: keptOf(typeIds, type.id),
      }),
    ),
    serverEntities: rekeyed(Object.values(after.serverEntities), withIds),
  }
}

export const qualifiedName = (record: { readonly schema: string; readonly name: string }): string =>
  JSON.stringify([record.schema, record.name])

const keptOf = (ids: ReadonlyMap<string, string> | undefined, id: string): string => ids?.get(id) ?? id

/** For each record that was read its id from now on. */
function keptIds<T extends { readonly id: string }>(
  now: Readonly<Record<string, T>>,
  before: Readonly<Record<string, T>>,
  nameOf: (record: T) => string,
  renames: readonly Rename[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const given = new Set<string>()
  const give = (read: string, id: string): void => {
    ids.set(read, id)
    given.add(id)
  }
  for (const { from, to } of renames) {
    if (before[from] !== undefined && now[to] !== undefined && !given.has(from) && !ids.has(to)) give(to, from)
  }
  const idByName = new Map(Object.values(before).map((record) => [nameOf(record), record.id]))
  for (const record of Object.values(now)) {
    const id = idByName.get(nameOf(record))
    if (id !== undefined && !given.has(id) && !ids.has(record.id)) give(record.id, id)
  }
  giveFreeIds(Object.values(now), before, ids, given)
  return ids
}

function keptForeignKeys(
  now: readonly ForeignKey[],
  before: Readonly<Record<string, ForeignKey>>,
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const given = new Set<string>()
  // The same join under the same name first, so that of two keys over the same attributes each finds its own.
  const sameness: ((key: ForeignKey) => string)[] = [(key) => `${key.name} ${joinOf(key)}`, joinOf, (key) => key.name]
  for (const same of sameness) {
    for (const key of now) {
      if (ids.has(key.id)) continue
      const match = Object.values(before).find((other) => !given.has(other.id) && same(other) === same(key))
      if (match === undefined) continue
      ids.set(key.id, match.id)
      given.add(match.id)
    }
  }
  giveFreeIds(now, before, ids, given)
  return ids
}

const joinOf = (key: ForeignKey): string => JSON.stringify([key.attributes, key.entity, key.referencedAttributes])

function giveFreeIds(
  now: readonly { readonly id: string }[],
  before: Readonly<Record<string, unknown>>,
  ids: Map<string, string>,
  given: Set<string>,
): void {
  for (const record of now) {
    if (ids.has(record.id)) continue
    let id = record.id
    // An id that named something else before must not be given a second meaning.
    for (let number = 2; given.has(id) || before[id] !== undefined; number += 1)
      id = `${record.id.slice(0, 36)}_${number}`
    ids.set(record.id, id)
    given.add(id)
  }
}

const rekeyed = <T extends { readonly id: string }>(
  records: readonly T[],
  change: (record: T) => T,
): Record<string, T> => Object.fromEntries(records.map(change).map((record) => [record.id, record]))
