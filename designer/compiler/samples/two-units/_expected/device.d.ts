import type { Entities } from './src/entities.js'
import type { Device as AnyDevice, DeviceOptions, Storage, Transport } from './src/runtime/api.js'
import type { Bundle } from './src/runtime/bundle.js'

export type * from './src/entities.js'
export type * from './src/runtime/api.js'

/** A device of this bundle: `device.entities` has its entities by name. */
export type Device = AnyDevice<Entities>

/** Opens a device on its storage; makes its database when it is new. */
export declare function createDevice(options: DeviceOptions): Promise<Device>

/**
 * Opens PGlite at `memory://`, `idb://name` or, in Node, a directory, through the package
 * `@electric-sql/pglite`, which has to be installed; or uses an instance that is open.
 */
export declare function openPGlite(target?: string, options?: { readonly pglite?: unknown }): Promise<Storage>

export interface HttpTransportOptions {
  /** Added to each request; a function is asked anew each time, for tokens that expire. */
  readonly headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>)
  readonly fetch?: (request: Request) => Promise<Response>
}

/** A transport to the server at `url`, whose `/sync` it calls. */
export declare function httpTransport(url: string, options?: HttpTransportOptions): Transport

export declare const bundle: Bundle
