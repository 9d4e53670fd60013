/**
 * A `Database` over a real PostgreSQL, by way of the `postgres` package.
 *
 * The package is a peer and loaded when it is needed, so that no bundle carries it. Its own conversions (dates to
 * `Date`, strings to JSON, …) lose exactness and are all replaced by those of `values.ts` (V1).
 *
 * Invariants
 * - No message and no property of an error carries the URL or the password.
 * - A statement that failed ends its transaction, whether or not the caller caught the failure: nothing that ran
 *   beside a failed statement is ever committed.
 */
import type { Database, DatabaseTransaction, Row } from '../contract/api'
import { copyOut } from './copy-out'
import { listenAlone } from './postgres-listen'
import { parseArray, SESSION_SETTINGS, toText, valueParsers, valueSerializers } from './values'

export interface PostgresOptions {
  /** How many connections may be open at once; 10 if not given. */
  readonly maxConnections?: number
  /** Seconds after which a connection that was not established is given up; 10 if not given. */
  readonly connectTimeoutSeconds?: number
}

/** The oldest PostgreSQL whose triggers and snapshot functions the runtime relies on. */
const OLDEST_VERSION = 140000

/**
 * Opens `postgres://user:password@host:port/database` and checks that it answers.
 * Rejects, with what to do, where the URL is malformed, nobody answers or the sign-in is refused.
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Database> {
  const target = describeTarget(url)
  const { default: postgres } = await import('postgres')
  const settings = {
    max: options.maxConnections ?? 10,
    connect_timeout: options.connectTimeoutSeconds ?? 10,
    connection: { ...SESSION_SETTINGS, application_name: 'syncline' },
    fetch_types: false,
    types: exactTypes(),
    onnotice: () => undefined,
  }
  const sql = postgres(url, settings)
  const listening = new Set<() => Promise<void>>()
  const arrays: ElementTypes = new Map()
  const database: Database = {
    query: (text, params) => run(sql, arrays, text, params).catch((error) => fail(error, target)),
    execute: (script) =>
      sql
        .unsafe(script)
        .simple()
        .then(
          () => undefined,
          (error) => fail(error, target),
        ),
    transaction: async (fn, { isolation } = {}) => {
      // The package rolls back and rethrows what `fn` throws; a lost connection rejects as well.
      const begin = `isolation level ${isolation ?? 'read committed'}`
      const life = { over: false }
      try {
        const result = await sql.begin(begin, async (tx) => {
          const ended = await settle(fn(transactionOver(tx, arrays, life)))
          // The package has rejected already; an end that it hears of now it would write to a socket that is gone.
          if (life.over) return new Promise<never>(() => undefined)
          if (ended.kind === 'rejected') throw ended.reason
          return { value: ended.value }
        })
        return result.value
      } catch (error) {
        return fail(error, target)
      } finally {
        life.over = true
      }
    },
    copyOut: (query) => copyOut(sql, query).catch((error) => fail(error, target)),
    listen: async (channel, fn) => {
      const stop = await listenAlone((more) => postgres(url, { ...settings, ...more }), channel, fn).catch((error) =>
        fail(error, target),
      )
      const end = async () => {
        listening.delete(end)
        await stop()
      }
      listening.add(end)
      return end
    },
    close: async () => {
      await Promise.all([...listening].map((end) => end()))
      await sql.end({ timeout: 5 })
    },
  }
  try {
    await checkVersion(database, target)
  } catch (error) {
    await sql.end({ timeout: 0 })
    throw error
  }
  return database
}

/** The part of the package that both its pool and its transactions have. */
type Runner = Pick<import('postgres').Sql, 'unsafe'>

/** Of array types that the database's users made: the OID of the element, or null where it is no array. */
type ElementTypes = Map<number, number | null>

/**
 * The package writes to whatever socket the connection has; without one it throws where nobody can catch it, and on a
 * new one the statement would run outside of the transaction. So nothing is sent once the connection was lost.
 */
function transactionOver(tx: Runner, arrays: ElementTypes, life: { over: boolean }): DatabaseTransaction {
  const whileOpen = async <T>(statement: () => Promise<T>): Promise<T> => {
    if (life.over)
      throw new Error('The transaction has ended: its connection was lost, or its function has returned. Run it again.')
    try {
      return await statement()
    } catch (error) {
      if (CONNECTION_LOST.has(errorCode(error))) life.over = true
      throw error
    }
  }
  return {
    query: (text, params) => whileOpen(() => run(tx, arrays, text, params)),
    execute: (script) => whileOpen(async () => void (await tx.unsafe(script).simple())),
    copyOut: (query) => whileOpen(() => copyOut(tx, query)),
  }
}

const CONNECTION_LOST: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
])

type Settled<T> =
  | { readonly kind: 'resolved'; readonly value: T }
  | { readonly kind: 'rejected'; readonly reason: unknown }

function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ kind: 'resolved', value }),
    (reason: unknown) => ({ kind: 'rejected', reason }),
  )
}

