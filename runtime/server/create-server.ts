/**
 * A bundle's server: push and pull over one database, behind a function from `Request` to `Response`.
 *
 * It keeps no state of its own between requests, so any number of servers may run over one database.
 */

import type { Server, ServerOptions } from '../contract/api'
import { BUNDLE_VERSION, type Bundle } from '../contract/bundle'
import { serverInstallSql, serverUninstallSql } from '../contract/server-schema-sql'
import { createHandler } from './handler'
import { planEntities } from './plan'

/** The options of the contract, and bounds that tests lower. */
export interface ServerSettings extends ServerOptions {
  /** Rows in a page of a pull; 5000 if not given. */
  readonly pageRows?: number
  /** Bytes in a request's body; 32 MB if not given. */
  readonly maxBodyBytes?: number
  /** Groups in a request; 10 000 if not given. */
  readonly maxGroups?: number
  /** Edits in a group; 50 000 if not given. */
  readonly maxGroupEdits?: number
}

/** Makes the server of a bundle. `close` waits for the requests under way and closes the database. */
export async function createServer(bundle: Bundle, settings: ServerSettings): Promise<Server> {
  if (bundle.bundleVersion !== BUNDLE_VERSION) {
    throw new Error(
      `This bundle has version ${bundle.bundleVersion}, and the runtime runs version ${BUNDLE_VERSION}. Compile the project again.`,
    )
  }
  const { database } = settings
  const handle = createHandler({
    database,
    bundle,
    plans: planEntities(bundle),
    authenticate: settings.authenticate,
    pageRows: settings.pageRows ?? 5000,
    maxBodyBytes: settings.maxBodyBytes ?? 32 * 1024 * 1024,
    maxGroups: settings.maxGroups ?? 10_000,
    maxGroupEdits: settings.maxGroupEdits ?? 50_000,
  })
  const underWay = new Set<Promise<Response>>()
  return {
    install: () => database.transaction((tx) => tx.execute(serverInstallSql(bundle))),
    uninstall: () => database.transaction((tx) => tx.execute(serverUninstallSql(bundle))),
    fetch: (request) => {
      const response = handle(request)
      underWay.add(response)
      return response.finally(() => underWay.delete(response))
    },
    close: async () => {
      await Promise.all(underWay)
      await database.close()
    },
  }
}
