import type { Database, Server, ServerOptions } from './src/runtime/api.js'
import type { Bundle } from './src/runtime/bundle.js'

export type * from './src/runtime/api.js'

export declare function createServer(options: ServerOptions): Promise<Server>

/** Opens PostgreSQL through the package `postgres`, which has to be installed. */
export declare function openPostgres(url: string): Promise<Database>

/**
 * Opens PGlite at `memory://`, `idb://name` or, in Node, a directory, through the package
 * `@electric-sql/pglite`, which has to be installed; or uses an instance that is open.
 */
export declare function openPGlite(target?: string, options?: { readonly pglite?: unknown }): Promise<Database>

/** The listener for `createServer` of `node:http`, from `server.fetch`. */
export declare function nodeListener(
  fetch: (request: Request) => Promise<Response>,
): (incoming: object, outgoing: object) => void

export declare const bundle: Bundle
