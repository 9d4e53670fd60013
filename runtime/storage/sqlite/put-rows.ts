/**
 * Puts the rows of a page into a table: from COPY text to bound values in one pass, several rows a statement.
 */
import type { StagedPart } from '../../contract'
import { copyReader } from '../../core/copy-text'
import type { Connection } from './connection'
import type { SqliteValue } from './driver'
import type { EntitySql } from './entity-sql'

/** More rows a statement gain nothing. */
const ROWS_A_STATEMENT = 50
/** SQLite takes 32766 parameters. */
const MOST_PARAMETERS = 30_000

export type PageRows = Pick<StagedPart, 'attributes' | 'rows'>

/**
 * Later rows stand over earlier ones.
 *
 * @param takes answers false for a row that is not to be put in; left out where all are
 */
export function putRows(
  connection: Connection,
  sql: EntitySql,
  into: string,
  { attributes, rows }: PageRows,
  takes?: (row: readonly (string | null)[]) => boolean,
): void {
  const known = attributes.filter((attribute) => sql.columnById.has(attribute))
  const places = known.map((attribute) => attributes.indexOf(attribute))
  const width = known.length
  const numbers = known.flatMap((attribute, place) => (isSmallInteger(sql, attribute) ? [place] : []))
  const step = width * Math.max(1, Math.min(ROWS_A_STATEMENT, Math.floor(MOST_PARAMETERS / width)))
  const many = connection.statement(sql.writeRows(known, step / width, into))
  const one = connection.statement(sql.writeRows(known, 1, into))
  const put = (values: SqliteValue[]) => {
    for (const place of numbers) toNumbers(values, place, width)
    if (values.length === step) return many.run(values)
    for (let at = 0; at < values.length; at += width) one.run(values.slice(at, at + width))
  }

  const read = copyReader(rows, attributes.length)
  const values: (string | null)[] = []
  if (width === attributes.length && !takes) {
    for (let count = read(values, step); count > 0; count = read(values, step)) {
      values.length = count
      put(values)
    }
    return
  }
  const row: (string | null)[] = []
  while (read(row, attributes.length) > 0) {
    if (takes && !takes(row)) continue
    for (const place of places) values.push(row[place] ?? null)
    if (values.length < step) continue
    put(values)
    values.length = 0
  }
  put(values)
}

/** SQLite reads a whole number out of a text as well, but slower; those that a double can't hold it must. */
function isSmallInteger({ columnById }: EntitySql, attribute: string): boolean {
  const declared = columnById.get(attribute)?.declared
  return declared === 'int' || declared === 'smallint'
}

function toNumbers(values: SqliteValue[], place: number, width: number): void {
  for (let at = place; at < values.length; at += width) {
    const text = values[at]
    if (typeof text === 'string') values[at] = Number(text)
  }
}
