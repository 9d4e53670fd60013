/** What throws, hangs or never settles. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Device, DeviceTables, Storage } from '../contract'
import { openMemory } from '../storage/memory/open-memory'
import { createVirtualTime } from '../testing/virtual-time'
import { PendingEditsError } from './create-device'
import { silent, startDevice, type TestDeviceOptions, takeAll, unit } from './testing-device'

const devices: Device[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const device of devices.splice(0)) await device.close()
})
async function start(options?: TestDeviceOptions) {
  const started = await startDevice(options)
  devices.push(started.device)
  return started
}

/** A storage whose transactions stop answering when told to. */
async function stubbornStorage() {
  const state = { hangs: false }
  const storage = await openMemory()
  const never = () => new Promise<never>(() => {})
  const stubborn: Storage = {
    ...storage,
    openTables: async (bundle, ports) => {
      const tables = await storage.openTables(bundle, ports)
      const hang = <Args extends unknown[], T>(fn: (...args: Args) => Promise<T>) => {
        return (...args: Args) => (state.hangs ? never() : fn(...args))
      }
      return {
        ...tables,
        write: hang(tables.write) as DeviceTables['write'],
        sync: hang(tables.sync) as DeviceTables['sync'],
        state: hang(tables.state),
        close: hang(tables.close),
      }
    },
  }
  return { storage: stubborn, state }
}

describe('D6 what hangs', () => {
  it('D6 gives up a request that is never answered', async () => {
    const { device, time, setAnswer } = await start({ answer: silent })
    const outcome = device.sync.trigger('Default')
    await expect.poll(() => device.sync.status.progress?.phase).toBe('pull')
    await time.advance(60_000)
    expect(await outcome).toMatchObject({ kind: 'failed', error: { kind: 'timeout', recovery: 'retry' } })
    expect(device.sync.status.stalled?.kind).toBe('timeout')
    setAnswer(takeAll)
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed' })
  })

  it('D6 gives up a step of a flow that never ends, and lets the flow do no more', async () => {
    let goOn = () => {}
    let later: Promise<unknown> = Promise.resolve()
    const stuck = unit('Stuck', {
      run: async (flow) => {
        await flow.step('n1')
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
        later = flow.exchange({ push: true, pull: [] })
        await later
      },
    })
    const { device, time, requests } = await start({ units: [stuck, unit('Default')] })
    const outcome = device.sync.trigger('Stuck')
    await expect.poll(() => device.sync.status.running).toBe('Stuck')
    await expect
      .poll(async () => {
        await time.advance(20_000)
        return device.sync.status.running
      })
      .toBeNull()
    expect(await outcome).toMatchObject({
      kind: 'failed',
      error: { kind: 'flow-failed', message: expect.stringContaining('step n1') },
    })
    goOn()
    await expect
      .poll(() =>
        later.then(
          () => 'went on',
          () => 'refused',
        ),
      )
      .toBe('refused')
    expect(requests).toEqual([])
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed' })
  })

  it('D6 makes an outcome of what a flow throws', async () => {
    const throwing = unit('Throwing', { run: () => Promise.reject(new Error('A divisor was zero.')) })
    const atOnce = unit('AtOnce', {
      run: () => {
        throw new Error('Worse.')
      },
    })
    const { device } = await start({ units: [throwing, atOnce] })
    expect(await device.sync.trigger('Throwing')).toMatchObject({
      error: { kind: 'flow-failed', message: expect.stringContaining('A divisor was zero.'), recovery: 'report' },
    })
    expect(await device.sync.trigger('AtOnce')).toMatchObject({ error: { kind: 'flow-failed' } })
  })

  it('D6 a listener that throws or never ends keeps nothing from going on', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { device } = await start()
    device.on('syncComplete', () => {
      throw new Error('in a listener')
    })
    device.on('syncComplete', () => new Promise<void>(() => {}))
    device.on('syncComplete', async () => Promise.reject(new Error('later in a listener')))
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed' })
    await expect.poll(() => told.mock.calls.length).toBe(2)
  })

  it('D6 tells of a storage that does not answer, and closes all the same within five seconds', async () => {
    const { storage, state } = await stubbornStorage()
    const { device, time } = await start({ storage })
    state.hangs = true
    const outcome = device.sync.trigger('Default')
    const write = device.entities.Companies?.create({ name: 'x' }).catch((error: Error) => error.message)
    await expect.poll(() => device.sync.status.running).toBe('Default')
    await expect
      .poll(async () => {
        await time.advance(60_000)
        return device.sync.status.stalled?.kind
      })
      .toBe('storage-failed')
    expect(await outcome).toMatchObject({ error: { kind: 'storage-failed' } })
    expect(await write).toContain('has not answered for 60 seconds')
    const again = device.sync.trigger('Default')
    const closing = device.close().then(() => 'closed')
    for (let second = 0; second < 5; second++) await time.advance(1_000)
    expect(await closing).toBe('closed')
    expect(await again).toMatchObject({ kind: 'failed', error: { kind: 'closed' } })
  })

  it('D6 closes while a flow and a request hang, and answers everybody who waited', async () => {
    const { device } = await start({ units: [unit('A'), unit('B')], answer: silent })
    const outcomes = Promise.all([device.sync.trigger('A'), device.sync.trigger('B')])
    await expect.poll(() => device.sync.status.progress?.phase).toBe('pull')
    await device.close()
    expect(await outcomes).toMatchObject([
      { kind: 'failed', error: { kind: 'closed' } },
      { kind: 'discarded', unit: 'B' },
    ])
    await expect(device.entities.Companies?.list()).rejects.toThrow('This device was closed')
    expect(await device.sync.trigger('A')).toEqual({ kind: 'discarded', unit: 'A' })
  })

  it('D6 rolls a local transaction back that waits for itself, and says what to do instead', async () => {
    const { device, time } = await start()
    const outcome = device
      .transaction(async (tx) => {
        await tx.entities.Companies?.create({ name: 'Never' })
        await device.entities.Companies?.list()
      })
      .catch((error: Error) => error.message)
    await expect
      .poll(() => time.advance(30_000).then(() => Promise.race([outcome, null])))
      .toContain('use the actions and the query of the transaction')
    expect(await device.entities.Companies?.list()).toEqual([])
  })

  it('D6 closes although a transaction waits for itself', async () => {
    const { device } = await start()
    let begin = () => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    const outcome = device
      .transaction(() => {
        begin()
        return device.entities.Companies?.list() ?? Promise.resolve([])
      })
      .catch((error: Error) => error.message)
    await begun
    await device.close()
    expect(await outcome).toContain('the device was closed')
  })
})

