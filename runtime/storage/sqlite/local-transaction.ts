/**
 * The app's own statements in SQLite: values go in and come out as they do with PGlite.
 *
 * What plain SQL has written is brought into PostgreSQL's form before the transaction ends (`settleTexts`), so that
 * the same value has the same text everywhere, and what is no value of its type is refused, as PostgreSQL does.
 */
import type { EntityContract, Image, ListOptions, LocalTransaction, Row, Value } from '../../contract'
import { quoteName, quoteText } from '../../contract/sql-text'
import type { ColumnType } from '../column-type/column-type'
import { canonicalTimestamp } from '../column-type/times'
import { columnNamed, inputText } from '../entity-model'
import { sqlLocal } from '../sql-local'
import { toText } from '../values'
import type { Connection } from './connection'
import type { SqliteParameters, SqliteValue } from './driver'
import { type EntitySql, type SqliteColumn, storedKey, storedValue } from './entity-sql'

export type SqlByEntity = ReadonlyMap<string, EntitySql>

export interface LocalSqlite {
  readonly transaction: LocalTransaction
  /** To be called once what the app wrote is complete; `after` is the seq of the last edit before it. */
  readonly settleTexts: (after: number) => void
}

export function sqliteLocal(connection: Connection, sqlByEntity: SqlByEntity): LocalSqlite {
  const readers = valueReaders(sqlByEntity)
  const modelOf = (entity: EntityContract): EntitySql => {
    const sql = sqlByEntity.get(entity.id)
    if (!sql) throw new Error(`There is no entity ${entity.name} on this device.`)
    return sql
  }

  const query = async (text: string, params: readonly unknown[] = []): Promise<Row[]> => {
    refuseTransactions(text)
    const statement = connection.statement(text)
    const rows = statement.all(parametersOf(text, params))
    const columns = statement.columns()
    const read = columns.map(({ type }) => readers.get(type?.toLowerCase() ?? '') ?? asItIs)
    return rows.map((row) => {
      const named: Record<string, Value> = {}
      for (let index = 0; index < columns.length; index += 1) {
        const value = row[index] ?? null
        named[columns[index]?.name ?? ''] = value === null ? null : (read[index] ?? asItIs)(value)
      }
      return named
    })
  }
  const toParameter = (entity: EntityContract, name: string, value: unknown) => {
    const sql = modelOf(entity)
    const column = sql.columnById.get(columnNamed(sql.model, name).id) as SqliteColumn
    return storedValue(column, inputText(sql.model, column, value))
  }
  return {
    transaction: {
      ...sqlLocal(query, toParameter),
      list: (entity, options) => {
        const params: SqliteValue[] = []
        const text = listQuery(modelOf(entity), options, (name, value) => {
          params.push(toParameter(entity, name, value))
          return params.length
        })
        return query(text, params)
      },
    },
    settleTexts: (after) => settleTexts(connection, sqlByEntity, after),
  }
}

const asItIs = (value: Exclude<SqliteValue, null>): Value => value

/** How a column's value is read, by its declared type. */
function valueReaders(sqlByEntity: SqlByEntity): ReadonlyMap<string, (value: Exclude<SqliteValue, null>) => Value> {
  const readers = new Map<string, (value: Exclude<SqliteValue, null>) => Value>()
  for (const { columns } of sqlByEntity.values()) {
    for (const { declared, storage, type } of columns) {
      if (storage === 'boolean') readers.set(declared, (value) => value === 1)
      else if (storage === 'bytes')
        readers.set(declared, (value) => (value instanceof Uint8Array ? new Uint8Array(value) : value))
      else if (storage === 'text') readers.set(declared.toLowerCase(), (value) => readText(type, value))
    }
  }
  return readers
}

/** What another program has written may be no value of its type: it is shown as it stands. */
function readText(type: ColumnType, value: Exclude<SqliteValue, null>): Value {
  if (typeof value !== 'string') return value
  try {
    return type.value(value)
  } catch {
    return value
  }
}

/** As in PostgreSQL, `$1` may come twice; SQLite's own `?` goes by place. */
function parametersOf(text: string, params: readonly unknown[]): SqliteParameters {
  const values = params.map(parameterOf)
  if (!/\$\d/.test(text)) return values
  // A dollar sign may stand in a literal; only numbers that the query has are bound.
  return Object.fromEntries(values.map((value, index) => [String(index + 1), value]))
}

function parameterOf(value: unknown): SqliteValue {
  switch (typeof value) {
    case 'boolean':
      return value ? 1 : 0
    case 'number':
      // A double would leave `5000000000.0` in a column of texts, and SQLite takes NaN for null.
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return BigInt(value)
      return Number.isFinite(value) ? value : String(value)
    case 'bigint':
    case 'string':
      return value
    default:
      if (value instanceof Uint8Array) return value
      if (value instanceof Date) return canonicalTimestamp('timestamp with time zone', toText(value) ?? '', 6)
      return toText(value)
  }
}

/** The local transaction begins and ends with the call that runs it. */
function refuseTransactions(text: string): void {
  const [word] = /^(?:\s|--[^\n]*\n|\/\*.*?\*\/)*(begin|commit|end|rollback|savepoint|release)\b/is.exec(text) ?? []
  if (word === undefined) return
  throw new Error('A query is part of a local transaction already. Use `device.transaction` to put several into one.')
}

