import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import postgres, { type Sql } from 'postgres'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Server } from '../contract'
import { openPostgres } from '../storage/postgres'
import { FIELD_BUNDLE, FIELD_SERVER_SQL } from '../testing/field-bundle'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import { httpTransport } from '../transport'
import { createServer } from './create-server'
import { nodeListener } from './node-listener'

let real: RealPostgres
beforeAll(async () => {
  real = await startPostgres()
})
afterAll(() => real?.stop())

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** Another program beside the server, as psql is. */
async function connect(url: string): Promise<Sql> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  endings.push(() => sql.end())
  return sql
}

interface Running {
  readonly url: string
  readonly server: Server
  readonly psql: Sql
  readonly databaseUrl: string
}

async function start(): Promise<Running> {
  const databaseUrl = await real.createDatabase()
  const psql = await connect(databaseUrl)
  await psql.unsafe(FIELD_SERVER_SQL)
  const database = await openPostgres(databaseUrl)
  const authenticate = (request: Request) => (request.headers.get('authorization') === 'ann' ? { user: 'ann' } : null)
  const server = await createServer(FIELD_BUNDLE, { database, authenticate })
  await server.install()
  const http = createHttpServer(nodeListener((request) => server.fetch(request)))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  endings.push(
    () => close(http),
    () => server.close(),
  )
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, server, psql, databaseUrl }
}

function close(http: HttpServer): Promise<unknown> {
  const closed = new Promise((resolve) => http.close(resolve))
  http.closeAllConnections()
  return closed
}

interface Listener {
  readonly pokes: (readonly string[] | null)[]
  /** Resolves when the condition holds, looked at after each poke. */
  readonly until: (condition: (pokes: readonly (readonly string[] | null)[]) => boolean) => Promise<void>
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

async function listen(url: string): Promise<Listener> {
  const pokes: (readonly string[] | null)[] = []
  const abort = new AbortController()
  let heard: () => void = () => undefined
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const ended = httpTransport(url, { headers: { authorization: 'ann' } }).events?.({
    signal: abort.signal,
    onOpen: () => open(),
    onPoke: (entities) => {
      pokes.push(entities)
      heard()
    },
  })
  if (!ended) throw new Error('The transport has no events.')
  await Promise.race([opened, ended])
  const until: Listener['until'] = async (condition) => {
    while (!condition(pokes)) {
      await new Promise<void>((resolve) => {
        heard = resolve
      })
    }
  }
  const stop = async () => {
    abort.abort()
    await ended.catch(() => undefined)
  }
  endings.push(stop)
  return { pokes, until, ended, stop }
}

const names = (entity: string) => (pokes: readonly (readonly string[] | null)[]) =>
  pokes.some((poke) => poke?.includes(entity))

async function listeningBackends(psql: Sql): Promise<number[]> {
  const rows = await psql<
    { pid: number }[]
  >`select pid from pg_stat_activity where query ilike 'listen%' and datname = current_database()`
  return rows.map(({ pid }) => pid)
}

describe('GET /events over PostgreSQL', () => {
  it('tells of a change by another program in well under a second, and of which entities', async () => {
    const { url, psql } = await start()
    const device = await listen(url)
    const began = performance.now()
    await psql`update companies set city = 'Zug' where id = 1`
    await device.until(names('le_company'))
    expect(performance.now() - began).toBeLessThan(1000)
    expect(device.pokes.flat()).not.toContain('le_order')
    await psql`create table unrelated (id int)`
    await psql`insert into unrelated values (1)`
    await psql.begin(async (tx) => {
      await tx`insert into regions values ('W', 'West')`
      await tx`insert into work_orders (company_id, title) values (1, 'one'), (2, 'two')`
    })
    await device.until((pokes) => names('le_region')(pokes) && names('le_order')(pokes))
  })

  it('tells nothing before the commit, and nothing of what was rolled back', async () => {
    const { url, psql, databaseUrl } = await start()
    const device = await listen(url)
    const other = await connect(databaseUrl)
    await psql
      .begin(async (tx) => {
        await tx`update companies set city = 'Zug'`
        throw new Error('rolled back')
      })
      .catch(() => undefined)
    await psql.begin(async (tx) => {
      await tx`insert into regions values ('W', 'West')`
      await other`insert into work_orders (company_id, title) values (1, 'one')`
      await device.until(names('le_order'))
      expect(device.pokes.flat()).toEqual(['le_order'])
    })
    await device.until(names('le_region'))
    expect(device.pokes.flat()).not.toContain('le_company')
  })

  it('holds one LISTEN however many devices listen, and none when they have left', async () => {
    const { url, psql } = await start()
    const devices = await Promise.all(Array.from({ length: 30 }, () => listen(url)))
    expect(await listeningBackends(psql)).toHaveLength(1)
    await psql`update companies set city = 'Zug' where id = 1`
    await Promise.all(devices.map((device) => device.until(names('le_company'))))
    await Promise.all(devices.map((device) => device.stop()))
    await waitFor(async () => (await listeningBackends(psql)).length === 0)
  })

  it('hears again after its connection was killed, and tells that anything may have changed meanwhile', async () => {
    const { url, psql } = await start()
    const device = await listen(url)
    const [pid] = await listeningBackends(psql)
    await psql`select pg_terminate_backend(${pid ?? 0})`
    await psql`update companies set city = 'Zug' where id = 1`
    await device.until((pokes) => pokes.includes(null))
    await psql`insert into regions values ('W', 'West')`
    await device.until(names('le_region'))
  })

  it('tells of writers that had begun before anybody listened', async () => {
    const { url, psql } = await start()
    const device = await psql.begin(async (tx) => {
      await tx`insert into regions values ('W', 'West')`
      const early = await listen(url)
      expect(early.pokes).toEqual([])
      return [early] as const
    })
    await device[0].until((pokes) => pokes.includes(null))
  })

  it('has writers notify nobody while nobody listens', async () => {
    const { url, psql, databaseUrl } = await start()
    const heard: string[] = []
    const other = await connect(databaseUrl)
    await other.listen('syncline', (payload) => heard.push(payload))
    await psql`update companies set city = 'Zug' where id = 1`
    await psql`notify syncline, 'end of quiet'`
    await waitFor(async () => heard.includes('end of quiet'))
    expect(heard).toEqual(['end of quiet'])
    await listen(url)
    await psql`update companies set city = 'Zug' where id = 1`
    await waitFor(async () => heard.includes('se_companies'))
  })

  it('refuses who may not sync', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/events`)
    expect([response.status, await response.json()]).toMatchObject([401, { error: { kind: 'unauthenticated' } }])
  })

  it('D6 ends its streams when the server closes', async () => {
    const { url, server, psql } = await start()
    const device = await listen(url)
    await server.close()
    await device.ended
    expect(await listeningBackends(psql)).toEqual([])
  })
})

/** Looks again and again, for what no event tells. */
async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}
