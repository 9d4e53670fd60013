/** Attributes that are files: names in rows, contents beside them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Bundle, Device, FileStore, SyncProgress } from '../../contract'
import { openMemoryFiles } from '../../files/memory-files'
import { openFiles } from '../../files/open-files'
import { PROTOCOL_VERSION } from '../../protocol/messages'
import { createServer } from '../../server'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import { httpTransport } from '../../transport'
import { nameOf } from '../files/file-names'
import { companies, LAB_BOUNDS, type SyncGround, type SyncLab, startLab, sync } from './lab'

const plain = { nullable: true, default: null, readOnly: false, sensitive: false, type: 'text' } as const

/** Companies have a scan and a letter. */
export const FILE_BUNDLE: Bundle = {
  ...FIELD_BUNDLE,
  schemaHash: 'field-files',
  entities: FIELD_BUNDLE.entities.map((entity) =>
    entity.id === 'le_company'
      ? {
          ...entity,
          attributes: [
            ...entity.attributes,
            { ...plain, id: 'scan', name: 'scan', column: 'scan', file: 'bytea' },
            { ...plain, id: 'letter', name: 'letter', column: 'letter', file: 'text' },
          ],
        }
      : entity,
  ),
}

/** More than one message takes. */
const LARGE = Uint8Array.from({ length: 600_000 }, (_, index) => (index * 31) % 256)
const SMALL = new TextEncoder().encode('äöü, in a few bytes')

