/** What a developer gets wrong first is told at once, and in words. */
import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle, Device, DeviceOptions } from '../contract'
import { openFiles } from '../files/open-files'
import { openMemory } from '../storage/memory/open-memory'
import { openPGlite } from '../storage/pglite'
import { openSqlite } from '../storage/sqlite/open-sqlite'
import { FIELD_BUNDLE } from '../testing/field-bundle'
import { AnswerTooLargeError, httpTransport } from '../transport'
import { createDevice } from './create-device'
import { refuse, startDevice, takeAll, unit, unreachable } from './testing-device'

const WITH_FILE: Bundle = {
  ...FIELD_BUNDLE,
  units: [unit('Default')],
  entities: FIELD_BUNDLE.entities.map((entity) => ({
    ...entity,
    attributes: entity.attributes.map((attribute) =>
      attribute.id === 'city' ? { ...attribute, file: 'text' as const } : attribute,
    ),
  })),
}

const devices: Device[] = []
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})

describe('createDevice', () => {
  const transport = httpTransport('http://server.test/')
  const session = { user: 'ann' }

  it.each<readonly [string, (options: DeviceOptions) => unknown, RegExp]>([
    ['nothing', () => undefined, /needs a storage, .* is missing\. Give what openPGlite, openSqlite or openMemory/],
    ['no storage', ({ storage: _, ...rest }) => rest, /needs a storage, .* is missing/],
    [
      'a storage that is not awaited',
      (all) => ({ ...all, storage: openMemory() }),
      /needs a storage, .* is a promise; await it/,
    ],
    ['a storage by name', (all) => ({ ...all, storage: 'tasks.db' }), /needs a storage, .* is not one/],
    [
      'no transport',
      ({ transport: _, ...rest }) => rest,
      /needs a transport, .* is missing\. Give httpTransport\(url\)/,
    ],
    ['a transport by address', (all) => ({ ...all, transport: 'http://x/' }), /needs a transport, .* is not one/],
    ['no session', ({ session: _, ...rest }) => rest, /needs a session, .* is missing\. Give { user: … }/],
    ['a session without a user', (all) => ({ ...all, session: {} }), /needs a session, .* is not one/],
    ['files that are none', (all) => ({ ...all, files: 'folder' }), /needs a place for its files, .* is not one/],
  ])('refuses %s', async (_, change, message) => {
    const storage = await openMemory()
    const options = change({ storage, transport, session }) as DeviceOptions
    const refused = createDevice(FIELD_BUNDLE, options)
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.toBeInstanceOf(TypeError)
    await storage.close()
  })
})

describe('httpTransport', () => {
  it.each(['not a url', '', '/sync', 'localhost:3000', 'ftp://server.test/', undefined])(
    'refuses %j at once',
    (url) => {
      expect(() => httpTransport(url as string)).toThrow(
        `httpTransport takes the server's whole address, such as https://sync.example.com/, and not ${url}.`,
      )
    },
  )
})

