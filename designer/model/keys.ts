/** What a server entity's key says about syncing it. */
import type { LocalEntity, ServerAttribute, ServerEntity } from './project'

/** True where the server fills the attribute in from a sequence. */
export const isNumberedByServer = (attribute: ServerAttribute): boolean =>
  attribute.identity !== null || /^\(?nextval\(/i.test(attribute.default ?? '')

/** Types whose values the server can make, and a device stand in for, one by one. */
const INTEGER_TYPES: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint'])

/** The attribute that alone is the key, if there is one. */
export function singleKey(entity: ServerEntity): ServerAttribute | null {
  const [first, second] = entity.primaryKey
  return first === undefined || second !== undefined ? null : (entity.attributes[first] ?? null)
}

/** Who can make the key of a new row. A composite key is always given by the user. */
export function possibleKeyStrategies(entity: ServerEntity): readonly LocalEntity['keyStrategy'][] {
  const key = singleKey(entity)
  if (key === null) return ['natural']
  if (key.identity === 'always') return ['server']
  if (INTEGER_TYPES.has(key.type) && isNumberedByServer(key)) return ['server', 'natural']
  return key.type === 'uuid' ? ['device-uuid', 'natural'] : ['natural']
}

/**
 * Who makes the key of a new row, unless the designer says otherwise. A UUID is made on the device, so
 * that a row made offline has its key at once; a UUID that refers to another table's row is given by the user.
 */
export function defaultKeyStrategy(entity: ServerEntity): LocalEntity['keyStrategy'] {
  const strategy = possibleKeyStrategies(entity)[0] ?? 'natural'
  const key = singleKey(entity)
  const refers = Object.values(entity.foreignKeys).some(({ attributes }) => key !== null && attributes.includes(key.id))
  return strategy === 'device-uuid' && refers ? 'natural' : strategy
}

export type Syncable = { readonly kind: 'syncable' } | { readonly kind: 'not-syncable'; readonly reason: string }

const KIND_WORDS: Record<Exclude<ServerEntity['kind'], 'table' | 'partitioned-table'>, string> = {
  view: 'a view',
  'materialized-view': 'a materialized view',
  'foreign-table': 'a foreign table',
}

/** Whether a local entity can be made of the server entity, and if not why and what to do. */
export function syncable(entity: ServerEntity): Syncable {
  if (entity.kind !== 'table' && entity.kind !== 'partitioned-table') {
    const reason = `"${entity.name}" is ${KIND_WORDS[entity.kind]}. Changes are tracked by triggers on tables. Sync the tables that it reads instead.`
    return { kind: 'not-syncable', reason }
  }
  if (entity.primaryKey.length === 0) {
    return {
      kind: 'not-syncable',
      reason:
        `"${entity.name}" has no primary key, so a device and the server could not tell which row is which. ` +
        'Add a primary key to the table and import the schema again.',
    }
  }
  return { kind: 'syncable' }
}
