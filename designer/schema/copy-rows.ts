/** Copies rows of a live database into a scratch one that has its tables, up to a bound for each table. */
import type { PGlite } from '@electric-sql/pglite'
import type postgres from 'postgres'
import type { ServerEntity, ServerSchema } from '@/designer/model/project'
import { copyOut } from '@/runtime/storage/copy-out'
import { toFault } from './explain-failure'
import type { SkippedStatement } from './import-result'
import { attributesInOrder, isTable, qualifiedName, sequenceOfDefault } from './schema-to-ddl'
import { quoteIdentifier, quoteLiteral } from './sql-text'

export interface CopyProgress {
  /** Tables that are copied, of all. */
  readonly done: number
  readonly total: number
  readonly rows: number
}

export interface CopiedRows {
  /** Exact counts; a table that was cut has none. */
  readonly rowCounts: { readonly [serverEntity: string]: number }
  readonly skipped: readonly SkippedStatement[]
}

/** Enough to try a design on, little enough for a browser to hold. */
export const ROWS_PER_TABLE = 10_000
const ROWS_PER_PAGE = 500
/** For tables of large values: a browser's device has to hold them all. */
const BYTES_PER_TABLE = 32 * 1024 * 1024

export async function copyRows(
  source: postgres.TransactionSql,
  target: PGlite,
  schema: ServerSchema,
  onProgress: (progress: CopyProgress) => void,
): Promise<CopiedRows> {
  const rowCounts: { [serverEntity: string]: number } = {}
  const skipped: SkippedStatement[] = []
  const tables = Object.values(schema.serverEntities).filter(isTable)
  const total = tables.length
  let someMissing = false
  let before = 0
  // Switches the checks of foreign keys off: tables come in any order, and may refer to each other.
  await target.exec(`SET session_replication_role = replica`)

  for (const [done, table] of tables.entries()) {
    onProgress({ done, total, rows: before })
    try {
      const { rows, isCut } = await source.savepoint((savepoint) =>
        copyTable(savepoint, target, table, (some) => onProgress({ done, total, rows: before + some })),
      )
      before += rows
      if (!isCut) rowCounts[table.id] = rows
      if (isCut) {
        someMissing = true
        skipped.push(
          note(
            table,
            `It has more rows than are taken (${ROWS_PER_TABLE.toLocaleString('en')}, or ${BYTES_PER_TABLE / 1024 / 1024} MB).`,
            `The first ${rows.toLocaleString('en')} rows were taken, by the primary key.`,
          ),
        )
      }
    } catch (error) {
      someMissing = true
      skipped.push(
        note(table, `Its rows can't be read: ${toFault(error).message}.`, 'The table is empty in the start data.'),
      )
    }
  }
  if (someMissing) await deleteOrphans(target, schema, tables)
  await target.exec(`SET session_replication_role = DEFAULT`)
  for (const table of tables) await advanceSequences(target, table)
  onProgress({ done: total, total, rows: before })
  return { rowCounts, skipped }
}

async function copyTable(
  source: postgres.TransactionSql,
  target: PGlite,
  table: ServerEntity,
  onRows: (rows: number) => void,
): Promise<{ rows: number; isCut: boolean }> {
  const columns = attributesInOrder(table)
    .filter(({ generated }) => generated === null)
    .map(({ name }) => quoteIdentifier(name))
    .join(', ')
  if (columns === '') return { rows: 0, isCut: false }
  const order =
    table.primaryKey.length > 0
      ? table.primaryKey.map((id) => quoteIdentifier(table.attributes[id]?.name ?? id)).join(', ')
      : table.kind === 'foreign-table'
        ? '1'
        : 'tableoid, ctid'
  const read = (limit: number, offset: number) =>
    `SELECT ${columns} FROM ${qualifiedName(table)} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`

  let rows = 0
  let bytes = 0
  while (rows < ROWS_PER_TABLE && bytes < BYTES_PER_TABLE) {
    const page = await copyOut(source, read(ROWS_PER_PAGE, rows))
    bytes += page.byteLength
    const [result] = await target.exec(`COPY ${qualifiedName(table)} (${columns}) FROM '/dev/blob'`, {
      blob: new Blob([page]),
    })
    const copied = result?.affectedRows ?? 0
    rows += copied
    onRows(rows)
    if (copied < ROWS_PER_PAGE) return { rows, isCut: false }
  }
  const more = await source.unsafe(read(1, rows))
  return { rows, isCut: more.length > 0 }
}

/** A row whose parent was left behind would break its foreign key, and so may those that refer to it. */
async function deleteOrphans(target: PGlite, schema: ServerSchema, tables: readonly ServerEntity[]): Promise<void> {
  for (let deleted = true; deleted; ) {
    deleted = false
    for (const table of tables) {
      for (const key of Object.values(table.foreignKeys)) {
        const referenced = schema.serverEntities[key.entity]
        if (referenced === undefined) continue
        const child = key.attributes.map((id) => `child.${quoteIdentifier(table.attributes[id]?.name ?? id)}`)
        const parent = key.referencedAttributes.map(
          (id) => `parent.${quoteIdentifier(referenced.attributes[id]?.name ?? id)}`,
        )
        const [result] = await target.exec(`
          DELETE FROM ${qualifiedName(table)} child
          WHERE ${child.map((column) => `${column} IS NOT NULL`).join(' AND ')}
            AND NOT EXISTS (SELECT FROM ${qualifiedName(referenced)} parent WHERE ${child.map((column, i) => `${column} = ${parent[i]}`).join(' AND ')})`)
        if ((result?.affectedRows ?? 0) > 0) deleted = true
      }
    }
  }
}

/** New rows must not get keys that copied rows have. */
async function advanceSequences(target: PGlite, table: ServerEntity): Promise<void> {
  for (const { name, default: expression, identity } of attributesInOrder(table)) {
    const named = sequenceOfDefault(expression)
    const sequence =
      named !== null
        ? `${quoteLiteral(named)}::regclass`
        : identity !== null
          ? `pg_get_serial_sequence(${quoteLiteral(qualifiedName(table))}, ${quoteLiteral(name)})`
          : null
    if (sequence === null) continue
    await target.exec(
      `SELECT setval(${sequence}, greatest(max(${quoteIdentifier(name)}), 1)) FROM ${qualifiedName(table)} HAVING max(${quoteIdentifier(name)}) IS NOT NULL`,
    )
  }
}

function note(table: ServerEntity, reason: string, instead: string): SkippedStatement {
  return { line: null, statement: `${table.schema}.${table.name}`, kind: 'data', reason, instead }
}
