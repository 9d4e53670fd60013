/**
 * A pull's pages in SQLite: kept until the last one is there, then shown.
 *
 *   page ─► memory ─┬─► the same transaction shows it: put in as it came
 *                   └─► else, at the transaction's end: text in `_syncline_staged`
 *                         └─ of a large full pull: rows in a table like the entity's, copied when they are shown
 *
 * Invariants
 * - A later page's rows stand over an earlier one's, and no more than a page is in memory (D7).
 * - The rows of a full pull are read and checked while the next page is on its way: what is left to do at the end is a
 *   copy from table to table, which SQLite does by pages where the entity's table is empty.
 */
import { type Image, type Key, keyText, type StagedPart, type SyncTransaction } from '../../contract'
import { quoteName } from '../../contract/sql-text'
import type { Connection } from './connection'
import { type EntitySql, imageOfTexts, storedKey } from './entity-sql'
import { putRows } from './put-rows'

/** Takes the table's triggers away and brings them back; SQLite looks at them for each row, even while they are off. */
export interface Triggers {
  readonly drop: (entity: string) => void
  readonly create: (entity: string) => void
}

type Stage = Pick<SyncTransaction, 'stage' | 'stagedEntities' | 'unstage' | 'applyStaged'> & {
  /** Writes aside what was staged in this transaction and not shown. */
  readonly flush: () => void
}

/** From so many rows on it is cheaper to do without triggers, and to fill a table aside. */
const MANY_ROWS = 2000

/** What `attributes` of a staged page says whose rows are in the entity's fill. */
const FILLED = 'null'

export function sqliteStage(connection: Connection, sqlOf: (entity: string) => EntitySql, triggers: Triggers): Stage {
  const { all, run, one } = connection
  let fresh: StagedPart[] = []

  const isFilled = (entity: string) =>
    one('select 1 from _syncline_staged where entity = ? and attributes = ? limit 1', [entity, FILLED]) !== undefined
  const fill = (sql: EntitySql, part: Pick<StagedPart, 'attributes' | 'rows' | 'deleted'>) => {
    const table = fillTable(sql.entity.id)
    if (part.rows !== '') putRows(connection, sql, table, part)
    for (const key of part.deleted) run(removeFrom(sql, table), storedKey(sql, key))
  }
  const keep = ({ entity, full, rowCount, deleted }: StagedPart, attributes: string, rows: string) =>
    run(
      'insert into _syncline_staged (entity, attributes, "full", rows, row_count, deleted) values (?, ?, ?, ?, ?, ?)',
      [entity, attributes, full ? 1 : 0, rows, rowCount, JSON.stringify(deleted)],
    )
  const writeAside = (part: StagedPart) => {
    const sql = sqlOf(part.entity)
    const isPlain = part.full && part.attributes.every((attribute) => sql.columnById.has(attribute))
    const has = isFilled(part.entity)
    if (!has && !(isPlain && part.rowCount >= MANY_ROWS)) return keep(part, JSON.stringify(part.attributes), part.rows)
    if (!has) {
      makeFill(connection, sql)
      for (const earlier of stored(connection, part.entity)) fill(sql, earlier())
      run(`update _syncline_staged set attributes = ?, rows = '' where entity = ?`, [FILLED, part.entity])
    }
    fill(sql, part)
    return keep(part, FILLED, '')
  }

  return {
    stage: async (part) => void fresh.push(part),
    flush: () => {
      for (const part of fresh) writeAside(part)
      fresh = []
    },
    stagedEntities: async () => {
      const full = new Map(
        all('select entity, max("full") from _syncline_staged group by entity order by min(id)').map(
          ([entity, isFull]) => [String(entity), isFull === 1],
        ),
      )
      for (const part of fresh) full.set(part.entity, part.full || full.get(part.entity) === true)
      return [...full].map(([entity, isFull]) => ({ entity, full: isFull }))
    },
    unstage: async () => {
      fresh = []
      dropStaged(connection)
    },
    applyStaged: async (entity, full) => {
      const sql = sqlOf(entity)
      const own = fresh.filter((part) => part.entity === entity)
      const filled = isFilled(entity)
      if (filled) for (const part of own) writeAside(part)
      fresh = filled ? fresh.filter((part) => part.entity !== entity) : fresh
      const parts = filled ? [] : [...stored(connection, entity), ...own.map((part) => () => part)]
      const rows = countOf(connection, entity) + (filled ? 0 : own.reduce((sum, part) => sum + sizeOf(part), 0))

      const shadows = new Set(
        all('select key from _syncline_shadow where entity = ?', [entity]).map(([key]) => String(key)),
      )
      const edited = new Map<string, Image | null>()
      const isLarge = rows >= MANY_ROWS
      if (isLarge) triggers.drop(entity)
      if (full) {
        removeUnedited(connection, sql, shadows)
        for (const key of shadows) edited.set(key, null)
      }
      const isEmpty = isLarge && one(`select 1 from ${sql.table} limit 1`) === undefined
      const restoreIndexes = isEmpty ? withoutIndexes(connection, sql) : () => undefined
      if (filled) {
        for (const [key, image] of takeFromFill(connection, sql, shadows)) edited.set(key, image)
        run(`insert into ${sql.table} select * from ${fillTable(entity)}`)
      }
      for (const part of parts) applyPart(connection, sql, part(), shadows, edited)
      restoreIndexes()
      if (isLarge) triggers.create(entity)
      return { rows, edited: [...edited].map(([key, image]) => ({ key: JSON.parse(key) as Key, image })) }
    },
  }
}