async function run(
  runner: Runner,
  arrays: ElementTypes,
  text: string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  // Without parameters the package would choose the simple protocol, which runs several statements.
  const settings = { prepare: true, simple: false }
  const result = await runner.unsafe<Row[]>(text, params.map(toParameter), settings)
  const unknown = result.columns.filter(({ type }) => type >= FIRST_USER_OID && !(type in valueParsers))
  if (unknown.length === 0 || result.length === 0) return [...result]
  await learnTypes(
    runner,
    arrays,
    unknown.map(({ type }) => type),
  )
  const parsers = unknown.flatMap(({ name, type }) => {
    const element = arrays.get(type)
    return element ? [{ name, parse: valueParsers[element] ?? ((value: string) => value) }] : []
  })
  return result.map((row) => {
    const parsed = parsers.map(({ name, parse }) => [
      name,
      typeof row[name] === 'string' ? parseArray(row[name], parse) : null,
    ])
    return { ...row, ...Object.fromEntries(parsed) }
  })
}

/** Below are PostgreSQL's own types. */
const FIRST_USER_OID = 16384

/** Asks the catalogue about types that no column had so far. */
async function learnTypes(runner: Runner, arrays: ElementTypes, oids: readonly number[]): Promise<void> {
  const unknown = oids.filter((oid) => !arrays.has(oid))
  if (unknown.length === 0) return
  const rows = await runner.unsafe<{ oid: number; element: number | null }[]>(
    "select oid, case when typcategory = 'A' then typelem end as element from pg_type where oid = any($1::oid[])",
    [`{${unknown.join(',')}}`],
  )
  for (const { oid, element } of rows) arrays.set(oid, element)
}

/** Passes through the package as it is and becomes text once the server has said which type it expects. */
class Parameter {
  constructor(readonly value: unknown) {}

  toString(): string {
    return toText(this.value) ?? ''
  }
}

function toParameter(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return toText(value)
  // The package types parameters as what it converts itself; it hands anything else to the serializers below.
  return new Parameter(value) as unknown as string
}

function exactTypes() {
  return Object.fromEntries(
    Object.entries(valueParsers).map(([key, parse]) => {
      const oid = Number(key)
      const serialize = (value: unknown) =>
        valueSerializers[oid]?.(value instanceof Parameter ? value.value : value) ?? ''
      return [`type${oid}`, { to: oid, from: [oid], serialize, parse }]
    }),
  )
}

interface Target {
  readonly host: string
  readonly database: string
  readonly user: string
}

function describeTarget(url: string): Target {
  const shape = 'postgres://user:password@host:5432/database'
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new Error(`That is not the URL of a PostgreSQL database. Give one of the form ${shape}.`)
  }
  try {
    const { hostname, port, pathname, username } = new URL(url)
    // An unescaped / ends the host early: what the parser then calls host is a piece of the password.
    if (/[/@]/.test(pathname.slice(1))) throw new TypeError('not a database name')
    const user = decodeURIComponent(username) || 'the default user'
    return {
      host: `${hostname || 'localhost'}:${port || 5432}`,
      database: decodeURIComponent(pathname.slice(1)) || user,
      user,
    }
  } catch {
    // The parser's own error would repeat the URL, and with it the password.
    throw new Error(
      `The database URL can't be read. Give one of the form ${shape}, with characters like @ or / in the password percent-encoded.`,
    )
  }
}

async function checkVersion(database: Database, target: Target): Promise<void> {
  const [row] = await database.query("select current_setting('server_version_num')::int as version")
  const version = Number(row?.version)
  if (version < OLDEST_VERSION) {
    const has = Math.floor(version / 10000)
    throw new Error(
      `${target.host} runs PostgreSQL ${has}, which is too old. Use PostgreSQL ${OLDEST_VERSION / 10000} or newer.`,
    )
  }
}

/** Rethrows the error; those about the connection say what to do, those about a statement stay as they are. */
function fail(error: unknown, target: Target): never {
  const message = connectionMessage(errorCode(error), target)
  if (message === null) throw error
  throw Object.assign(new Error(message), { code: errorCode(error) })
}

function connectionMessage(code: string, { host, database, user }: Target): string | null {
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${host}: the connection was refused. Check that PostgreSQL runs there and that host and port are right.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${host} can't be found. Check its name and your network.`
    case 'CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `Nothing answered at ${host} in time. Check host and port, and whether a firewall lets you through.`
    case 'CONNECTION_CLOSED':
    case 'CONNECTION_DESTROYED':
    case 'CONNECTION_ENDED':
    case 'ECONNRESET':
    case 'EPIPE':
      return `The connection to ${host} was closed. Check that PostgreSQL still runs there, then try again.`
    case '28P01':
    case '28000':
      return `${host} refused to sign in ${user}: wrong password, or this user may not connect from here. Check user and password, and pg_hba.conf.`
    case '3D000':
      return `There is no database "${database}" at ${host}. Check its name, or create it.`
    case '53300':
      return `${host} has no connection left: too many clients. Close some, or raise max_connections.`
    default:
      return null
  }
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