export function describeFiles(ground: SyncGround): void {
  let lab: SyncLab
  const begin = async (bundle = FILE_BUNDLE) => {
    lab = await startLab(ground, bundle)
    await lab.onServer('alter table companies add column scan bytea, add column letter text')
  }
  beforeEach(() => begin())
  afterEach(() => lab.close())

  const addDevice = async (name: string, files: FileStore = openMemoryFiles(), user = 'ann') => {
    const added = await lab.addDevice(name, { files, user })
    await sync(added.device)
    return { ...added, files }
  }
  /** Contents by their names: comparing large ones byte by byte takes seconds. */
  const fileOf = async (device: Device, key: number, attribute: string, name?: string) => {
    const file = companies(device).file
    if (!file) throw new Error('The entity has no files.')
    return told(await file(key, attribute, name))
  }
  const scanOnServer = async (id: number) => {
    const [row] = await lab.onServer('select scan from companies where id = $1', [id])
    return row?.scan instanceof Uint8Array ? told(row.scan) : null
  }
  const told = (content: Uint8Array | null) => (content === null ? null : nameOf(content))
  const requests = () => lab.messages.filter(({ direction }) => direction === 'request').map(({ body }) => body)
  const puts = () => requests().filter((body) => body.includes('"kind":"put"'))

  it('V1 carries contents whole, both ways, and names alone in rows', async () => {
    const a = await addDevice('A')
    await companies(a.device).update(1, { scan: LARGE, letter: SMALL })
    await sync(a.device)
    expect(await scanOnServer(1)).toBe(told(LARGE))
    expect(await lab.onServer('select letter from companies where id = 1')).toEqual([{ letter: 'äöü, in a few bytes' }])

    const b = await addDevice('B')
    const row = await companies(b.device).get(1)
    expect(row?.scan).toMatch(/^[\da-f]{64}$/)
    expect(await b.files.names()).toEqual([])
    expect(await fileOf(b.device, 1, 'scan')).toBe(told(LARGE))
    expect(await fileOf(b.device, 1, 'letter')).toBe(told(SMALL))
    expect(await fileOf(b.device, 2, 'scan')).toBeNull()
    expect((await b.files.names()).length).toBe(2)
    expect((await b.device.verify()).equal).toBe(true)
    expect((await a.device.verify()).equal).toBe(true)
  })

  it('V1 takes a file with a new row, the empty one too', async () => {
    const { device } = await addDevice('A')
    await companies(device).create({ name: 'New', scan: new Uint8Array(), letter: SMALL })
    await sync(device)
    expect(await lab.onServer("select scan, letter from companies where name = 'New'")).toEqual([
      { scan: new Uint8Array(), letter: 'äöü, in a few bytes' },
    ])
  })

  it('D5 reads offline what was written or read here before', async () => {
    const a = await addDevice('A')
    await companies(a.device).update(1, { scan: SMALL })
    await sync(a.device)
    const b = await addDevice('B')
    a.link.set({ online: false })
    b.link.set({ online: false })
    expect(await fileOf(a.device, 1, 'scan')).toBe(told(SMALL))
    await expect(fileOf(b.device, 1, 'scan')).rejects.toMatchObject({ error: { kind: 'unreachable' } })
    b.link.set({ online: true })
    expect(await fileOf(b.device, 1, 'scan')).toBe(told(SMALL))
    b.link.set({ online: false })
    expect(await fileOf(b.device, 1, 'scan')).toBe(told(SMALL))
  })

  it('P1 D1 goes on with an upload that was broken off, and sends nothing twice', async () => {
    const a = await addDevice('A')
    await companies(a.device).update(1, { scan: LARGE })
    // The second message with contents is lost, after it has arrived.
    let sent = 0
    lab.beforeAnswer(async () => {
      sent = puts().length
      if (sent === 3) throw new Error('The cable is out.')
    })
    expect(await a.device.sync.trigger('Default')).toMatchObject({ kind: 'failed' })
    expect(a.device.sync.status).toMatchObject({ pending: 1 })
    expect(await scanOnServer(1)).toBeNull()
    lab.beforeAnswer(null)
    await sync(a.device)
    expect(await scanOnServer(1)).toBe(told(LARGE))
    const taken = puts().filter((body) => body.length <= LAB_BOUNDS.maxBodyBytes)
    const bytes = taken.reduce((sum, body) => sum + body.length, 0)
    expect(bytes).toBeLessThan(LARGE.length * 1.5)
  })

  it('D1 goes on with an upload after the device was opened anew', async () => {
    const place = await ground.kind.place()
    const folder = await mkdtemp(join(tmpdir(), 'syncline-files-'))
    try {
      const first = await lab.addDevice('A', { place, files: await openFiles(folder) })
      await sync(first.device)
      await companies(first.device).update(1, { scan: LARGE })
      lab.beforeAnswer(async () => {
        if (puts().length === 2) throw new Error('The cable is out.')
      })
      expect(await first.device.sync.trigger('Default')).toMatchObject({ kind: 'failed' })
      await first.device.close()
      lab.beforeAnswer(null)
      const second = await lab.addDevice('A again', { place, files: await openFiles(folder) })
      await sync(second.device)
      expect(await scanOnServer(1)).toBe(told(LARGE))
      expect(await fileOf(second.device, 1, 'scan')).toBe(told(LARGE))
      await second.device.close()
    } finally {
      await place.remove()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('D6 gives up files that can not be read, and goes on when they can', async () => {
    const kept = openMemoryFiles()
    let isBroken = true
    const broken: FileStore = {
      ...kept,
      get: (name) => (isBroken ? Promise.reject(new Error('The disk is away.')) : kept.get(name)),
    }
    const { device } = await addDevice('A', broken)
    await companies(device).update(1, { scan: SMALL })
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'failed', error: { kind: 'storage-failed' } })
    isBroken = false
    await sync(device)
    expect(await scanOnServer(1)).toBe(told(SMALL))
  })

  it('P4 L8 gives a file only to who sees its row, and only what is a file', async () => {
    await lab.close()
    const rule = { where: `session.user_name = 'ann'`, columns: [], claims: [], tables: [], readsTime: false }
    await begin({
      ...FILE_BUNDLE,
      entities: FILE_BUNDLE.entities.map((entity) =>
        entity.id === 'le_company' ? { ...entity, scope: { read: rule, write: null } } : entity,
      ),
    })
    await lab.onServer('update companies set scan = $1 where id = 1', [SMALL])
    const ask = async (user: string, rest: object = {}) => {
      const file = { kind: 'get', entity: 'le_company', key: ['1'], attribute: 'scan', name: told(SMALL), offset: 0 }
      const response = await lab.server.fetch(
        new Request('http://server.test/sync', {
          method: 'POST',
          headers: { 'x-user': user },
          body: JSON.stringify({ protocol: PROTOCOL_VERSION, file: { ...file, ...rest } }),
        }),
      )
      return response.json()
    }
    expect(await ask('ann')).toMatchObject({ part: { total: SMALL.length } })
    for (const answer of [
      await ask('bob'),
      await ask('ann', { name: told(LARGE) }),
      await ask('ann', { key: ['2'] }),
      await ask('ann', { key: ['no number'] }),
      await ask('ann', { attribute: 'name' }),
      await ask('ann', { entity: 'le_nothing' }),
    ])
      expect(answer).toMatchObject({ part: null })
    expect(await ask('ann', { name: 'no name' })).toMatchObject({ error: { kind: 'invalid-message' } })
  })

  /** A and B have each written the scan of one row, and B is asked. */
  const disagree = async () => {
    const settings = { handler: 'h_park', handledOn: 'server', blocksSync: false, granularity: 'row' } as const
    await lab.close()
    await begin({
      ...FILE_BUNDLE,
      handlers: [{ id: 'h_park', name: 'Ask', version: '1', decide: () => ({ kind: 'park' }) }],
      entities: FILE_BUNDLE.entities.map((entity) =>
        entity.id === 'le_company' ? { ...entity, pattern: { kind: 'conflict-detection', ...settings } } : entity,
      ),
    })
    const a = await addDevice('A')
    const b = await addDevice('B')
    await companies(a.device).update(1, { scan: LARGE })
    await companies(b.device).update(1, { scan: SMALL })
    await sync(a.device)
    await sync(b.device)
    const [conflict] = await b.device.conflicts.list()
    return { a, b, conflict }
  }

  it('P3 F6 takes a file into what a conflict is resolved with', async () => {
    const { a, b, conflict } = await disagree()
    const resolve = (scan: string | Uint8Array) => b.device.conflicts.resolve(conflict?.id ?? '', { scan })
    await expect(resolve('a text')).rejects.toMatchObject({
      name: 'EntityError',
      kind: 'bad-values',
      message: expect.stringContaining('Companies.scan is a file. Give its content as a Uint8Array'),
    })
    expect(await b.device.conflicts.list()).toEqual([conflict])
    const both = new TextEncoder().encode('of both')
    await resolve(both)
    expect(await companies(b.device).get(1)).toMatchObject({ scan: told(both) })
    await sync(b.device)
    expect(await scanOnServer(1)).toBe(told(both))
    await sync(a.device)
    expect(await fileOf(a.device, 1, 'scan')).toBe(told(both))
  })

  it('P3 F1 keeps what both have written of one file', async () => {
    const { a, b, conflict } = await disagree()
    const [mine, theirs] = [conflict?.local?.scan ?? '', conflict?.server?.scan ?? '']
    expect(await fileOf(b.device, 1, 'scan', mine)).toBe(told(SMALL))
    expect(await fileOf(b.device, 1, 'scan', theirs)).toBe(told(LARGE))
    await b.device.conflicts.resolve(conflict?.id ?? '', 'local')
    await sync(b.device)
    expect(await scanOnServer(1)).toBe(told(SMALL))
    await sync(a.device)
    expect(await fileOf(a.device, 1, 'scan')).toBe(told(SMALL))
    expect(await a.files.names()).toHaveLength(1)
  })

  it('P3 puts a group aside whose content is nowhere, and sends the others', async () => {
    const a = await addDevice('A')
    await companies(a.device).update(1, { scan: 'ab'.repeat(32), city: 'Bath' })
    await companies(a.device).update(2, { city: 'Chur' })
    await sync(a.device)
    expect(await a.device.quarantine.list()).toMatchObject([{ reason: 'file-missing' }])
    expect(await lab.onServer('select city from companies order by id')).toEqual([{ city: 'Leeds' }, { city: 'Chur' }])
  })

  it('P3 does not write again what a row had when another file came, though the whole row is written', async () => {
    await lab.close()
    await begin({
      ...FILE_BUNDLE,
      entities: FILE_BUNDLE.entities.map((entity) => ({
        ...entity,
        ...(entity.direction === 'both' && {
          pattern: { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'row' } as const,
        }),
      })),
    })
    await lab.onServer('update companies set scan = $1 where id = 1', [SMALL])
    const a = await addDevice('A')
    await companies(a.device).update(1, { city: 'Bath' })
    await lab.onServer('update companies set scan = $1 where id = 1', [LARGE])
    await sync(a.device)
    expect(await a.device.quarantine.list()).toEqual([])
    expect(await scanOnServer(1)).toBe(told(LARGE))
    expect(await lab.onServer('select city from companies where id = 1')).toEqual([{ city: 'Bath' }])
    expect(await fileOf(a.device, 1, 'scan')).toBe(told(LARGE))
  })

  it('P4 takes a content from nobody who only knows its name', async () => {
    const a = await addDevice('A')
    await companies(a.device).update(1, { scan: SMALL })
    await sync(a.device)
    const name = (await companies(a.device).get(1))?.scan
    await lab.onServer('update companies set scan = null where id = 1')
    const b = await addDevice('B', openMemoryFiles(), 'bob')
    await companies(b.device).update(2, { scan: name })
    await sync(b.device)
    expect(await b.device.quarantine.list()).toMatchObject([{ reason: 'file-missing' }])
    expect(await scanOnServer(2)).toBeNull()
  })

  it('L7 tells that the server has another file by now', async () => {
    await lab.onServer('update companies set scan = $1 where id = 1', [SMALL])
    const a = await addDevice('A')
    await lab.onServer('update companies set scan = $1 where id = 1', [LARGE])
    await expect(fileOf(a.device, 1, 'scan')).rejects.toMatchObject({ kind: 'not-found' })
    await sync(a.device)
    expect(await fileOf(a.device, 1, 'scan')).toBe(told(LARGE))
  })

  it('D7 keeps what rows and edits name, and nothing else', async () => {
    const { device, files, link } = await addDevice('A')
    await companies(device).update(1, { scan: SMALL })
    await sync(device)
    link.set({ online: false })
    await companies(device).update(1, { scan: LARGE })
    await device.sync.trigger('Default')
    expect(await files.names()).toHaveLength(2)
    link.set({ online: true })
    await sync(device)
    expect(await files.names()).toEqual([(await companies(device).get(1))?.scan])
    await companies(device).update(1, { scan: null })
    await sync(device)
    expect(await files.names()).toEqual([])
    await companies(device).update(2, { scan: SMALL })
    await device.signOut({ force: true })
    expect(await files.names()).toEqual([])
  })

  it('P7 refuses a file that is larger than the server takes, and keeps it', async () => {
    const { device, files } = await addDevice('A')
    await companies(device).update(1, { scan: new Uint8Array(3_000_000) })
    await companies(device).update(2, { scan: SMALL })
    await sync(device)
    expect(await device.quarantine.list()).toMatchObject([
      {
        reason: 'too-large',
        message:
          'The file in Companies.scan has 2.9 MB, and the server takes at most 1.9 MB. Give a smaller one, then discard this.',
      },
    ])
    expect(await files.names()).toHaveLength(2)
    expect(await scanOnServer(2)).toBe(told(SMALL))
    // It was asked about, and nothing of it was sent.
    expect(puts().reduce((sum, body) => sum + body.length, 0)).toBeLessThan(1000)
    expect((await companies(device).get(1))?.scan).toBeNull()
  })

  it('P3 sends again what was taken once, though the server takes less by now', async () => {
    const { device } = await addDevice('A')
    await companies(device).update(1, { scan: LARGE })
    let answers = 0
    // The contents have arrived, and what became of the edits is lost.
    lab.beforeAnswer(async () => {
      if (!requests().at(-1)?.includes('"kind":"put"') && answers++ === 0) throw new Error('The cable is out.')
    })
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'failed' })
    expect(await scanOnServer(1)).toBe(told(LARGE))
    lab.beforeAnswer(null)
    const authenticate = () => ({ user: 'ann' })
    const strict = await createServer(FILE_BUNDLE, { database: lab.database, authenticate, maxFileBytes: 1000 })
    const body = {
      protocol: PROTOCOL_VERSION,
      file: { kind: 'put', parts: [{ name: told(LARGE), total: LARGE.length, offset: 0, content: '' }] },
    }
    const answer = await strict.fetch(
      new Request('http://server.test/sync', { method: 'POST', body: JSON.stringify(body) }),
    )
    expect(await answer.json()).toMatchObject({ have: [LARGE.length], max: 1000 })
    await sync(device)
    expect(await device.quarantine.list()).toEqual([])
  })

  it('D4 tells how much of the files is sent', async () => {
    const { device } = await addDevice('A')
    const seen: (SyncProgress['bytes'] | undefined)[] = []
    device.on('status', ({ progress }) => void seen.push(progress?.bytes))
    await companies(device).update(1, { scan: LARGE, letter: SMALL })
    await sync(device)
    const told = seen.filter((bytes) => bytes !== undefined)
    const total = LARGE.length + SMALL.length
    expect(told.length).toBeGreaterThan(2)
    expect(told.every((bytes) => bytes.total === total)).toBe(true)
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b))
    expect(told.at(-1)?.done).toBe(total)
    expect(device.sync.status.progress).toBeNull()
  })

  it('D7 reads a content once, however many parts it is sent in', async () => {
    const kept = openMemoryFiles()
    let reads = 0
    const counted: FileStore = {
      ...kept,
      get: (name) => {
        reads++
        return kept.get(name)
      },
    }
    const { device } = await addDevice('A', counted)
    await companies(device).update(1, { scan: LARGE })
    await sync(device)
    expect(puts().length).toBeGreaterThan(2)
    expect(reads).toBe(1)
  })

  it('L7 gives no mixture of two files where the row gets another one meanwhile', async () => {
    const before = Uint8Array.from({ length: 2_500_000 }, (_, index) => (index * 7) % 256)
    const after = before.map((byte) => byte ^ 1)
    await lab.onServer('update companies set scan = $1 where id = 1', [before])
    const { device } = await addDevice('A')
    let gets = 0
    lab.beforeAnswer(async () => {
      if (requests().at(-1)?.includes('"kind":"get"') && gets++ === 0)
        await lab.onServer('update companies set scan = $1 where id = 1', [after])
    })
    await expect(fileOf(device, 1, 'scan')).rejects.toMatchObject({ kind: 'not-found' })
    await sync(device)
    expect(await fileOf(device, 1, 'scan')).toBe(told(after))
  })

  it('P7 forgets uploads that nothing came of', async () => {
    const { device } = await addDevice('A')
    await companies(device).update(1, { scan: SMALL })
    await sync(device)
    await lab.onServer("update syncline.file set at = now() - interval '2 days'")
    await lab.server.purge()
    expect(await lab.onServer('select count(*) from syncline.file')).toEqual([{ count: 0 }])
    expect(await scanOnServer(1)).toBe(told(SMALL))
  })

  it('S3 takes no value for a name where the attribute becomes a file, and brings the names anew', async () => {
    // The compiler gives the file an id of its own.
    const before: Bundle = {
      ...FILE_BUNDLE,
      schemaHash: 'before-files',
      entities: FILE_BUNDLE.entities.map((entity) => ({
        ...entity,
        attributes: entity.attributes.map(({ file, ...attribute }) =>
          file === undefined ? attribute : { ...attribute, id: `${attribute.id}_inline`, type: file },
        ),
      })),
    }
    const place = await ground.kind.place()
    try {
      await lab.close()
      await begin(before)
      await lab.onServer('update companies set scan = $1 where id = 1', [SMALL])
      const first = await lab.addDevice('A', { place, bundle: before })
      await sync(first.device)
      await companies(first.device).update(2, { scan: SMALL, city: 'Chur' })
      await first.device.close()
      const server = await createServer(FILE_BUNDLE, { database: lab.database, authenticate: () => ({ user: 'ann' }) })
      await server.install()
      const transport = httpTransport('http://server.test/', { fetch: (request) => server.fetch(request) })
      const files = openMemoryFiles()
      const { device } = await lab.addDevice('A again', { place, bundle: FILE_BUNDLE, files, transport })
      await sync(device)
      expect((await companies(device).get(1))?.scan).toBe(told(SMALL))
      const [kept] = await device.quarantine.list()
      expect(kept).toMatchObject({ reason: 'not-allowed' })
    } finally {
      await place.remove()
    }
  })

  it('C1 refuses a text where a file belongs', async () => {
    const { device } = await addDevice('A')
    await expect(companies(device).update(1, { scan: 'a text' })).rejects.toMatchObject({ kind: 'bad-values' })
    await expect(lab.addDevice('B')).rejects.toThrow('Give openFiles')
  })
}
