/** A live database's way to a schema, in one read-only snapshot; runs in the import worker. */
import type postgres from 'postgres'
import { mayBeLarge } from '@/designer/model/attribute-size'
import type { ServerAttribute, ServerEntity, ServerSchema } from '@/designer/model/project'
import { connect, disconnect } from './connect'
import { explainConnectionError, parseConnectionUrl } from './connection-url'
import { copyRows } from './copy-rows'
import { nameFromFile } from './import-from-dump'
import type { ImportJob } from './import-jobs'
import type { ImportProgress, ImportResult, SkippedStatement } from './import-result'
import { SAMPLE_ROWS, withMeasuredSizes } from './measure-sizes'
import { type CatalogueRow, type Query, readCatalogue } from './read-catalogue'
import { rebuildSchema } from './rebuild-schema'
import { packScratch } from './scratch-database'

/** `pg_current_xact_id` and its kin, which sync stands on, came with 13; 14 is the oldest that is still tested. */
const OLDEST_SERVER = 140_000

export async function importFromUrl(
  { url, keepData }: Extract<ImportJob, { kind: 'url' }>,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  const target = parseConnectionUrl(url)
  if ('kind' in target) return target
  onProgress({ phase: 'reading', done: 0, total: null })
  let sql: postgres.Sql | null = null
  try {
    sql = await connect(url, { applicationName: 'syncline import' })
    return await sql.begin('isolation level repeatable read read only', (session) =>
      readDatabase(session, target.database, keepData, onProgress),
    )
  } catch (error) {
    return explainConnectionError(error, target)
  } finally {
    if (sql !== null) await disconnect(sql)
  }
}

async function readDatabase(
  session: postgres.TransactionSql,
  database: string,
  keepData: boolean,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  const [server] = await session.unsafe(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version`,
  )
  if (Number(server?.['number']) < OLDEST_SERVER) {
    return {
      kind: 'failed',
      reason: 'refused',
      message: `The server is PostgreSQL ${server?.['version']}. Syncline needs 14 or later: upgrade the server, or import a dump of it.`,
    }
  }
  onProgress({ phase: 'catalogue', done: 0, total: null })
  const read = await readCatalogue(async (text, params) => [
    ...(await session.unsafe<CatalogueRow[]>(text, (params ?? []).map(String))),
  ])
  if (Object.keys(read.serverEntities).length === 0) {
    return {
      kind: 'failed',
      reason: 'no-tables',
      message: `The database ${database} has no table. Check the URL's last part, which names the database.`,
    }
  }
  const imported = { kind: 'imported', suggestedName: nameFromFile(database), extensions: [] } as const
  if (!keepData) {
    const schema = await withSizesOfLargeValues(session, read)
    return { ...imported, schema, skipped: [], rowCounts: {}, startData: null }
  }

  const { db, skipped } = await rebuildSchema(read)
  const copied = await copyRows(session, db, read, (progress) => onProgress({ phase: 'copying', ...progress }))
  const ask: Query = async (text) => (await db.query<CatalogueRow>(text)).rows
  const sized = await withMeasuredSizes(read, ask, ({ id }) => copied.rowCounts[id] !== 0)
  onProgress({ phase: 'packing', done: 0, total: null })
  const startData = await packScratch(db)
  const extensions = (
    await db.query<{ name: string }>(
      `SELECT extname AS name FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,
    )
  ).rows
  return {
    ...imported,
    startData,
    schema: withCounts(sized, copied.rowCounts),
    rowCounts: copied.rowCounts,
    skipped: [...skipped.map(ofLiveDatabase), ...copied.skipped],
    extensions: extensions.map(({ name }) => name),
  }
}

/**
 * What ANALYZE found of large values is the size of the pointers to them, or of what was packed. Of tables that may have
 * such values some rows are measured; where that is not allowed, their sizes stay as they were.
 */
async function withSizesOfLargeValues(session: postgres.TransactionSql, schema: ServerSchema): Promise<ServerSchema> {
  const found = await session.unsafe<{ schema: string; name: string }[]>(OUT_OF_LINE)
  const tables = new Set(found.map(({ schema: of, name }) => JSON.stringify([of, name])))
  const isMeasured = ({ schema: of, name, attributes }: ServerEntity) =>
    tables.has(JSON.stringify([of, name])) || Object.values(attributes).some(mayBePacked)
  if (!Object.values(schema.serverEntities).some(isMeasured)) return schema
  try {
    return await session.savepoint((savepoint) =>
      withMeasuredSizes(
        schema,
        async (text) => [...(await savepoint.unsafe<CatalogueRow[]>(text))],
        isMeasured,
        SAMPLE_ROWS,
      ),
    )
  } catch {
    return schema
  }
}

/** PostgreSQL packs values of rows of 2 KB and more, rarely to less than a tenth. */
const mayBePacked = ({ type, averageBytes }: ServerAttribute): boolean => mayBeLarge(type) && (averageBytes ?? 0) >= 200

const OUT_OF_LINE = `
  SELECT n.nspname AS schema, c.relname AS name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.reltoastrelid <> 0 AND pg_catalog.pg_relation_size(c.reltoastrelid) > 0
    AND pg_catalog.has_table_privilege(c.oid, 'SELECT')`

/** Lines of the SQL that was written for the start data would mean nothing to anybody. */
function ofLiveDatabase(skipped: SkippedStatement): SkippedStatement {
  return {
    ...skipped,
    line: null,
    instead: skipped.instead ?? 'It is missing in the start data only; the schema has it.',
  }
}

function withCounts(schema: ServerSchema, rowCounts: { readonly [serverEntity: string]: number }): ServerSchema {
  const serverEntities: ServerSchema['serverEntities'] = {}
  for (const entity of Object.values(schema.serverEntities)) {
    serverEntities[entity.id] = { ...entity, rowEstimate: rowCounts[entity.id] ?? entity.rowEstimate }
  }
  return { ...schema, serverEntities }
}
