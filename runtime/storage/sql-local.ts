/**
 * What an app does with one entity, as SQL on its table: create, update, remove, get and list. The same for every SQL
 * store.
 *
 * It is a convenience and nothing more: what it writes is captured by the same triggers that capture plain SQL (C1).
 */
import type { EntityContract, Input, ListOptions, LocalTransaction, Row } from '../contract'
import { quoteName } from '../contract/sql-text'
import { assertUnwritten } from './assert-unwritten'

/**
 * The local transaction over `query`, which takes parameters as `$1`, `$2`, … and answers the API's values.
 *
 * @param toParameter a value of an attribute, as `query` takes it
 */
export function sqlLocal(
  query: LocalTransaction['query'],
  toParameter: (entity: EntityContract, name: string, value: unknown) => unknown = jsonAsText,
): LocalTransaction {
  const assigned = (entity: EntityContract, values: Input): [string, unknown][] =>
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toParameter(entity, name, value)])
  const keyValues = (entity: EntityContract, key: readonly unknown[]) =>
    keyNames(entity).map((name, index) => toParameter(entity, name, key[index]))
  const get = async (entity: EntityContract, key: readonly unknown[]) => {
    const text = `select * from ${quoteName(entity.table)} where ${keyIs(entity, 1)}`
    return (await query(text, keyValues(entity, key)))[0] ?? null
  }

  return {
    query,
    get,
    create: async (entity, values) => {
      assertUnwritten(entity, values)
      const given = assigned(entity, values)
      const columns = given.map(([name]) => quoteName(name)).join(', ')
      const places = given.map((_, index) => `$${index + 1}`).join(', ')
      const what = given.length === 0 ? 'default values' : `(${columns}) values (${places})`
      const [row] = await query(
        `insert into ${quoteName(entity.table)} ${what} returning *`,
        given.map(([, value]) => value),
      )
      return row as Row
    },
    update: async (entity, key, changes) => {
      const given = assigned(entity, changes)
      if (given.length === 0) return get(entity, key)
      const set = given.map(([name], index) => `${quoteName(name)} = $${index + 1}`).join(', ')
      const [row] = await query(
        `update ${quoteName(entity.table)} set ${set} where ${keyIs(entity, given.length + 1)} returning *`,
        [...given.map(([, value]) => value), ...keyValues(entity, key)],
      )
      return row ?? null
    },
    remove: async (entity, key) => {
      const text = `delete from ${quoteName(entity.table)} where ${keyIs(entity, 1)} returning 1 as deleted`
      return (await query(text, keyValues(entity, key))).length > 0
    },
    list: (entity, options) => {
      const params: unknown[] = []
      const text = listQuery(entity, options, (name, value) => params.push(toParameter(entity, name, value)))
      return query(text, params)
    },
  }
}

/** As SQL parameters, texts for a JSON column are JSON text; to entity actions a text is a value, as it was read. */
export function jsonAsText(entity: EntityContract, name: string, value: unknown): unknown {
  const attribute = entity.attributes.find((candidate) => candidate.name === name)
  const isJson = (attribute?.type === 'json' || attribute?.type === 'jsonb') && !attribute.sensitive
  return isJson && value !== null && value !== undefined ? JSON.stringify(value) : value
}

function keyNames(entity: EntityContract): string[] {
  return entity.key.map((id) => entity.attributes.find((attribute) => attribute.id === id)?.name ?? id)
}

function keyIs(entity: EntityContract, from: number): string {
  return keyNames(entity)
    .map((name, index) => `${quoteName(name)} = $${from + index}`)
    .join(' and ')
}

/** @param place takes a parameter in and answers its number */
function listQuery(
  entity: EntityContract,
  { where = {}, orderBy, limit, offset }: ListOptions,
  place: (name: string, value: unknown) => number,
): string {
  const filter = Object.entries(where)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      value === null ? `${quoteName(name)} is null` : `${quoteName(name)} = $${place(name, value)}`,
    )
  const [first, direction] = typeof orderBy === 'string' ? [orderBy, 'asc'] : (orderBy ?? [])
  const order = [
    ...(first === undefined ? [] : [`${quoteName(first)} ${direction === 'desc' ? 'desc' : 'asc'}`]),
    ...keyNames(entity).map(quoteName),
  ]
  return [
    `select * from ${quoteName(entity.table)}`,
    ...(filter.length > 0 ? [`where ${filter.join(' and ')}`] : []),
    `order by ${order.join(', ')}`,
    // SQLite has no offset without a limit.
    ...(limit === undefined && offset === undefined ? [] : [`limit ${count(limit ?? Number.MAX_SAFE_INTEGER)}`]),
    ...(offset === undefined ? [] : [`offset ${count(offset)}`]),
  ].join(' ')
}

function count(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new RangeError(`A limit or an offset is a whole number of rows, not ${value}.`)
}
