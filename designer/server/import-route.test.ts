import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { FORMAT_VERSION } from '@/designer/model'
import { exportRoute, projectFileRoute, startDataRoute } from './download-routes'
import { type ImportEvent, importRoute, readBody } from './import-route'
import { closeDatabase, processApplication } from './process-application'

const NORTHWIND = join('..', 'shared', 'data', 'northwind.sql')
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syncline-import-'))
  vi.stubEnv('SYNCLINE_DIR', directory)
  vi.stubEnv('DATABASE_URL', '')
})

afterAll(async () => {
  await closeDatabase()
  await rm(directory, { recursive: true, force: true })
})

const dumpRequest = (body: BodyInit, headers: Record<string, string> = {}, signal?: AbortSignal): Request =>
  new Request('http://localhost:3000/api/import', {
    method: 'POST',
    body,
    headers: { host: 'localhost:3000', 'x-file-name': encodeURIComponent('Größe.sql'), ...headers },
    signal,
  })

async function eventsOf(response: Response): Promise<ImportEvent[]> {
  const lines = (await response.text()).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as ImportEvent)
}

async function resultOf(request: Request): Promise<ImportEvent | undefined> {
  return (await eventsOf(await importRoute(request))).at(-1)
}

const get = (path: string, id: string, headers: Record<string, string> = {}) =>
  [
    new Request(`http://localhost:3000/api/${path}/${id}`, { headers: { host: 'localhost:3000', ...headers } }),
    { params: Promise.resolve({ id }) },
  ] as const

const SMALL = `
  create table company (id uuid primary key default gen_random_uuid(), name text not null);
  create table note (body text);
  insert into company (name) values ('One'), ('Two');
`

describe('importing a dump', () => {
  it('makes a project of it, tells how far it is, and names the tables that cannot be synced', async () => {
    const events = await eventsOf(await importRoute(dumpRequest(SMALL, { 'x-keep-data': 'true' })))
    expect(events[0]?.kind).toBe('progress')
    const last = events.at(-1)
    expect(last).toMatchObject({
      kind: 'imported',
      tables: 2,
      tablesWithoutKey: ['note'],
      rows: 2,
      keptData: true,
      skipped: [],
    })
    if (last?.kind !== 'imported') throw new Error('not imported')
    const { projects } = await processApplication()
    const stored = await projects.get(last.id)
    expect(stored?.startData.kept).toBe(true)
    expect(
      Object.values(stored?.project.serverEntities ?? {})
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['company', 'note'])
  })

  it('that has a syntax error fails with its line, and makes no project', async () => {
    const { projects } = await processApplication()
    const before = (await projects.list()).length
    const event = await resultOf(dumpRequest('create table a (id int primary key);\n\ncreate tabel b (id int);\n'))
    expect(event).toMatchObject({ kind: 'failed', line: 3 })
    expect((await projects.list()).length).toBe(before)
  })

  it.each([
    ['is empty', ''],
    ['is something else', new Uint8Array(50 * 1024 * 1024).fill(0x89)],
  ])('that %s fails with a reason', async (_case, body) => {
    const event = await resultOf(dumpRequest(body))
    expect(event).toMatchObject({ kind: 'failed', message: expect.stringMatching(/\w+/) })
  })

  it('is refused to a page of another site', async () => {
    const response = await importRoute(dumpRequest(SMALL, { origin: 'https://example.com' }))
    expect(response.status).toBe(403)
  })

  it('ends when whoever asked goes away, and leaves no project', async () => {
    const { projects } = await processApplication()
    const before = (await projects.list()).length
    const gone = new AbortController()
    const response = await importRoute(dumpRequest(SMALL, {}, gone.signal))
    gone.abort()
    await response.text().catch(() => undefined)
    await importRoute(dumpRequest(SMALL)).then(eventsOf)
    expect((await projects.list()).length).toBe(before + 1)
  })
})

