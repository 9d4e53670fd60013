/**
 * Puts the rows of a page into a table: from COPY text to bound values in one pass, several rows a statement.
 */
import type { StagedPart } from '../../contract'
import { parseCopyValues } from '../../core/copy-text'
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
  const width = known.length
  const isWhole = width === attributes.length
  const values: SqliteValue[] =
    isWhole && !takes ? parseCopyValues(rows) : picked(parseCopyValues(rows), attributes, known, takes)
  known.forEach((attribute, place) => {
    if (isSmallInteger(sql, attribute)) toNumbers(values, place, width)
  })
  const step = width * Math.max(1, Math.min(ROWS_A_STATEMENT, Math.floor(MOST_PARAMETERS / width)))
  const many = connection.statement(sql.writeRows(known, step / width, into))
  const whole = values.length - (values.length % step)
  for (let at = 0; at < whole; at += step) many.run(values.slice(at, at + step))
  if (whole === values.length) return
  const one = connection.statement(sql.writeRows(known, 1, into))
  for (let at = whole; at < values.length; at += width) one.run(values.slice(at, at + width))
}

function picked(
  values: readonly (string | null)[],
  attributes: readonly string[],
  known: readonly string[],
  takes: (row: readonly (string | null)[]) => boolean = () => true,
): SqliteValue[] {
  const width = attributes.length
  const places = known.map((attribute) => attributes.indexOf(attribute))
  const kept: SqliteValue[] = []
  for (let at = 0; at < values.length; at += width) {
    const row = values.slice(at, at + width)
    if (takes(row)) for (const place of places) kept.push(row[place] ?? null)
  }
  return kept
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
