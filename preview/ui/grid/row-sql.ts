/**
 * The SQL behind a grid. All values are read in PostgreSQL's text form, so that what is shown is exactly
 * what is stored, and written as text, which PostgreSQL reads as a value of the column's type.
 */
import type { ColumnShape, EntityShape, TableShape } from '../../device/messages'
import { quoteName, tableName } from '../../sql'

export type CellText = string | null

export interface GridRow {
  readonly cells: readonly CellText[]
  /** True while the device has an edit of this row that the server has not answered. */
  readonly pending: boolean
  /** True while a conflict of this row waits for a decision. */
  readonly parked: boolean
}

export interface Statement {
  readonly text: string
  readonly params: readonly (CellText | readonly CellText[])[]
}

export const PAGE_ROWS = 100
/** Enough to see that there is something; pictures would otherwise cross the port as hexadecimal text. */
const SHOWN_BYTES = 24

export function countSql(table: TableShape): Statement {
  return { text: `select count(*)::text as rows from ${tableName(table)}`, params: [] }
}

/** `entity` is given for a device, whose outbox tells which rows are pending. */
export function pageSql(table: TableShape, page: number, entity: EntityShape | null): Statement {
  const values = table.columns.map((column, index) => `${shownValue(column)} as c${index}`)
  const order = (table.key.length > 0 ? table.key : table.columns.map(({ name }) => name)).map(
    (name) => `t.${quoteName(name)}`,
  )
  const edits =
    entity === null || table.key.length === 0
      ? null
      : `from _syncline.edit e where e.entity = $1 and e.key = array[${table.key.map((name) => `t.${quoteName(name)}::text`).join(', ')}]`
  const [pending, parked] =
    edits === null
      ? ['false', 'false']
      : [`exists (select ${edits})`, `exists (select ${edits} and e.parked_by is not null)`]
  return {
    text: `select ${values.join(', ')}, ${pending} as pending, ${parked} as parked from ${tableName(table)} t
order by ${order.join(', ')} limit ${PAGE_ROWS} offset ${page * PAGE_ROWS}`,
    params: edits === null || entity === null ? [] : [entity.id],
  }
}

export function updateSql(table: TableShape, column: string, value: CellText, row: GridRow): Statement {
  return {
    text: `update ${tableName(table)} set ${quoteName(column)} = $1 where ${whereKey(table, 2)}`,
    params: [value, ...keyOf(table, row)],
  }
}

export function deleteSql(table: TableShape, row: GridRow): Statement {
  return { text: `delete from ${tableName(table)} where ${whereKey(table, 1)}`, params: keyOf(table, row) }
}

/** A column that is not in `values` takes its default. */
export function insertSql(table: TableShape, values: ReadonlyMap<string, CellText>): Statement {
  if (values.size === 0) return { text: `insert into ${tableName(table)} default values`, params: [] }
  const names = [...values.keys()].map(quoteName)
  return {
    text: `insert into ${tableName(table)} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    params: [...values.values()],
  }
}

export function keyOf(table: TableShape, row: GridRow): CellText[] {
  return table.key.map((name) => row.cells[table.columns.findIndex((column) => column.name === name)] ?? null)
}

/** Bytes are cut for showing, so they can't be edited in place. */
export function isShownWhole(column: ColumnShape): boolean {
  return column.type !== 'bytea'
}

function shownValue(column: ColumnShape): string {
  const name = `t.${quoteName(column.name)}`
  return isShownWhole(column)
    ? `${name}::text`
    : `substring(${name} from 1 for ${SHOWN_BYTES})::text || case when length(${name}) > ${SHOWN_BYTES} then '…' else '' end`
}

function whereKey(table: TableShape, first: number): string {
  return table.key.map((name, index) => `${quoteName(name)} = $${first + index}`).join(' and ')
}
