/**
 * A bundle's server: push and pull over one database, behind a function from `Request` to `Response`.
 *
 * It keeps no state of its own between requests, but for the name of the database's server: any number of servers may run
 * over one database.
 */

import type { Clock, Random, Server, ServerOptions } from '../contract/api'
import { BUNDLE_VERSION, type Bundle } from '../contract/bundle'
import { serverInstallSql, serverUninstallSql } from '../contract/server-schema-sql'
import { createEvents } from './events'
import { createHandler } from './handler'
import { planEntities } from './plan'
import { purge } from './purge'

/** The options of the contract, and bounds that tests lower. */
export interface ServerSettings extends ServerOptions {
  /** Rows in a page of a pull; 10 000 if not given. */
  readonly pageRows?: number
  /** Bytes in a request's body; 32 MB if not given. */
  readonly maxBodyBytes?: number
  /** Groups in a request; 10 000 if not given. */
  readonly maxGroups?: number
  /** Edits in a group; 50 000 if not given. */
  readonly maxGroupEdits?: number
}

/** A device that was away for longer pulls everything anew. */
const RETENTION_DAYS = 90

const SYSTEM_CLOCK: Clock = { now: () => Date.now() }
const SYSTEM_RANDOM: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

/** Makes the server of a bundle. `close` waits for the requests under way and closes the database. */
export async function createServer(bundle: Bundle, settings: ServerSettings): Promise<Server> {
  if (bundle.bundleVersion !== BUNDLE_VERSION) {
    throw new Error(
      `This bundle has version ${bundle.bundleVersion}, and the runtime runs version ${BUNDLE_VERSION}. Compile the project again.`,
    )
  }
  const { database } = settings
  const events = createEvents({ database, bundle, timers: settings.timers })
  const handle = createHandler({
    database,
    bundle,
    plans: planEntities(bundle),
    authenticate: settings.authenticate,
    clock: settings.clock ?? SYSTEM_CLOCK,
    random: settings.random ?? SYSTEM_RANDOM,
    events,
    pageRows: settings.pageRows ?? 10_000,
    maxBodyBytes: settings.maxBodyBytes ?? 32 * 1024 * 1024,
    maxGroups: settings.maxGroups ?? 10_000,
    maxGroupEdits: settings.maxGroupEdits ?? 50_000,
    maxFileBytes: settings.maxFileBytes ?? 64 * 1024 * 1024,
    server: { incarnation: '', name: '' },
  })
  const underWay = new Set<Promise<Response>>()
  return {
    install: () => database.transaction((tx) => tx.execute(serverInstallSql(bundle))),
    uninstall: () => database.transaction((tx) => tx.execute(serverUninstallSql(bundle))),
    purge: () => purge(database, bundle, settings.retentionDays ?? RETENTION_DAYS),
    fetch: (request) => {
      const response = handle(request)
      underWay.add(response)
      return response.finally(() => underWay.delete(response))
    },
    close: async () => {
      await events.close()
      await Promise.all(underWay)
      await database.close()
    },
  }
}
