/** SQL about one entity's table in SQLite, made once when the tables are opened. */
import type { Bundle, EntityContract, Image, Key } from '../../contract'
import { type SqliteStorage, sqliteColumnType, sqliteStorage, sqliteText } from '../../contract/device-schema-sqlite'
import { quoteName } from '../../contract/sql-text'
import { type Column, type EntityModel, entityModel } from '../entity-model'
import type { SqliteValue } from './driver'

export interface SqliteColumn extends Column {
  readonly storage: SqliteStorage
  readonly declared: string
  /** Its place in the table. */
  readonly place: number
}

export interface EntitySql {
  readonly entity: EntityContract
  readonly model: EntityModel
  readonly table: string
  readonly columns: readonly SqliteColumn[]
  readonly key: readonly SqliteColumn[]
  readonly columnById: ReadonlyMap<string, SqliteColumn>
  /** Texts of all columns, in order, of the row of the key. */
  readonly readRow: string
  readonly removeRow: string
  /** Texts of all columns, the next rows after a key; `firstRows` those at the beginning. */
  readonly nextRows: string
  readonly firstRows: string
  /** Inserts or replaces rows given by the texts of these attributes, into the table or one like it. */
  readonly writeRows: (attributes: readonly string[], count: number, table?: string) => string
  readonly writeRow: (attributes: readonly string[]) => string
}

export const ROWS_AT_A_TIME = 1000

export function entitySql(entity: EntityContract, bundle: Bundle): EntitySql {
  const model = entityModel(bundle, entity)
  const columns = model.columns.map(
    (column, place): SqliteColumn => ({
      ...column,
      storage: sqliteStorage(column.attribute, bundle.types),
      declared: sqliteColumnType(column.attribute, bundle.types),
      place,
    }),
  )
  const columnById = new Map(columns.map((column) => [column.id, column]))
  const key = model.key.map(({ id }) => columnById.get(id) as SqliteColumn)
  const table = quoteName(entity.table)
  const keyNames = key.map(({ name }) => quoteName(name)).join(', ')
  const keyIs = key.map(({ name }) => `${quoteName(name)} = ?`).join(' and ')
  const texts = columns.map(({ name, storage }) => sqliteText(quoteName(name), storage)).join(', ')
  const writeRows: EntitySql['writeRows'] = (attributes, count, into = table) => {
    const written = attributes.map((id) => columnById.get(id))
    const row = `(${written.map((column) => parameterOf(column?.storage ?? 'text')).join(', ')})`
    return `insert or replace into ${into} (${written.map((column) => quoteName(column?.name ?? '')).join(', ')})
      values ${Array.from({ length: count }, () => row).join(', ')}`
  }
  return {
    entity,
    model,
    table,
    columns,
    key,
    columnById,
    readRow: `select ${texts} from ${table} where ${keyIs}`,
    removeRow: `delete from ${table} where ${keyIs}`,
    firstRows: `select ${texts} from ${table} order by ${keyNames} limit ${ROWS_AT_A_TIME}`,
    nextRows: `select ${texts} from ${table} where (${keyNames}) > (${key.map(() => '?').join(', ')}) order by ${keyNames} limit ${ROWS_AT_A_TIME}`,
    writeRows,
    writeRow: (attributes) => writeRows(attributes, 1),
  }
}

/** A parameter that is given as PostgreSQL's text; whole numbers become such by their column. */
function parameterOf(storage: SqliteStorage): string {
  switch (storage) {
    case 'boolean':
      return `? = 'true'`
    case 'bytes':
      return 'unhex(substr(?, 3))'
    case 'integer':
    case 'text':
      return '?'
  }
}

/** An expression of PostgreSQL's text as SQLite holds the value, for comparisons. */
export function valueOfText(text: string, storage: SqliteStorage): string {
  switch (storage) {
    case 'integer':
      return `cast(${text} as integer)`
    case 'boolean':
      return `${text} = 'true'`
    case 'bytes':
      return `unhex(substr(${text}, 3))`
    case 'text':
      return text
  }
}

/** A text as SQLite holds it, for comparisons. */
export function storedValue({ storage }: Pick<SqliteColumn, 'storage'>, text: string | null): SqliteValue {
  if (text === null) return null
  switch (storage) {
    case 'integer': {
      const value = Number(text)
      return Number.isSafeInteger(value) ? value : BigInt(text)
    }
    case 'boolean':
      return text === 'true' ? 1 : 0
    case 'bytes': {
      const bytes = new Uint8Array((text.length - 2) / 2)
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(text.slice(2 + i * 2, 4 + i * 2), 16)
      return bytes
    }
    case 'text':
      return text
  }
}

export function storedKey(sql: EntitySql, key: Key): SqliteValue[] {
  return sql.key.map((column, index) => storedValue(column, key[index] ?? null))
}

/** A row of texts in the order of the table's columns. */
export function imageOfTexts({ columns }: EntitySql, texts: readonly SqliteValue[]): Image {
  const image: Record<string, string | null> = {}
  for (const { id, place } of columns) image[id] = (texts[place] ?? null) as string | null
  return image
}
