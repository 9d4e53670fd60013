/** A live database's way to a schema, in one read-only snapshot; runs in the import worker. */
import postgres from 'postgres'
import type { ServerSchema } from '@/designer/model/project'
import { CONNECT_TIMEOUT_SECONDS, explainConnectionError, parseConnectionUrl } from './connection-url'
import { copyRows } from './copy-rows'
import { nameFromFile } from './import-from-dump'
import type { ImportJob } from './import-jobs'
import type { ImportProgress, ImportResult, SkippedStatement } from './import-result'
import { type CatalogueRow, readCatalogue } from './read-catalogue'
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
  const sql = postgres(url.trim(), {
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    onnotice: () => undefined,
    connection: { application_name: 'syncline import' },
    // The driver connects again whenever the other side hangs up, without a pause of its own.
    backoff: () => 1,
  })
  try {
    await connected(sql)
    return await sql.begin('isolation level repeatable read read only', (session) =>
      readDatabase(session, target.database, keepData, onProgress),
    )
  } catch (error) {
    return explainConnectionError(error, target)
  } finally {
    await sql.end({ timeout: 0 }).catch(() => undefined)
  }
}

/** Rejects in bounded time also where somebody listens who is no PostgreSQL, and the driver tries for ever. */
async function connected(sql: postgres.Sql): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    const timeout = Object.assign(new Error('No connection.'), { code: 'CONNECT_TIMEOUT' })
    timer = setTimeout(() => reject(timeout), (CONNECT_TIMEOUT_SECONDS + 1) * 1000)
  })
  try {
    await Promise.race([sql`SELECT 1`, deadline])
  } finally {
    clearTimeout(timer)
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
  if (!keepData) return { ...imported, schema: read, skipped: [], rowCounts: {}, startData: null }

  const { db, skipped } = await rebuildSchema(read)
  const copied = await copyRows(session, db, read, (done, total) => onProgress({ phase: 'running', done, total }))
  onProgress({ phase: 'packing', done: 0, total: 1 })
  const startData = await packScratch(db)
  const extensions = (
    await db.query<{ name: string }>(
      `SELECT extname AS name FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,
    )
  ).rows
  return {
    ...imported,
    startData,
    schema: withCounts(read, copied.rowCounts),
    rowCounts: copied.rowCounts,
    skipped: [...skipped.map(ofLiveDatabase), ...copied.skipped],
    extensions: extensions.map(({ name }) => name),
  }
}

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
