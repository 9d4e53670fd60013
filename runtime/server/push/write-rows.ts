/**
 * Rows written by set: one statement checks that the session may write them and writes them (P4, P5).
 *
 * Each answers what became of each row, by its place in what was given.
 */
import type { DatabaseTransaction } from '../../contract/api'
import { quoteName } from '../../contract/sql-text'
import { valueSql, writtenSql } from '../../contract/value-sql'
import type { WireValue } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import { type ScopeSession, scopeTest, sessionParams, sessionSource } from '../scope'
import { type ColumnTypes, matches, rowSource } from './column-types'

export interface Writer {
  readonly tx: DatabaseTransaction
  readonly types: ColumnTypes
  readonly scope: ScopeSession
  /** The device's id. */
  readonly device: string
}

/** `outside`: it was there and may be written, but would leave what the session may write. */
export type Written = 'written' | 'missing' | 'outside'

export interface KeyedValues {
  readonly key: readonly string[]
  /** In the order of the attributes. */
  readonly values: readonly WireValue[]
}

export async function updateRows(
  writer: Writer,
  plan: EntityPlan,
  attributes: readonly string[],
  rows: readonly KeyedValues[],
): Promise<Written[]> {
  const keyNames = plan.entity.key.map((_, index) => `k${index}`)
  const valueNames = attributes.map((_, index) => `c${index}`)
  const source = rowSource(
    [...keyNames, ...valueNames],
    rows.map(({ key, values }) => [...key, ...values]),
  )
  const user = userOf(writer, plan, attributes, source.params.length)
  const set = attributes
    .map((id, index) => {
      const value = columnValue(writer, plan, id, `v.c${index}`, user.sql)
      const attribute = plan.attributes.get(id)
      const column = columnOf(plan, id)
      if (attribute?.file === undefined) return `${column} = ${value}`
      // What the row has already nobody need upload.
      return `${column} = case when v.c${index} = ${valueSql(attribute)} then b.${column} else ${value} end`
    })
    .join(', ')
  const test = testOf(writer, plan, source.params.length + user.params.length)
  const updated = await writer.tx.query(
    `update ${plan.base} as b set ${set} from ${source.sql}${test.join}
     where ${matches(plan, writer.types, plan.entity.key, 'b', keyNames)}${test.where}
     returning v.ord - 1 as place, ${test.after} as inside`,
    [...source.params, ...user.params, ...test.params],
  )
  return outcomes(rows.length, updated)
}

/** A row that is not there, or that the session may not write, is answered as `missing`. */
export async function deleteRows(
  writer: Writer,
  plan: EntityPlan,
  keys: readonly (readonly string[])[],
): Promise<Written[]> {
  const keyNames = plan.entity.key.map((_, index) => `k${index}`)
  const source = rowSource(keyNames, keys)
  const test = testOf(writer, plan, source.params.length)
  const deleted = await writer.tx.query(
    `delete from ${plan.base} as b using ${source.sql}${test.join}
     where ${matches(plan, writer.types, plan.entity.key, 'b', keyNames)}${test.where}
     returning v.ord - 1 as place, true as inside`,
    [...source.params, ...test.params],
  )
  return outcomes(keys.length, deleted)
}

export interface Inserted {
  readonly written: Written
  readonly key: readonly string[]
}

/**
 * Rows with the given attributes; where a part of the key is not among them, the server makes it. In PostgreSQL an insert
 * takes ordered rows, and answers them, one by one in their order.
 */
export async function insertRows(
  writer: Writer,
  plan: EntityPlan,
  attributes: readonly string[],
  rows: readonly (readonly WireValue[])[],
): Promise<Inserted[]> {
  // A row without any value has a column of its own making: `unnest` needs one.
  const names = attributes.length === 0 ? ['nothing'] : attributes.map((_, index) => `c${index}`)
  const source = rowSource(names, attributes.length === 0 ? rows.map(() => [null]) : rows)
  const user = userOf(writer, plan, attributes, source.params.length)
  const values = attributes.map((id, index) => columnValue(writer, plan, id, `v.c${index}`, user.sql))
  const offset = source.params.length + user.params.length
  const test = testOf(writer, plan, offset)
  const inside = test.join === '' ? 'true' : `(select ${test.after} from ${sessionSource(offset)})`
  const keys = plan.keyColumns.map((column, index) => `b.${column}::text as key_${index}`).join(', ')
  const inserted =
    attributes.length === 0
      ? await insertDefaults(writer, plan, rows.length, keys)
      : await writer.tx.query(
          // "Overriding" lets a given key into a column that is always generated, and means nothing elsewhere.
          `insert into ${plan.base} as b (${attributes.map((id) => columnOf(plan, id)).join(', ')}) overriding system value
           select ${values.join(', ')} from ${source.sql} order by v.ord
           returning ${inside} as inside, ${keys}`,
          [...source.params, ...user.params, ...test.params],
        )
  return rows.map((_, index): Inserted => {
    const row = inserted[index]
    return {
      written: row === undefined ? 'missing' : row.inside === true ? 'written' : 'outside',
      key: plan.keyColumns.map((_, part) => String(row?.[`key_${part}`])),
    }
  })
}

async function insertDefaults(writer: Writer, plan: EntityPlan, count: number, keys: string) {
  const test = testOf(writer, plan, 0)
  const inside = test.join === '' ? 'true' : `(select ${test.after} from ${sessionSource(0)})`
  const inserted = []
  for (let n = 0; n < count; n += 1) {
    const sql = `insert into ${plan.base} as b default values returning ${inside} as inside, ${keys}`
    inserted.push(...(await writer.tx.query(sql, test.params)))
  }
  return inserted
}

/** What is written where `text` came: the value itself, or the file that it names. */
function columnValue({ types }: Writer, plan: EntityPlan, attribute: string, text: string, user: string): string {
  const file = plan.attributes.get(attribute)?.file
  return file === undefined ? `${text}::${types.of(plan, attribute)}` : writtenSql(user, text, file)
}

/** Whose uploads files are taken from, as a parameter after the first `offset` ones; none where no file is written. */
function userOf({ scope }: Writer, plan: EntityPlan, attributes: readonly string[], offset: number) {
  const writesFiles = attributes.some((id) => plan.attributes.get(id)?.file !== undefined)
  return { sql: `$${offset + 1}::text`, params: writesFiles ? [scope.user] : [] }
}

/** What a statement over `b` needs to check the session's right to write, before and after. */
function testOf(writer: Writer, plan: EntityPlan, offset: number) {
  const test = scopeTest(plan, 'write')
  if (test === null) return { join: '', where: '', after: 'true', params: [] }
  return {
    join: ` cross join ${sessionSource(offset)}`,
    where: ` and ${test}`,
    after: `(${test})`,
    params: sessionParams(writer.scope),
  }
}

function outcomes(count: number, rows: readonly { readonly [name: string]: unknown }[]): Written[] {
  const written: Written[] = Array.from({ length: count }, () => 'missing')
  for (const row of rows) written[Number(row.place)] = row.inside === true ? 'written' : 'outside'
  return written
}

function columnOf(plan: EntityPlan, attribute: string): string {
  return quoteName(plan.attributes.get(attribute)?.column ?? '')
}