function listQuery(
  sql: EntitySql,
  { where = {}, orderBy, limit, offset }: ListOptions,
  place: (name: string, value: unknown) => number,
): string {
  const filter = Object.entries(where)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${quoteName(columnNamed(sql.model, name).name)} is $${place(name, value)}`)
  const [name, direction] = typeof orderBy === 'string' ? [orderBy, 'asc' as const] : (orderBy ?? [])
  const first =
    name === undefined ? [] : orderTerms(columnNamed(sql.model, name), direction === 'desc' ? 'desc' : 'asc')
  const order = [...first, ...sql.model.key.flatMap((column) => orderTerms(column, 'asc'))]
  return [
    `select * from ${sql.table}`,
    ...(filter.length > 0 ? [`where ${filter.join(' and ')}`] : []),
    `order by ${order.join(', ')}`,
    ...(limit === undefined && offset === undefined ? [] : [`limit ${count(limit ?? Number.MAX_SAFE_INTEGER)}`]),
    ...(offset === undefined ? [] : [`offset ${count(offset)}`]),
  ].join(' ')
}

/** Texts that stand for numbers, times and enums in the order of what they stand for; null above all, as in PostgreSQL. */
function orderTerms({ name, type }: Pick<SqliteColumn, 'name' | 'type'>, direction: 'asc' | 'desc'): string[] {
  const column = quoteName(name)
  const nulls = direction === 'asc' ? 'nulls last' : 'nulls first'
  const terms = () => {
    if (type.values) {
      const ranks = type.values.map((value, index) => `when ${quoteText(value)} then ${index}`)
      return [`case ${column} ${ranks.join(' ')} end`]
    }
    if (/^(numeric|real|double precision)/.test(type.base) && !type.base.endsWith(']')) {
      return [
        `case ${column} when '-Infinity' then -1 when 'Infinity' then 1 when 'NaN' then 2 when null then null else 0 end`,
        `cast(${column} as real)`,
      ]
    }
    if (/^(date|timestamp)/.test(type.base) && !type.base.endsWith(']')) {
      return [
        `case when ${column} = '-infinity' then -1 when ${column} = 'infinity' then 2 else ${column} not like '% BC' end`,
      ]
    }
    return []
  }
  return [
    ...(terms().length > 0 ? [`${column} is null ${direction === 'asc' ? 'asc' : 'desc'}`] : []),
    ...terms().map((term) => `${term} ${direction}`),
    `${column} ${direction} ${nulls}`,
  ]
}

function count(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new RangeError(`A limit or an offset is a whole number of rows, not ${value}.`)
}

/** Edits of this transaction, and the rows that they show, in PostgreSQL's form. */
function settleTexts(connection: Connection, sqlByEntity: SqlByEntity, after: number): void {
  const edits = connection.all(
    'select seq, entity, op, key, "set" from _syncline_edit where seq > ? and op <> \'delete\' order by seq',
    [after],
  )
  for (const [seq, entity, , keyJson, setJson] of edits) {
    const sql = sqlByEntity.get(String(entity))
    if (!sql) continue
    const set = JSON.parse(String(setJson)) as Image
    const corrected: Record<string, string> = {}
    for (const [id, text] of Object.entries(set)) {
      const column = sql.columnById.get(id)
      if (!column || text === null) continue
      const canonical = canonicalText(sql, column, text)
      if (canonical !== text) corrected[id] = canonical
    }
    if (Object.keys(corrected).length > 0)
      correct(connection, sql, Number(seq), String(keyJson), { ...set, ...corrected }, corrected)
  }
}

function canonicalText({ entity }: EntitySql, column: SqliteColumn, text: string): string {
  try {
    return column.type.canonical(text)
  } catch (error) {
    throw new Error(`${entity.name}.${column.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function correct(
  connection: Connection,
  sql: EntitySql,
  seq: number,
  keyJson: string,
  set: Image,
  corrected: Readonly<Record<string, string>>,
): void {
  const id = sql.entity.id
  const key = JSON.parse(keyJson) as string[]
  const newKey = sql.key.map((column, index) => corrected[column.id] ?? key[index] ?? '')
  const changed = Object.entries(corrected).map(([attribute, text]) => ({
    column: sql.columnById.get(attribute) as SqliteColumn,
    text,
  }))
  connection.run('update _syncline_device set capturing = 0')
  connection.run(
    `update ${sql.table} set ${changed.map(({ column }) => `${quoteName(column.name)} = ?`).join(', ')}
     where ${sql.key.map(({ name }) => `${quoteName(name)} = ?`).join(' and ')}`,
    [...changed.map(({ column, text }) => storedValue(column, text)), ...storedKey(sql, key)],
  )
  connection.run('update _syncline_device set capturing = 1')
  connection.run('update _syncline_edit set "set" = ? where seq = ?', [JSON.stringify(set), seq])
  const newKeyJson = JSON.stringify(newKey)
  if (newKeyJson === keyJson) return
  // All that this transaction has said of the row is known by its key in PostgreSQL's form from here on.
  connection.run('update _syncline_edit set key = ? where entity = ? and key = ? and seq >= ?', [
    newKeyJson,
    id,
    keyJson,
    seq,
  ])
  connection.run('update or replace _syncline_shadow set key = ? where entity = ? and key = ?', [
    newKeyJson,
    id,
    keyJson,
  ])
}
