import type { Entities } from './src/entities.js'
import type { Database, Device as AnyDevice, DeviceOptions, FileStore, Storage, Timers, Transport } from './src/runtime/api.js'
import type { Bundle } from './src/runtime/bundle.js'

export type * from './src/entities.js'
export type * from './src/runtime/api.js'
export type * from './src/runtime/bundle.js'

/** A device of this bundle: `device.entities` has its entities by name. */
export type Device = AnyDevice<Entities>

/** Opens a device on its storage; makes its database when it is new. */
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

/** A transport to the server at `url`, whose `/sync` and `/events` it calls. */
export declare function httpTransport(url: string, options?: HttpTransportOptions): Transport

export declare const bundle: Bundle
