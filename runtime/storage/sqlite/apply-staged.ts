/**
 * Shows a pull's pages: one prepared insert of texts, page by page in the order in which they came, so that a later
 * page's rows stand over an earlier one's and no more than a page is in memory.
 */
import { type Image, type Key, keyText, type SyncTransaction } from '../../contract'
import { parseCopyText } from '../../core/copy-text'
import type { Connection } from './connection'
import { type EntitySql, storedKey } from './entity-sql'

/** Takes the table's triggers away and brings them back; SQLite looks at them for each row, even while they are off. */
export interface Triggers {
  readonly drop: (entity: string) => void
  readonly create: (entity: string) => void
}

/** From so many rows on it is cheaper to do without triggers than to have each row ask whether they are off. */
const MANY_ROWS = 2000

export async function applyStaged(
  connection: Connection,
  sql: EntitySql,
  full: boolean,
  triggers: Triggers,
): ReturnType<SyncTransaction['applyStaged']> {
  const { all, run } = connection
  const { id } = sql.entity
  const parts = all('select id, attributes, row_count, deleted from _syncline_staged where entity = ? order by id', [
    id,
  ])
  const shadows = new Set(all('select key from _syncline_shadow where entity = ?', [id]).map(([key]) => String(key)))
  const edited = new Map<string, Image | null>()
  const isLarge = parts.reduce((sum, [, , count]) => sum + Number(count), 0) >= MANY_ROWS
  if (isLarge) triggers.drop(id)
  if (full) {
    removeUnedited(connection, sql, shadows)
    for (const key of shadows) edited.set(key, null)
  }
  let rows = 0
  for (const [part, attributesJson, , deletedJson] of parts) {
    const attributes = JSON.parse(String(attributesJson)) as string[]
    const known = attributes.filter((attribute) => sql.columnById.has(attribute))
    const places = known.map((attribute) => attributes.indexOf(attribute))
    const isWhole = places.length === attributes.length
    const keyPlaces = sql.entity.key.map((attribute) => attributes.indexOf(attribute))
    const write = connection.statement(sql.writeRow(known))
    const text = String(connection.one('select rows from _syncline_staged where id = ?', [part ?? null]))
    for (const fields of parseCopyText(text)) {
      rows += 1
      if (shadows.size > 0) {
        const key = keyText(keyPlaces.map((place) => fields[place] ?? ''))
        if (shadows.has(key)) {
          edited.set(
            key,
            Object.fromEntries(sql.columns.map((column) => [column.id, fields[attributes.indexOf(column.id)] ?? null])),
          )
          continue
        }
      }
      write.run(isWhole ? fields : places.map((place) => fields[place] ?? null))
    }
    for (const key of JSON.parse(String(deletedJson)) as Key[]) {
      rows += 1
      if (shadows.has(keyText(key))) edited.set(keyText(key), null)
      else run(sql.removeRow, storedKey(sql, key))
    }
  }
  if (isLarge) triggers.create(id)
  return { rows, edited: [...edited].map(([key, image]) => ({ key: JSON.parse(key) as Key, image })) }
}

function removeUnedited({ run, all }: Connection, sql: EntitySql, shadows: ReadonlySet<string>): void {
  const kept = [...shadows].flatMap((key) => {
    const stored = storedKey(sql, JSON.parse(key) as Key)
    return all(sql.readRow, stored).map((texts) => texts)
  })
  run(`delete from ${sql.table}`)
  const write = sql.writeRow(sql.columns.map(({ id }) => id))
  for (const texts of kept) run(write, texts)
}
