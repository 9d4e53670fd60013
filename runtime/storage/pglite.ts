/**
 * PGlite as a device's storage, and as the server's embedded database.
 *
 * PGlite is a peer of the bundle: it is loaded only when a database is opened, and an instance that
 * the app has already made can be given instead.
 */
import type { PGlite } from '@electric-sql/pglite'
import type { Database, Storage } from '../contract'
import { assertPlace } from './assert-place'
import { pgliteDatabase } from './pglite/database'
import { openPGliteTables } from './pglite/open-tables'
import { indexedDbOf, removedOnceWiped } from './pglite/remove-files'

export interface PGliteOptions {
  /** An instance to use instead of opening one; `close` closes it. */
  readonly pglite?: PGlite
}

/**
 * Opens a database at `memory://`, `idb://name` or, in Node, a directory.
 * A device that signs out removes it, unless there are tables of somebody else in it; an instance that was given stays.
 * Rejects when the place can't be read or written, or when PGlite isn't installed.
 */
export async function openPGlite(
  target = 'memory://',
  options: PGliteOptions = {},
): Promise<Storage & Database & { readonly kind: 'pglite' }> {
  const pglite = options.pglite ?? (await load(target))
  const database = await pgliteDatabase(pglite)
  return {
    kind: 'pglite',
    ...database,
    openTables: async (bundle, ports) => {
      const tables = await openPGliteTables(database, bundle, ports)
      return options.pglite ? tables : removedOnceWiped(tables, database, target, indexedDbOf(pglite))
    },
  }
}

async function load(target: string): Promise<PGlite> {
  const known = "memory://, idb://name in a browser, or a directory's path in Node"
  assertPlace('openPGlite', target, ['memory', 'idb', 'file', 'opfs-ahp'], known)
  if (target.startsWith('idb://') && typeof indexedDB === 'undefined')
    throw new Error(
      `${target} is in a browser's IndexedDB, and there is none here. In Node, give a directory instead, or memory:// for nothing that stays.`,
    )
  const { PGlite } = await import('@electric-sql/pglite')
  return PGlite.create(target)
}
