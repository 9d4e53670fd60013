/** Opens PGlite in this worker from parts that the page made, so that nothing is fetched or compiled here. */
import { PGlite } from '@electric-sql/pglite'
import type { DatabaseParts, PageMethods } from './messages'

export function openDatabase(parts: DatabaseParts): Promise<PGlite> {
  return open(parts, {})
}

/**
 * Opens a database that an import made. Its tables may use extensions, whose libraries are not in the data
 * directory: where there are any, it is opened again with them.
 */
export async function openDatabaseWithExtensions(
  parts: DatabaseParts,
  load: PageMethods['extension'],
): Promise<PGlite> {
  const database = await open(parts, {})
  const installed = await database.query<{ name: string }>(
    "select extname as name from pg_extension where extname <> 'plpgsql'",
  )
  if (installed.rows.length === 0) return database
  await database.close()
  const libraries: Record<string, Blob> = {}
  for (const { name } of installed.rows) {
    const library = await load(name)
    // One that is missing fails where it is used, with PostgreSQL's own words.
    if (library !== null) libraries[name] = library
  }
  return open(parts, libraries)
}

async function open(parts: DatabaseParts, libraries: Readonly<Record<string, Blob>>): Promise<PGlite> {
  const names = Object.keys(libraries)
  const withdrawFetch = names.length === 0 ? () => {} : lendFetch(libraries)
  try {
    const database = new PGlite({
      pgliteWasmModule: parts.pgliteModule,
      initdbWasmModule: parts.initdbModule,
      fsBundle: parts.fileSystem,
      loadDataDir: parts.dataDirectory,
      extensions: Object.fromEntries(names.map((name) => [name, libraryUrl(name)])),
    })
    await database.waitReady
    return database
  } finally {
    withdrawFetch()
  }
}

const libraryUrl = (name: string) => new URL(`https://extension.invalid/${encodeURIComponent(name)}`)

/** PGlite takes libraries only by `fetch`, which is gone here: for as long as it opens it has one that knows just these. */
function lendFetch(libraries: Readonly<Record<string, Blob>>): () => void {
  const lent = async (url: URL | string) => {
    const name = Object.keys(libraries).find((candidate) => libraryUrl(candidate).href === String(url))
    return name === undefined ? Response.error() : new Response(libraries[name])
  }
  Object.defineProperty(globalThis, 'fetch', { value: lent, configurable: true })
  return () => void Reflect.deleteProperty(globalThis, 'fetch')
}