describe('D6 a storage that was lost', () => {
  it('D6 is noticed when it is opened, before anything is sent', async () => {
    let value: string | null = null
    const marker = {
      get: () => value,
      set: (next: string | null) => {
        value = next
      },
    }
    const first = await start({ marker })
    expect(first.device.sync.status.storageLost).toBe(false)
    await first.device.close()
    const second = await start({ marker, random: { bytes: (length) => new Uint8Array(length).fill(7) } })
    expect(second.device.sync.status.storageLost).toBe(true)
    expect(second.requests).toEqual([])
    await second.device.signOut()
    expect(value).toBeNull()
  })
})

describe('signing out', () => {
  it('P3 refuses while something is unsent, and changes nothing by it', async () => {
    const { device } = await start()
    await device.entities.Companies?.create({ name: 'Unsent' })
    const refusal = await device.signOut().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(PendingEditsError)
    expect(refusal).toMatchObject({ counts: { pendingEdits: 1, conflicts: 0, quarantined: 0 } })
    expect(await device.entities.Companies?.list()).toHaveLength(1)
    await device.sync.trigger('Default')
    await device.signOut()
    await expect(device.entities.Companies?.list()).rejects.toThrow('This device was closed')
  })

  it('D6 does not wait for a sync that hangs', async () => {
    const { device } = await start({ answer: silent, time: createVirtualTime() })
    await device.entities.Companies?.create({ name: 'Unsent' })
    void device.sync.trigger('Default')
    await expect.poll(() => device.sync.status.progress?.phase).toBe('push')
    await expect(device.signOut()).rejects.toThrow('1 unsent edits')
    await expect.poll(() => device.sync.status.running).toBe('Default')
    await device.signOut({ force: true })
    await expect(device.entities.Companies?.list()).rejects.toThrow('This device was closed')
  })
})