describe('reading again for a project that is there', () => {
  const readAgain = (id: string, sql: string, headers: Record<string, string> = {}) =>
    resultOf(
      new Request(`http://localhost:3000/api/import?project=${id}`, {
        method: 'POST',
        body: sql,
        headers: { host: 'localhost:3000', ...headers },
      }),
    )

  const bytesOf = async (id: string) => (await startDataRoute(...get('start-data', id))).arrayBuffer()

  it('answers the schema, changes nothing, and replaces the rows once they are taken', async () => {
    const { projects, startData } = await processApplication()
    const made = await resultOf(dumpRequest(SMALL, { 'x-keep-data': 'true' }))
    if (made?.kind !== 'imported') throw new Error('not imported')
    const before = await projects.get(made.id)
    const count = (await projects.list()).length
    const more = `${SMALL} alter table company add city text; insert into company (name) values ('Three');`
    const read = await readAgain(made.id, more, { 'x-keep-data': 'true' })
    if (read?.kind !== 'read' || read.startData === null || before === null) throw new Error('not read')
    const company = Object.values(read.schema.serverEntities).find(({ name }) => name === 'company')
    expect(Object.values(company?.attributes ?? {}).map(({ name }) => name)).toEqual(['id', 'name', 'city'])
    expect(read.rows).toBe(3)
    expect(await projects.get(made.id)).toEqual(before)
    expect((await projects.list()).length).toBe(count)
    expect(await rowsIn(await bytesOf(made.id))).toHaveLength(2)

    expect(await startData.take(made.id, 'another token')).toEqual({ kind: 'gone' })
    const taken = await startData.take(made.id, read.startData)
    if (taken.kind !== 'taken' || taken.former === null) throw new Error('not taken')
    expect(await rowsIn(await bytesOf(made.id))).toHaveLength(3)
    expect(await startData.take(made.id, read.startData)).toEqual({ kind: 'gone' })

    // The schema is the same, so the former rows are there to be taken back, and these again.
    const back = await startData.take(made.id, taken.former)
    expect(await rowsIn(await bytesOf(made.id))).toHaveLength(2)
    expect(back).toEqual({ kind: 'taken', former: read.startData })
  })

  it('keeps the rows of each schema, so that they come back with it', async () => {
    const { projects, startData } = await processApplication()
    const made = await resultOf(dumpRequest(SMALL, { 'x-keep-data': 'true' }))
    if (made?.kind !== 'imported') throw new Error('not imported')
    const before = await projects.get(made.id)
    const read = await readAgain(
      made.id,
      `${SMALL} alter table company add city text; insert into company (name) values ('Three');`,
      { 'x-keep-data': 'true' },
    )
    if (read?.kind !== 'read' || read.startData === null || before === null) throw new Error('not read')
    const after = { ...before.project, serverEntities: read.schema.serverEntities }

    await projects.save(made.id, 1, after)
    expect(await rowsIn(await bytesOf(made.id))).toHaveLength(2)
    expect(await startData.take(made.id, read.startData)).toEqual({ kind: 'taken', former: null })
    expect(await rowsIn(await bytesOf(made.id))).toHaveLength(3)
    await projects.save(made.id, 2, before.project)
    expect(await rowsIn(await bytesOf(made.id))).toHaveLength(2)
    await projects.save(made.id, 3, after)
    expect(await rowsIn(await bytesOf(made.id))).toHaveLength(3)
  })

  it('of which there is none, or which keeps no connection, says so', async () => {
    expect(await readAgain('pr_nobody', SMALL)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('There is no project pr_nobody'),
    })
    const made = await resultOf(dumpRequest(SMALL))
    if (made?.kind !== 'imported') throw new Error('not imported')
    const kept = JSON.stringify({ url: null, keepData: false })
    expect(await readAgain(made.id, kept, { 'content-type': 'application/json' })).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('No connection is kept'),
    })
  })
})

describe('importing from an address', () => {
  it.each([
    ['that nobody answers at', { url: 'postgres://me:secret@127.0.0.1:1/db' }],
    ['that is none', { url: 'not an address' }],
    ['that is missing', {}],
  ])('%s fails with a reason and without the password', async (_case, body) => {
    const event = await resultOf(dumpRequest(JSON.stringify(body), { 'content-type': 'application/json' }))
    expect(event).toMatchObject({ kind: 'failed', message: expect.stringMatching(/\w+/) })
    expect(JSON.stringify(event)).not.toContain('secret')
  })
})

describe('a body', () => {
  it('that grows beyond the limit is given up while it comes', async () => {
    let sent = 0
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 1024
        controller.enqueue(new Uint8Array(1024))
      },
    })
    const request = new Request('http://localhost', { method: 'POST', body: endless, duplex: 'half' } as RequestInit)
    expect(await readBody(request, 10_000)).toBeNull()
    expect(sent).toBeLessThan(50_000)
  })
})

describe('what can be downloaded of a project', () => {
  const importProject = async (headers: Record<string, string> = {}): Promise<string> => {
    const event = await resultOf(dumpRequest(SMALL, headers))
    if (event?.kind !== 'imported') throw new Error(`not imported: ${JSON.stringify(event)}`)
    return event.id
  }

  it('is its file, named after it', async () => {
    const id = await importProject()
    const response = await projectFileRoute(...get('project-file', id))
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="grosse\.syncline\.json"$|"gro.+\.syncline\.json"$/,
    )
    expect(await response.json()).toMatchObject({ format: FORMAT_VERSION, id })
  })

  it('is the start data with the imported rows where they were kept, with a tag for the cache', async () => {
    const id = await importProject({ 'x-keep-data': 'true' })
    const response = await startDataRoute(...get('start-data', id))
    const bytes = await response.arrayBuffer()
    expect(await rowsIn(bytes)).toEqual([{ name: 'One' }, { name: 'Two' }])
    const etag = response.headers.get('etag') ?? ''
    const again = await startDataRoute(...get('start-data', id, { 'if-none-match': etag }))
    expect(again.status).toBe(304)
  })

  it('is the start data with empty tables where no rows were kept', async () => {
    const id = await importProject()
    const response = await startDataRoute(...get('start-data', id))
    expect(await rowsIn(await response.arrayBuffer())).toEqual([])
  })

  it('is the bundle, the same bytes each time; its errors where it has some', async () => {
    const id = await importProject()
    const refused = await exportRoute(...get('export', id))
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ kind: 'has-errors', diagnostics: [{ severity: 'error' }] })
  })

  it('is nothing where there is no such project', async () => {
    for (const route of [exportRoute, startDataRoute, projectFileRoute]) {
      const response = await route(...get('export', 'pr_none'))
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ message: expect.stringContaining('no project pr_none') })
    }
  })
})

describe.skipIf(!existsSync(NORTHWIND))('Northwind (skipped where ../shared/data/northwind.sql is missing)', () => {
  it('imports whole, with its rows', async () => {
    const event = await resultOf(dumpRequest(await readFile(NORTHWIND), { 'x-keep-data': 'true' }))
    expect(event).toMatchObject({ kind: 'imported', tables: 14, tablesWithoutKey: [], rows: 3362, keptData: true })
  })
})

async function rowsIn(dataDirectory: ArrayBuffer): Promise<unknown[]> {
  const database = await PGlite.create({ loadDataDir: new Blob([dataDirectory], { type: 'application/x-gzip' }) })
  const { rows } = await database.query('select name from company order by name')
  await database.close()
  return rows
}
