/** What other programs do to the server's tables: SQL made from an operation of the script. */
import type { Bundle, EntityContract, MergePolicy } from '../../contract/bundle'
import { quoteName } from '../../contract/sql-text'
import type { LocalOperation } from './script'
import type { ServerCatalogue, ServerColumn, ServerTable } from './server-catalogue'
import { makeValue } from './values'

export interface Statement {
  readonly text: string
  readonly params: readonly (string | null)[]
}

/** Numbers that keys and unique values are drawn from, few enough that devices and writers meet. */
export const KEY_POOL = 9

/** Null where nothing can be made for the table. */
export function writerStatement(
  catalogue: ServerCatalogue,
  bundle: Bundle,
  operation: LocalOperation,
): Statement | null {
  const entity = bundle.entities.find(({ id }) => id === operation.entity)
  const table = entity && tableOf(catalogue, entity)
  if (!table) return null
  switch (operation.op) {
    case 'create':
      return insertStatement(catalogue, table, operation.n, operation.pick)
    case 'update':
      return updateStatement(catalogue, table, entity, operation.n, operation.pick)
    case 'delete':
      return { text: `delete from ${table.sql} where ctid = ${someRow(table, 'ctid', operation.pick)}`, params: [] }
  }
}

export function tableOf(catalogue: ServerCatalogue, entity: EntityContract): ServerTable | undefined {
  return catalogue.tables.find(({ schema, name }) => schema === entity.server.schema && name === entity.server.table)
}

export function insertStatement(
  catalogue: ServerCatalogue,
  table: ServerTable,
  n: number,
  pick: number,
): Statement | null {
  const params: (string | null)[] = []
  const values = new Map<string, string>()
  for (const reference of table.references) {
    for (const [index, column] of reference.columns.entries()) {
      values.set(column, parentValue(catalogue, reference.table, reference.referenced[index] ?? '', pick))
    }
  }
  for (const column of table.columns) {
    if (column.generated || values.has(column.name)) continue
    // Where the database makes the key it does.
    if (column.hasRepeatableDefault && (table.key.includes(column.name) || n % 3 === 0)) continue
    if (column.nullable && (n + column.name.length) % 7 === 0) continue
    const shared =
      table.key.includes(column.name) || (n % 3 === 0 && table.uniques.some((set) => set.includes(column.name)))
    const isMadeByDatabase = column.hasDefault && !column.hasRepeatableDefault
    const made = makeValue(column.type, shared && !isMadeByDatabase ? pick % KEY_POOL : n, catalogue.types)
    if (made) {
      params.push(made.text)
      values.set(column.name, `$${params.length}::text::${column.type}`)
    } else if (!column.nullable && !column.hasDefault) return null
  }
  const names = [...values.keys()]
  if (names.length === 0) return { text: `insert into ${table.sql} default values`, params: [] }
  return {
    text: `insert into ${table.sql} (${names.map(quoteName).join(', ')}) values (${[...values.values()].join(', ')})`,
    params,
  }
}

function updateStatement(
  catalogue: ServerCatalogue,
  table: ServerTable,
  entity: EntityContract,
  n: number,
  pick: number,
): Statement | null {
  const writable = table.columns.filter(({ name, generated }) => !generated && !table.key.includes(name))
  const first = writable[n % Math.max(1, writable.length)]
  const second = writable[(n * 7 + 3) % Math.max(1, writable.length)]
  const chosen = [...new Set([first, n % 3 === 0 ? second : first])].filter((column) => column !== undefined)
  const params: (string | null)[] = []
  const sets = chosen.flatMap((column) => {
    const expression = newValue(catalogue, table, entity, column, n, pick, params)
    return expression === null ? [] : [`${quoteName(column.name)} = ${expression}`]
  })
  if (sets.length === 0) return null
  return { text: `update ${table.sql} set ${sets.join(', ')} where ctid = ${someRow(table, 'ctid', pick)}`, params }
}

function newValue(
  catalogue: ServerCatalogue,
  table: ServerTable,
  entity: EntityContract,
  column: ServerColumn,
  n: number,
  pick: number,
  params: (string | null)[],
): string | null {
  const name = quoteName(column.name)
  const reference = table.references.find(({ columns }) => columns.includes(column.name))
  if (reference) {
    if (reference.columns.length > 1) return null
    return parentValue(catalogue, reference.table, reference.referenced[0] ?? '', pick + 1)
  }
  const policy = policyOf(entity, column.name)
  if (policy === 'counter') return `coalesce(${name}, 0) + ${(n % 9) - 3}`
  const isUnique = table.uniques.some((set) => set.includes(column.name))
  const made = makeValue(column.type, isUnique && n % 3 === 0 ? pick % KEY_POOL : n, catalogue.types)
  if (policy === 'set') {
    if (!made || !column.type.endsWith('[]')) return null
    params.push(made.text)
    return `coalesce(${name}, '{}') || $${params.length}::text::${column.type}`
  }
  if (!made) return null
  params.push(column.nullable && n % 11 === 0 ? null : made.text)
  return `$${params.length}::text::${column.type}`
}

export function policyOf(entity: EntityContract, column: string): MergePolicy {
  if (entity.pattern.kind !== 'merge') return 'latest'
  const attribute = entity.attributes.find((one) => one.column === column)
  return (attribute && entity.pattern.policies[attribute.id]) ?? 'latest'
}

function parentValue(catalogue: ServerCatalogue, parentSql: string, column: string, pick: number): string {
  const parent = catalogue.tables.find(({ sql }) => sql === parentSql)
  return parent ? someRow(parent, quoteName(column), pick) : 'null'
}

/** One of the rows that are there, always the same for the same rows and number. */
function someRow(table: ServerTable, column: string, pick: number): string {
  const order = table.key.length > 0 ? table.key.map(quoteName).join(', ') : 'ctid'
  return `(select ${column} from ${table.sql} order by ${order} limit 1 offset ${pick} % greatest(1, (select count(*) from ${table.sql})))`
}
