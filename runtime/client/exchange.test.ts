/** What an exchange costs on the device, and what it makes of odd answers. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Device, Storage, Transport } from '../contract'
import { openMemory } from '../storage/memory/open-memory'
import { answered, startDevice, type TestDeviceOptions, takeAll } from './testing-device'

const devices: Device[] = []
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})
async function start(options?: TestDeviceOptions) {
  const started = await startDevice(options)
  devices.push(started.device)
  return started
}

async function countingStorage() {
  const calls: string[] = []
  const storage = await openMemory()
  const counting: Storage = {
    ...storage,
    openTables: async (bundle, ports) => {
      const tables = await storage.openTables(bundle, ports)
      return {
        ...tables,
        state: () => {
          calls.push('state')
          return tables.state()
        },
        sync: (fn) => {
          calls.push('sync')
          return tables.sync(fn)
        },
      }
    },
  }
  return { storage: counting, calls }
}

describe('an exchange', () => {
  it('costs one read and no write where there is nothing to say and no news', async () => {
    const { storage, calls } = await countingStorage()
    const { device, requests } = await start({ storage })
    await device.sync.trigger('Default')
    calls.length = 0
    await device.sync.trigger('Default')
    expect(calls).toEqual(['state'])
    expect(requests).toHaveLength(2)
  })

  describe('over a transport that sends while the device works', () => {
    /** How it answers is the test device's. */
    const transport: Transport = { sync: () => Promise.reject(new Error('Not here.')), sent: async () => {} }

    it('asks what was in vain the last time before the store is read', async () => {
      const { storage, calls } = await countingStorage()
      const { device } = await start({
        storage,
        transport,
        answer: async (request) => {
          calls.push('asked')
          return answered(request)
        },
      })
      await device.sync.trigger('Default')
      await device.sync.trigger('Default')
      calls.length = 0
      expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed' })
      expect(calls).toEqual(['asked', 'state'])
    })

    it('L7 drops the answer where the store says something else by then', async () => {
      const { storage } = await countingStorage()
      const moved = { cursor: 'c1' }
      const odd: Storage = {
        ...storage,
        openTables: async (bundle, ports) => {
          const tables = await storage.openTables(bundle, ports)
          return {
            ...tables,
            // Another tab has pulled meanwhile.
            state: async () => {
              const state = await tables.state()
              return { ...state, cursors: new Map([...state.cursors].map(([entity]) => [entity, moved.cursor])) }
            },
          }
        },
      }
      const signals: AbortSignal[] = []
      const { device, requests } = await start({
        storage: odd,
        transport,
        answer: async (request, signal) => {
          signals.push(signal)
          return moved.cursor === 'c2' && signals.length === 1 ? new Promise(() => {}) : answered(request)
        },
      })
      await device.sync.trigger('Default')
      await device.sync.trigger('Default')
      moved.cursor = 'c2'
      requests.length = 0
      signals.length = 0
      expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed' })
      expect(requests.map(({ pull }) => pull[0]?.cursor)).toEqual(['c1', 'c2'])
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    })

    it('sends edits with the first request all the same', async () => {
      const { device, requests } = await start({ transport })
      await device.sync.trigger('Default')
      await device.sync.trigger('Default')
      requests.length = 0
      await device.entities.Companies?.create({ name: 'Ada' })
      await device.sync.trigger('Default')
      expect(requests.map(({ push }) => push.length)).toEqual([1])
    })
  })

  it('L3 L6 begins anew where the server does not know the place, and not for ever', async () => {
    let pages = 0
    const { device, requests } = await start({
      answer: async (request) => {
        if (request.resume !== null)
          return {
            status: 400,
            body: { error: { kind: 'invalid-message', message: 'Which place?' } },
            bytesSent: 0,
            bytesReceived: 0,
          }
        pages += 1
        return answered(request, { next: `place ${pages}`, cursors: null })
      },
    })
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'failed', error: { kind: 'invalid-message' } })
    expect(requests.length).toBeLessThan(8)
  })

  it.each([
    ['without a page', () => ({ page: null })],
    ['that leaves a group out', (body: object) => ({ ...body, outcomes: [] })],
    ['of another form', () => '<html>'],
  ])('P3 keeps what is pending over an answer %s', async (_, spoil) => {
    const { device, setAnswer } = await start({
      answer: async (request) => {
        const answer = answered(request)
        return { ...answer, body: spoil(answer.body as object) }
      },
    })
    await device.entities.Companies?.create({ name: 'x' })
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'failed', error: { kind: 'invalid-message' } })
    expect(device.sync.status.pending).toBe(1)
    setAnswer(takeAll)
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed', pushedGroups: 1 })
  })

  it('P3 takes in what became of edits, even where the page beside it is of no use', async () => {
    const { device } = await start({ answer: async (request) => answered(request, { next: null, cursors: null }) })
    await device.entities.Companies?.create({ name: 'x' })
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'failed', error: { kind: 'invalid-message' } })
    expect(device.sync.status.pending).toBe(0)
  })

  it('D4 counts edits while it pushes', async () => {
    const { device } = await start()
    for (let n = 0; n < 3; n++) await device.entities.Companies?.create({ name: `${n}` })
    const seen: string[] = []
    device.on('status', ({ progress }) => progress?.phase === 'push' && seen.push(`${progress.done}/${progress.total}`))
    await device.sync.trigger('Default')
    expect(seen[0]).toBe('0/3')
  })
})