describe('places of a browser, in Node', () => {
  it('says of PGlite that there is no IndexedDB', async () => {
    await expect(openPGlite('idb://tasks')).rejects.toThrow(/idb:\/\/tasks is in a browser's IndexedDB.*directory/)
  })

  it('says of SQLite that there is no file system of an origin', async () => {
    await expect(openSqlite('opfs://tasks')).rejects.toThrow(/opfs:\/\/tasks is in a browser's own file system.*path/)
  })
})

describe('places', () => {
  it('says of files that there is no file system of an origin', async () => {
    await expect(openFiles('opfs://tasks')).rejects.toThrow(/opfs:\/\/tasks is in a browser's own file system.*folder/)
  })

  it.each<readonly [string, (place: string) => Promise<unknown>, string]>([
    ['openFiles', openFiles, 'idb'],
    ['openSqlite', openSqlite, 'idb'],
    ['openPGlite', openPGlite, 'opfs'],
  ])('%s says what it takes of places that it does not know, and makes nothing there', async (name, open, scheme) => {
    const unknown = `${scheme}://tasks`
    await expect(open(unknown)).rejects.toThrow(
      `${name} knows no place ${scheme}://, so it can't open ${unknown}. Give`,
    )
    await expect(open(unknown)).rejects.toBeInstanceOf(TypeError)
    expect(existsSync(`${scheme}:`)).toBe(false)
    await expect(open(5 as never)).rejects.toThrow(`${name} takes a place as a text, not 5. Give memory://`)
    await expect(open(null as never)).rejects.toBeInstanceOf(TypeError)
  })
})

describe('demand', () => {
  it('says that an entity is not on demand', async () => {
    const { device } = await startDevice()
    devices.push(device)
    await expect(device.demand.choose('Companies', [1])).rejects.toMatchObject({
      name: 'EntityError',
      message: 'Companies is not on demand: all of its rows in the scope are on this device.',
    })
  })
})

describe('an answer that is larger than the device takes', () => {
  const start = async () => {
    let asked = 0
    const started = await startDevice({
      units: [unit('Default', { retry: { onError: true } })],
      answer: async () => {
        asked += 1
        throw new AnswerTooLargeError(1024 * 1024)
      },
    })
    devices.push(started.device)
    return { ...started, asked: () => asked }
  }

  it('is told as what it is, and not asked for again by itself', async () => {
    const { device, time, asked } = await start()
    expect(await device.sync.trigger('Default')).toMatchObject({
      kind: 'failed',
      error: { kind: 'too-large', recovery: 'report', message: expect.stringContaining('raise maxAnswerBytes') },
    })
    const before = asked()
    await time.advance(3_600_000)
    expect(asked()).toBe(before)
    await expect(device.verify()).rejects.toMatchObject({ error: { kind: 'too-large', recovery: 'report' } })
  })

  it('P3 keeps the edits, which the server may have taken', async () => {
    const { device, setAnswer } = await start()
    await device.entities.Companies?.create({ name: 'Acme' })
    expect(await device.sync.trigger('Default')).toMatchObject({ error: { kind: 'too-large' } })
    expect(device.sync.status.pending).toBe(1)
    expect(await device.quarantine.list()).toEqual([])
    setAnswer(takeAll)
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed' })
    expect(device.sync.status.pending).toBe(0)
  })
})

describe('conflicts.resolve', () => {
  it.each([['serverx'], [''], [null], [undefined], [7], [['local']]])('refuses %j', async (resolution) => {
    const { device } = await startDevice()
    devices.push(device)
    await expect(device.conflicts.resolve('c1', resolution as never)).rejects.toThrow(
      "A conflict is resolved by 'local', by 'server', or by an object of the values that shall stand",
    )
  })
})

describe('without a connection', () => {
  const start = async (answer: Parameters<typeof startDevice>[0]) => {
    const { device } = await startDevice(answer)
    devices.push(device)
    return device
  }

  it('verify speaks of no edits', async () => {
    const device = await start({ answer: unreachable })
    await expect(device.verify()).rejects.toThrow(
      'The server could not be reached (The cable is out.). Try again later.',
    )
  })

  it('verify speaks of no edits where the server refuses, too', async () => {
    const device = await start({ answer: refuse(503, 'busy') })
    await expect(device.verify()).rejects.toThrow(/^No\. Try again later\.$/)
    const signedOut = await start({ answer: refuse(401, 'unauthenticated') })
    await expect(signedOut.verify()).rejects.toThrow(/^No\. Sign in again\.$/)
  })

  it('a file speaks of no edits, and of its key as every action does', async () => {
    const device = await start({ bundle: WITH_FILE, answer: unreachable, files: await openFiles('memory://') })
    const made = await device.entities.Companies?.create({ name: 'Acme', city: 'ab'.repeat(32) })
    const read = async (key: unknown) => device.entities.Companies?.file?.(key as string, 'city')
    await expect(read(made?.id)).rejects.toThrow(
      'The server could not be reached (The cable is out.). Try again later.',
    )
    await expect(read('seven')).rejects.toMatchObject({
      kind: 'bad-key',
      message: 'Companies.id: "seven" is no value of type integer. Write it as PostgreSQL does.',
    })
  })

  it('a sync that has edits says that they are kept', async () => {
    const device = await start({ answer: unreachable })
    await device.entities.Companies?.create({ name: 'Acme' })
    expect(await device.sync.trigger('Default')).toMatchObject({
      error: {
        message: 'The server could not be reached (The cable is out.). The edits are kept and go with the next sync.',
      },
    })
  })
})
