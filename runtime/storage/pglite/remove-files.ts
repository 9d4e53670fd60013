/**
 * What a sign-out leaves of a database that was opened for the device alone: nothing. Dropped tables would otherwise
 * still lie in the files, and what was written to them in PostgreSQL's log.
 */
import type { PGlite } from '@electric-sql/pglite'
import type { DeviceTables } from '../../contract'
import type { PGliteDatabase } from './database'

/** PGlite's hold of IndexedDB, which its `close` does not let go of: while it is held nothing is deleted. */
export function indexedDbOf(pglite: PGlite): () => void {
  const { filesystems } = pglite.Module.FS
  return () => filesystems.IDBFS.quit()
}

/**
 * The tables, which take the files at `target` with them when they are closed after a wipe, but not with tables of
 * somebody else in them.
 *
 * @param letGo called before a database in IndexedDB is deleted
 */
export function removedOnceWiped(
  tables: DeviceTables,
  database: PGliteDatabase,
  target: string,
  letGo: () => void,
): DeviceTables {
  let isWiped = false
  return {
    ...tables,
    wipe: async () => {
      await tables.wipe()
      const [others] = await database.query(
        `select count(*)::int as count from pg_class where relkind in ('r', 'p', 'm')
         and relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'`,
      )
      isWiped = others?.count === 0
    },
    close: async () => {
      await tables.close()
      if (isWiped) await removeFiles(target, letGo)
      isWiped = false
    },
  }
}

async function removeFiles(target: string, letGo: () => void): Promise<void> {
  if (target.startsWith('idb://')) {
    letGo()
    return deleteIndexedDb(`/pglite/${target.slice('idb://'.length)}`)
  }
  // Asked of Node itself, so that no bundler for browsers looks for the module.
  const isPlace = !/^[\w-]+:\/\//.test(target) || target.startsWith('file://')
  const files = typeof process === 'object' && isPlace ? process.getBuiltinModule?.('node:fs') : undefined
  await files?.promises.rm(target.replace(/^file:\/\//, ''), { recursive: true, force: true })
}

/** Who still has it open holds the deletion up, not the sign-out: the browser ends it once they have closed it. */
function deleteIndexedDb(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onblocked = () => resolve()
    request.onerror = () => reject(request.error ?? new Error(`The browser could not delete its database ${name}.`))
  })
}
