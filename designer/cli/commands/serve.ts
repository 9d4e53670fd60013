import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Database, Server } from '@syncline/runtime/contract'
import { nodeListener } from '@/runtime/server/node-listener'
import { type Listening, listen } from '../listen'
import { done, type Outcome, wrongUse } from '../outcome'
import { authenticateForDevelopment, refuseBadClaims } from '../serve/authenticate'
import { allowLoopback } from '../serve/loopback-only'

export type ImportModule = (url: string) => Promise<unknown>

export interface ServeOptions {
  readonly database: string
  readonly port: string
  readonly json?: boolean
}

/** What `serve` uses of a bundle's server.js. */
interface ServerModule {
  readonly createServer: (options: {
    readonly database: Database
    readonly authenticate: typeof authenticateForDevelopment
  }) => Promise<Server>
  readonly openPostgres: (url: string) => Promise<Database>
  readonly openPGlite: (directory: string) => Promise<Database>
}

/** `syncline serve DIR --database URL [--port N]`; ends when the process is told to stop. */
export async function serve(folder: string, options: ServeOptions, importModule: ImportModule): Promise<Outcome> {
  if (!/^\d{1,5}$/.test(options.port) || Number(options.port) > 65_535) {
    return wrongUse(`"${options.port}" is not a port. Give a number from 0 to 65535 with --port.`)
  }
  const target = databaseTarget(options.database)
  if (target === null) {
    return wrongUse('The database is given as postgres://user:password@host/database or as pglite:DIR.')
  }
  const path = join(resolve(folder), 'server.js')
  if (!(await exists(path))) {
    return wrongUse(`${folder} holds no server.js, so it is no bundle. Make one: syncline compile FILE --out ${folder}`)
  }
  const loaded = await attempt(() => importModule(pathToFileURL(path).href), `${path} can't be loaded`)
  if (loaded.kind === 'failed') return loaded.outcome
  if (!isServerModule(loaded.value)) {
    return wrongUse(
      `${path} is not a bundle's server: it lacks createServer, openPostgres or openPGlite. Compile it again.`,
    )
  }
  const module = loaded.value
  const opened = await attempt(
    async () => {
      const database = await (target.kind === 'pglite'
        ? module.openPGlite(target.directory)
        : module.openPostgres(target.url))
      try {
        const server = await module.createServer({ database, authenticate: authenticateForDevelopment })
        await server.install()
        return { database, server }
      } catch (error) {
        await database.close().catch(() => undefined)
        throw error
      }
    },
    `The database ${withoutPassword(options.database)} can't be used`,
  )
  if (opened.kind === 'failed') return opened.outcome
  const { database, server } = opened.value
  try {
    return await listenUntilStopped(server, Number(options.port), options.json ?? false)
  } finally {
    await server.close()
    await database.close()
  }
}

async function listenUntilStopped(server: Server, port: number, json: boolean): Promise<Outcome> {
  const listener = nodeListener(allowLoopback(refuseBadClaims((request) => server.fetch(request))))
  let listening: Listening
  try {
    listening = await listen({ port, host: null, portOption: '--port' }, listener)
  } catch (error) {
    return wrongUse(reason(error))
  }
  const url = `http://localhost:${listening.port}`
  process.stdout.write(json ? `${JSON.stringify({ kind: 'listening', url })}\n` : `listening on ${url}\n`)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await listening.close()
  return done(['stopped'], { kind: 'stopped' })
}

type DatabaseTarget =
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'pglite'; readonly directory: string }

function databaseTarget(text: string): DatabaseTarget | null {
  if (/^postgres(ql)?:\/\//.test(text)) return { kind: 'postgres', url: text }
  const directory = /^pglite:(.+)$/.exec(text)?.[1]
  if (directory === undefined) return null
  // A PGlite address of its own kind, such as memory://, goes through as it is.
  return { kind: 'pglite', directory: /^[a-z]+:\/\//.test(directory) ? directory : resolve(directory) }
}

const withoutPassword = (url: string): string => url.replace(/:[^:@/]*@/, ':…@')

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

function isServerModule(module: unknown): module is ServerModule {
  const names = ['createServer', 'openPostgres', 'openPGlite']
  if (typeof module !== 'object' || module === null) return false
  const exported: object = module
  return names.every((name) => name in exported)
}

type Attempt<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'failed'; readonly outcome: Outcome }

async function attempt<T>(work: () => Promise<T>, what: string): Promise<Attempt<T>> {
  try {
    return { kind: 'ok', value: await work() }
  } catch (error) {
    return { kind: 'failed', outcome: wrongUse(`${what}: ${reason(error)}`) }
  }
}

/** A refused connection has its causes in `errors` and an empty message. */
function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  if (error.message !== '') return error.message
  return 'code' in error ? String(error.code) : error.name
}
