/**
 * SQLite as a device's storage: better-sqlite3 in Node, the official WASM build in browsers. Both are peers of the
 * bundle and loaded, as all that is behind this file, only when a database is opened.
 */
import type { Storage } from '../../contract'
import { assertPlace } from '../assert-place'
import type { SqliteDriver } from './driver'

export interface SqliteOptions {
  /** A connection to use instead of opening one; `close` closes it. */
  readonly driver?: SqliteDriver
}

/**
 * Opens a database at `memory://`, at a file's path (Node), or at `opfs://name` (browser, in a worker).
 * Rejects when the place can't be read or written, or when the package that brings SQLite isn't installed.
 */
export async function openSqlite(target = 'memory://', options: SqliteOptions = {}): Promise<Storage> {
  assertPlace('openSqlite', target, ['memory', 'opfs'], "memory://, opfs://name in a browser, or a file's path in Node")
  const { openSqliteStorage } = await import('./sqlite-storage')
  return openSqliteStorage(target, options.driver)
}
