import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type RealPostgres, startPostgres } from '@/runtime/testing/real-postgres'
import { type ImportEvent, importRoute } from './import-route'
import { closeDatabase, processApplication } from './process-application'
import { appRouter } from './router'
import { createTRPCContext } from './routers/trpc'

let server: RealPostgres
let directory: string

beforeAll(async () => {
  server = await startPostgres()
  directory = await mkdtemp(join(tmpdir(), 'syncline-connection-'))
  vi.stubEnv('SYNCLINE_DIR', directory)
  vi.stubEnv('DATABASE_URL', '')
})
afterAll(async () => {
  await closeDatabase()
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})

async function post(path: string, body: object): Promise<readonly ImportEvent[]> {
  const request = new Request(`http://localhost:3000/api/import${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { host: 'localhost:3000', 'content-type': 'application/json' },
  })
  const text = await (await importRoute(request)).text()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ImportEvent)
}

it('a connection that is kept is read again, told without its password, tried and removed', async () => {
  const url = await server.createDatabase()
  const sql = postgres(url, { max: 1 })
  await sql`create table t (id int primary key)`
  const made = (await post('', { url, keepData: false, remember: true })).at(-1)
  if (made?.kind !== 'imported') throw new Error(JSON.stringify(made))
  const api = appRouter.createCaller(createTRPCContext(await processApplication()))
  const target = new URL(url)
  expect(await api.connections.describe({ id: made.id })).toMatchObject({
    kind: 'kept',
    host: target.hostname,
    port: target.port,
    database: target.pathname.slice(1),
    user: target.username,
  })
  expect(await api.connections.test({ id: made.id })).toMatchObject({ kind: 'connected', tables: 1 })

  await sql`alter table t add name text`
  const events = await post(`?project=${made.id}`, { url: null, keepData: false })
  expect(events.at(-1)).toMatchObject({ kind: 'read', startData: null })
  expect(JSON.stringify(events)).toContain('"name"')
  expect(JSON.stringify(events)).not.toContain(target.password)

  await api.connections.remove({ id: made.id })
  expect(await api.connections.describe({ id: made.id })).toEqual({ kind: 'none' })
  expect(await api.connections.test({ id: made.id })).toMatchObject({ kind: 'failed' })
  const wrong = url.replace(target.password, 'wrong-word')
  expect(await api.connections.test({ id: made.id, url: wrong })).toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(/refused the password(?!.*wrong-word)/),
  })
  await sql.end()
})

it('a connection is forgotten where nobody asks to keep it', async () => {
  const url = await server.createDatabase()
  const sql = postgres(url, { max: 1 })
  await sql`create table t (id int primary key)`
  await sql.end()
  const made = (await post('', { url })).at(-1)
  if (made?.kind !== 'imported') throw new Error(JSON.stringify(made))
  const { connections } = await processApplication()
  expect(await connections.urlOf(made.id)).toBeNull()
})
