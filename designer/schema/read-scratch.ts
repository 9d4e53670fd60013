/** Reads what a dump has made of a scratch database: the schema, exact row counts, and extensions. */
import type { PGlite } from '@electric-sql/pglite'
import type { ServerEntity, ServerSchema } from '@/designer/model/project'
import { withMeasuredSizes } from './measure-sizes'
import { type CatalogueRow, type Query, readCatalogue } from './read-catalogue'
import { quoteIdentifier } from './sql-text'

export interface ScratchContents {
  readonly schema: ServerSchema
  readonly rowCounts: { readonly [serverEntity: string]: number }
  readonly extensions: readonly string[]
}

/** Tables counted in one query. */
const COUNTED_AT_ONCE = 50

export async function readScratch(
  db: PGlite,
  standIns: ReadonlyMap<string, string>,
  onProgress: (done: number, total: number) => void,
): Promise<ScratchContents> {
  // The dump's own settings, such as a read-only transaction, a role or an empty search path, end here.
  await db.exec('RESET ALL; RESET SESSION AUTHORIZATION')
  const query: Query = async (text, params) =>
    (await db.query<CatalogueRow>(text, params === undefined ? [] : [...params])).rows
  const read = await readCatalogue(query, { standIns })
  const rowCounts = await countRows(query, Object.values(read.serverEntities), onProgress)
  const extensions = await query(
    `SELECT extname AS name FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY extname`,
  )

  const serverEntities: ServerSchema['serverEntities'] = {}
  for (const entity of Object.values(read.serverEntities)) {
    // Estimates of a database that has just been filled say nothing: the counts do, where there are rows at all.
    serverEntities[entity.id] = { ...entity, rowEstimate: rowCounts[entity.id] ?? null }
  }
  const schema = await withMeasuredSizes(
    { serverTypes: read.serverTypes, serverEntities },
    query,
    ({ id }) => (rowCounts[id] ?? 0) > 0,
  )
  return {
    schema,
    rowCounts,
    extensions: extensions.map(({ name }) => String(name)),
  }
}

/** Empty where all tables are: then the dump had no data, and a count of 0 would tell a lie. */
async function countRows(
  query: Query,
  entities: readonly ServerEntity[],
  onProgress: (done: number, total: number) => void,
): Promise<{ [serverEntity: string]: number }> {
  const tables = entities.filter(({ kind }) => kind === 'table' || kind === 'partitioned-table')
  const counts: { [serverEntity: string]: number } = {}
  for (let from = 0; from < tables.length; from += COUNTED_AT_ONCE) {
    onProgress(from, tables.length)
    const some = tables.slice(from, from + COUNTED_AT_ONCE)
    const rows = await query(
      some
        .map(
          ({ id, schema, name }) =>
            `SELECT '${id}' AS id, count(*)::text AS rows FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
        )
        .join('\nUNION ALL\n'),
    )
    for (const row of rows) counts[String(row['id'])] = Number(row['rows'])
  }
  onProgress(tables.length, tables.length)
  return Object.values(counts).some((rows) => rows > 0) ? counts : {}
}
