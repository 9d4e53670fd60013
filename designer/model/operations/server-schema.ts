/**
 * Replaces the server schema by one that was read again. What has the same schema and name as before
 * keeps its id, so that local entities stay joined to their roots; whatever has gone is simply not there,
 * and the check says which local entities miss it.
 */
import type { ForeignKey, Project, ServerAttribute, ServerEntity, ServerSchema, ServerType } from '../project'
import { DONE, type OperationResult } from './result'

export function replaceServerSchema(draft: Project, schema: ServerSchema): OperationResult {
  const typeIds = idsByName<ServerType>(schema.serverTypes, draft.serverTypes, qualifiedName)
  const entityIds = idsByName<ServerEntity>(schema.serverEntities, draft.serverEntities, qualifiedName)
  const attributeIds = new Map<string, Map<string, string>>()
  for (const entity of Object.values(schema.serverEntities)) {
    const before = draft.serverEntities[entityIds.get(entity.id) ?? entity.id]
    attributeIds.set(
      entity.id,
      idsByName<ServerAttribute>(entity.attributes, before?.attributes ?? {}, ({ name }) => name),
    )
  }

  const withIds = (entity: ServerEntity): ServerEntity => {
    const id = kept(entityIds, entity.id)
    const own = attributeIds.get(entity.id)
    const foreignKeyIds = idsByName<ForeignKey>(
      entity.foreignKeys,
      draft.serverEntities[id]?.foreignKeys ?? {},
      ({ name }) => name,
    )
    return {
      ...entity,
      id,
      attributes: rekeyed(entity.attributes, (attribute) => ({
        ...attribute,
        id: kept(own, attribute.id),
        typeId: attribute.typeId === null ? null : kept(typeIds, attribute.typeId),
      })),
      primaryKey: entity.primaryKey.map((attribute) => kept(own, attribute)),
      uniques: entity.uniques.map((unique) => ({ ...unique, attributes: unique.attributes.map((a) => kept(own, a)) })),
      foreignKeys: rekeyed(entity.foreignKeys, (foreignKey) => ({
        ...foreignKey,
        id: kept(foreignKeyIds, foreignKey.id),
        attributes: foreignKey.attributes.map((attribute) => kept(own, attribute)),
        entity: kept(entityIds, foreignKey.entity),
        referencedAttributes: foreignKey.referencedAttributes.map((attribute) =>
          kept(attributeIds.get(foreignKey.entity), attribute),
        ),
      })),
    }
  }

  const serverEntities = rekeyed(schema.serverEntities, withIds)
  draft.serverTypes = rekeyed(schema.serverTypes, (type): ServerType => ({ ...type, id: kept(typeIds, type.id) }))
  draft.serverEntities = serverEntities
  return DONE
}

const qualifiedName = (record: { readonly schema: string; readonly name: string }): string =>
  JSON.stringify([record.schema, record.name])

const kept = (ids: ReadonlyMap<string, string> | undefined, id: string): string => ids?.get(id) ?? id

/** For each new record its id from now on: that of the old record with the same name, else its own made free. */
function idsByName<T extends { readonly id: string }>(
  now: Readonly<Record<string, T>>,
  before: Readonly<Record<string, T>>,
  nameOf: (record: T) => string,
): Map<string, string> {
  const idBefore = new Map(Object.values(before).map((record) => [nameOf(record), record.id]))
  const ids = new Map<string, string>()
  const used = new Set<string>()
  const assign = (record: T, id: string): void => {
    ids.set(record.id, id)
    used.add(id)
  }
  const fresh: T[] = []
  for (const record of Object.values(now)) {
    const id = idBefore.get(nameOf(record))
    if (id === undefined) fresh.push(record)
    else assign(record, id)
  }
  for (const record of fresh) {
    let id = record.id
    // An id that named something else before must not be given a second meaning.
    for (let number = 2; used.has(id) || before[id] !== undefined; number += 1)
      id = `${record.id.slice(0, 36)}_${number}`
    assign(record, id)
  }
  return ids
}

const rekeyed = <T extends { readonly id: string }>(
  records: Readonly<Record<string, T>>,
  change: (record: T) => T,
): Record<string, T> =>
  Object.fromEntries(
    Object.values(records)
      .map((record) => change(record))
      .map((record) => [record.id, record]),
  )
