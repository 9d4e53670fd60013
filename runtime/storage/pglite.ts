/**
 * PGlite as a device's storage, and as the server's embedded database.
 *
 * PGlite is a peer of the bundle: it is loaded only when a database is opened, and an instance that
 * the app has already made can be given instead.
 */
import type { PGlite } from '@electric-sql/pglite'
import type { Database, Storage } from '../contract'
import { pgliteDatabase } from './pglite/database'
import { openPGliteTables } from './pglite/open-tables'

export interface PGliteOptions {
  /** An instance to use instead of opening one; `close` closes it. */
  readonly pglite?: PGlite
}

/**
 * Opens a database at `memory://`, `idb://name` or, in Node, a directory.
 * Rejects when the place can't be read or written, or when PGlite isn't installed.
 */
export async function openPGlite(
  target = 'memory://',
  options: PGliteOptions = {},
): Promise<Storage & Database & { readonly kind: 'pglite' }> {
  const database = await pgliteDatabase(options.pglite ?? (await load(target)))
  return {
    kind: 'pglite',
    ...database,
    openTables: (bundle, ports) => openPGliteTables(database, bundle, ports),
  }
}

async function load(target: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite')
  return PGlite.create(target)
}
