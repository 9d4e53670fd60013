/** The schema that results where some changes are taken and the others are not. */

import type { ServerAttribute, ServerEntity, ServerSchema, ServerType } from '../project'
import { same } from '../same'
import { followsTypeName } from './changes'
import { DETAILS } from './schema-change'

/**
 * `taken` says which changes, by id; it has to hold whatever its members need. With all of them the result is
 * `after`, with none it is `before`. What is as before is the same object as before.
 */
export function mergedSchema(
  before: ServerSchema,
  after: ServerSchema,
  taken: (change: string) => boolean,
): ServerSchema {
  return {
    serverTypes: mergedRecords(before.serverTypes, after.serverTypes, {
      isAdded: (id) => taken(`type-added ${id}`),
      isRemoved: (id) => taken(`type-removed ${id}`),
      merge: (old, now) => mergedType(old, now, taken),
    }),
    serverEntities: mergedRecords(before.serverEntities, after.serverEntities, {
      isAdded: (id) => taken(`entity-added ${id}`),
      isRemoved: (id) => taken(`entity-removed ${id}`),
      merge: (old, now) => mergedEntity(before, after, old, now, taken),
    }),
  }
}

type Taken = (change: string) => boolean

interface RecordRules<T> {
  readonly isAdded: (id: string) => boolean
  readonly isRemoved: (id: string) => boolean
  readonly merge: (old: T, now: T) => T
}

function mergedRecords<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  { isAdded, isRemoved, merge }: RecordRules<T>,
): Record<string, T> {
  const merged: Record<string, T> = {}
  for (const [id, old] of Object.entries(before)) {
    const now = after[id]
    if (now !== undefined) {
      const result = merge(old, now)
      merged[id] = same(result, old) ? old : result
    } else if (!isRemoved(id)) merged[id] = old
  }
  for (const [id, now] of Object.entries(after)) if (before[id] === undefined && isAdded(id)) merged[id] = now
  return merged
}

function mergedType(old: ServerType, now: ServerType, taken: Taken): ServerType {
  const { schema, name } = taken(`type-renamed ${old.id}`) ? now : old
  return { ...(taken(`type-changed ${old.id}`) ? now : old), schema, name }
}

function mergedEntity(
  before: ServerSchema,
  after: ServerSchema,
  old: ServerEntity,
  now: ServerEntity,
  taken: Taken,
): ServerEntity {
  const { id } = old
  const details = taken(DETAILS)
  const isAdded = (attribute: string): boolean => taken(`attribute-added ${id} ${attribute}`)
  const isRemoved = (attribute: string): boolean => taken(`attribute-removed ${id} ${attribute}`)
  // The numbers are those of the columns that there are.
  const orders =
    details ||
    Object.keys(now.attributes).some((each) => old.attributes[each] === undefined && isAdded(each)) ||
    Object.keys(old.attributes).some((each) => now.attributes[each] === undefined && isRemoved(each))
  const sameUniques = same(uniquesWithoutNames(old), uniquesWithoutNames(now))
  const { schema, name } = taken(`entity-renamed ${id}`) ? now : old
  const { comment, rowEstimate } = details ? now : old
  return {
    id,
    schema,
    name,
    kind: (taken(`entity-kind ${id}`) ? now : old).kind,
    attributes: mergedRecords(old.attributes, now.attributes, {
      isAdded,
      isRemoved,
      merge: (was, is) => mergedAttribute(before, after, id, was, is, { taken, orders }),
    }),
    primaryKey: (taken(`key ${id}`) ? now : old).primaryKey,
    uniques: (taken(`uniques ${id}`) || (sameUniques && details) ? now : old).uniques,
    foreignKeys: mergedRecords(old.foreignKeys, now.foreignKeys, {
      isAdded: (key) => taken(`reference-added ${id} ${key}`),
      isRemoved: (key) => taken(`reference-removed ${id} ${key}`),
      merge: (was, is) => ({
        ...(taken(`reference-changed ${id} ${was.id}`) ? is : was),
        name: (details ? is : was).name,
      }),
    }),
    rowEstimate,
    comment,
  }
}

function mergedAttribute(
  before: ServerSchema,
  after: ServerSchema,
  entity: string,
  was: ServerAttribute,
  is: ServerAttribute,
  { taken, orders }: { readonly taken: Taken; readonly orders: boolean },
): ServerAttribute {
  const place = `${entity} ${was.id}`
  const typeTaken = followsTypeName(before, after, was, is)
    ? taken(`type-renamed ${was.typeId}`)
    : taken(`attribute-type ${place}`)
  const filling = taken(`attribute-filling ${place}`) ? is : was
  const details = taken(DETAILS) ? is : was
  return {
    id: was.id,
    name: (taken(`attribute-renamed ${place}`) ? is : was).name,
    order: (orders ? is : was).order,
    type: (typeTaken ? is : was).type,
    typeId: (typeTaken ? is : was).typeId,
    nullable: (taken(`attribute-nullable ${place}`) ? is : was).nullable,
    default: filling.default,
    identity: filling.identity,
    generated: filling.generated,
    comment: details.comment,
    averageBytes: details.averageBytes,
  }
}

const uniquesWithoutNames = (entity: ServerEntity): string[] =>
  entity.uniques.map(({ attributes }) => attributes.join()).sort()
