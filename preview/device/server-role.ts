/** The server: the bundle's `server.js` on this worker's PGlite, which starts with the project's own tables and rows. */
import type { Database, Server, Session } from '@syncline/runtime/contract'
import { bundleToShapes } from './bundle-shapes'
import { carriedToRequest, responseToCarried } from './carried'
import { loadBundle, type ServerModule } from './load-bundle'
import type { PageMethods, ServerMethods, Started, StartServer, WorkerEvent } from './messages'
import { openDatabaseWithExtensions } from './open-database'
import { readTableShapes } from './table-shapes'

export interface ServerRoleOptions {
  readonly tell: (event: WorkerEvent) => void
  readonly extension: PageMethods['extension']
}

export function createServerRole({ tell, extension }: ServerRoleOptions): ServerMethods {
  let running: { readonly server: Server; readonly database: Database } | null = null
  const current = () => {
    if (running === null) throw new Error('The server has not started yet. Wait until it is ready.')
    return running
  }

  const start = async (options: StartServer): Promise<Started> => {
    tell({ kind: 'starting', step: 'database' })
    const pglite = await openDatabaseWithExtensions(options.parts, extension)
    tell({ kind: 'starting', step: 'bundle' })
    const { module, sha256 } = await loadBundle<ServerModule>('server.js', options.source, [
      'createServer',
      'openPGlite',
    ])
    tell({ kind: 'starting', step: 'install' })
    const database = await module.openPGlite('memory://', { pglite })
    const server = await module.createServer({ database, authenticate: readSession })
    await server.install()
    running = { server, database }
    tell({ kind: 'starting', step: 'ready' })
    return { sha256, tables: await readTableShapes(database), ...bundleToShapes(module.bundle) }
  }

  return {
    start,
    query: ({ text, params }) => current().database.query(text, params),
    fetch: async (request) => responseToCarried(await current().server.fetch(carriedToRequest(request))),
  }
}

/** In the preview a device says who its user is, and that is believed. */
function readSession(request: Request): Session | null {
  const [scheme, token] = (request.headers.get('authorization') ?? '').split(' ')
  return scheme === 'Bearer' && token ? (JSON.parse(decodeURIComponent(token)) as Session) : null
}
