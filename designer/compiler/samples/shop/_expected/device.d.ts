import type { Entities } from './src/entities.js'
import type {
  Database,
  Device as AnyDevice,
  DeviceOptions,
  EntityErrorKind,
  FileStore,
  Storage,
  SyncError,
  Timers,
  Transport,
} from './src/runtime/api.js'
import type { Bundle } from './src/runtime/bundle.js'
import type { UnitName } from './src/units.js'

export type * from './src/entities.js'
export type * from './src/runtime/api.js'
export type * from './src/runtime/bundle.js'
export type { UnitName }

/** A device of this bundle: `device.entities` has its entities by name, `device.sync.trigger` takes its units. */
export type Device = AnyDevice<Entities, UnitName>

/**
 * Opens a device on its storage; makes its database when it is new. Rejects with `DifferentUserError` where the storage
 * is another user's, and with `IncompatibleStoreError` where it can't be carried over.
 */
export declare function createDevice(options: DeviceOptions): Promise<Device>

/**
 * Opens PGlite at `memory://`, `idb://name` or, in Node, a directory, through the package
 * `@electric-sql/pglite`, which has to be installed; or uses an instance that is open.
 */
export declare function openPGlite(target?: string, options?: { readonly pglite?: unknown }): Promise<Storage & Database>

/**
 * Opens SQLite at `memory://`; in Node at a file's path, through the package `better-sqlite3`; in a browser's worker at
 * `opfs://name`, through `@sqlite.org/sqlite-wasm`.
 */
export declare function openSqlite(target?: string, options?: { readonly driver?: unknown }): Promise<Storage>

/**
 * A storage in plain JavaScript, without SQL. What is committed stays on `disk`, where one is given, until the process
 * ends.
 */
export declare function openMemory(options?: { readonly disk?: unknown }): Promise<Storage>

/**
 * Opens a place for the contents of attributes that are files: `memory://`, `opfs://name` in a browser, or a folder
 * in Node. It is one device's: what no row of it names is removed from there.
 */
export declare function openFiles(target?: string): Promise<FileStore>

export interface HttpTransportOptions {
  /** Added to each request; a function is asked anew each time, for tokens that expire. */
  readonly headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>)
  readonly fetch?: (request: Request) => Promise<Response>
  /** Whether large requests are compressed; true if not given. */
  readonly gzip?: boolean
  /** Bytes of an answer beyond which it is refused; 256 MB if not given. */
  readonly maxAnswerBytes?: number
  /** Milliseconds without a sign of life after which the stream of events counts as broken; 60 000 if not given. */
  readonly eventsIdleMs?: number
  readonly timers?: Timers
}

/** A transport to the server at `url`, whose `/sync` and `/events` it calls. Throws where that is no address of HTTP. */
export declare function httpTransport(url: string, options?: HttpTransportOptions): Transport

export declare const bundle: Bundle

/** An entity action can't be done as it was asked for, and nothing of it was; `kind` is the same in every storage. */
export declare class EntityError extends Error {
  private constructor()
  readonly name: 'EntityError'
  readonly kind: EntityErrorKind
  /** The storage's own error, where it was that which refused. */
  readonly cause?: unknown
}

/** What needs the server and did not get it: `verify` and the `file` of a row. A sync resolves to `failed` instead. */
export declare class SyncFailure extends Error {
  private constructor()
  readonly name: 'SyncFailure'
  readonly error: SyncError
  /** Milliseconds that the server asked to wait. */
  readonly retryAfterMs: number | null
}

/** `signOut` would lose what is here alone. */
export declare class PendingEditsError extends Error {
  private constructor()
  readonly name: 'PendingEditsError'
  readonly counts: { readonly pendingEdits: number; readonly conflicts: number; readonly quarantined: number }
}

/** The storage has the data of another user. */
export declare class DifferentUserError extends Error {
  private constructor()
  readonly name: 'DifferentUserError'
}

/** The storage is of a kind that this bundle can't carry over; nothing was changed in it. */
export declare class IncompatibleStoreError extends Error {
  private constructor()
  readonly name: 'IncompatibleStoreError'
}