/** Forgets all pages; costs one read where there are none. */
export function dropStaged({ all, run }: Connection): void {
  const staged = all('select distinct entity, attributes = ? from _syncline_staged', [FILLED])
  for (const [entity, isFilled] of staged) if (isFilled === 1) run(`drop table ${fillTable(String(entity))}`)
  if (staged.length > 0) run('delete from _syncline_staged')
}

function fillTable(entity: string): string {
  return quoteName(`_syncline_fill_${entity}`)
}

/** A table just like the entity's: so SQLite copies it without a look at its rows. */
function makeFill({ one, driver }: Connection, sql: EntitySql): void {
  const made = String(one(`select sql from sqlite_schema where type = 'table' and name = ?`, [sql.entity.table]))
  driver.execute(`create table ${fillTable(sql.entity.id)} ${made.slice(made.indexOf(sql.table) + sql.table.length)}`)
}

function removeFrom(sql: EntitySql, table: string): string {
  return `delete from ${table} where ${sql.key.map(({ name }) => `${quoteName(name)} = ?`).join(' and ')}`
}

/** Pages that were written aside, each read when it is asked for. */
function stored({ all }: Connection, entity: string): (() => PagePart)[] {
  return all('select id from _syncline_staged where entity = ? order by id', [entity]).map(([id = null]) => () => {
    const [[attributes, rows, deleted] = []] = all(
      'select attributes, rows, deleted from _syncline_staged where id = ?',
      [id],
    )
    return {
      attributes: JSON.parse(String(attributes)) as string[],
      rows: String(rows),
      deleted: JSON.parse(String(deleted)) as Key[],
    }
  })
}

type PagePart = Pick<StagedPart, 'attributes' | 'rows' | 'deleted'>

function countOf({ one }: Connection, entity: string): number {
  const count = 'coalesce(sum(row_count + json_array_length(deleted)), 0)'
  return Number(one(`select ${count} from _syncline_staged where entity = ?`, [entity]))
}

function sizeOf({ rowCount, deleted }: StagedPart): number {
  return rowCount + deleted.length
}

/** Takes what the pages say of rows with a shadow out of the fill. */
function takeFromFill(connection: Connection, sql: EntitySql, shadows: ReadonlySet<string>): [string, Image][] {
  const table = fillTable(sql.entity.id)
  const read = sql.readRow.replace(` from ${sql.table} where `, () => ` from ${table} where `)
  return [...shadows].flatMap((text): [string, Image][] => {
    const key = storedKey(sql, JSON.parse(text) as Key)
    const [texts] = connection.all(read, key)
    if (texts) connection.run(removeFrom(sql, table), key)
    return texts ? [[text, imageOfTexts(sql, texts)]] : []
  })
}

function applyPart(
  connection: Connection,
  sql: EntitySql,
  part: PagePart,
  shadows: ReadonlySet<string>,
  edited: Map<string, Image | null>,
): void {
  const { attributes } = part
  const keyPlaces = sql.entity.key.map((attribute) => attributes.indexOf(attribute))
  const isClean = (row: readonly (string | null)[]) => {
    const key = keyText(keyPlaces.map((place) => row[place] ?? ''))
    if (!shadows.has(key)) return true
    const image = sql.columns.map(({ id }) => [id, row[attributes.indexOf(id)] ?? null] as const)
    edited.set(key, Object.fromEntries(image))
    return false
  }
  if (part.rows !== '') putRows(connection, sql, sql.table, part, shadows.size === 0 ? undefined : isClean)
  for (const key of part.deleted) {
    if (shadows.has(keyText(key))) edited.set(keyText(key), null)
    else connection.run(sql.removeRow, storedKey(sql, key))
  }
}

/** Takes the table's indexes away; the answer makes them anew, sorted once instead of row by row. */
function withoutIndexes({ all, run, driver }: Connection, { entity }: EntitySql): () => void {
  const indexes = all(`select name, sql from sqlite_schema where type = 'index' and tbl_name = ? and sql is not null`, [
    entity.table,
  ])
  for (const [name] of indexes) run(`drop index ${quoteName(String(name))}`)
  return () => {
    for (const [, sql] of indexes) driver.execute(String(sql))
  }
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
