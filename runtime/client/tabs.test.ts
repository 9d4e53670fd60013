/** Several tabs over one storage. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Device } from '../contract'
import { openMemory } from '../storage/memory/open-memory'
import { createVirtualTime } from '../testing/virtual-time'
import { answered, sharedStorage, silent, startDevice, type TestDeviceOptions, takeAll, unit } from './testing-device'
import { createTabs } from './testing-tabs'

const devices: Device[] = []
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})

async function openTabs(options: TestDeviceOptions = {}) {
  const tabs = createTabs()
  const storage = sharedStorage(await openMemory())
  const time = createVirtualTime(1_800_000_000_000)
  const open = async (answer = takeAll) => {
    const tab = tabs.open()
    const started = await startDevice({ ...options, storage, time, answer, locks: tab.locks, broadcast: tab.broadcast })
    devices.push(started.device)
    return { ...started, kill: tab.kill }
  }
  return { open, time }
}

describe('D2 several tabs', () => {
  it('D2 have one leader, which runs what runs by itself; another takes over when it closes or dies', async () => {
    const { open, time } = await openTabs({ units: [unit('Default', { triggers: { intervalMs: 60_000 } })] })
    const [a, b, c] = [await open(), await open(), await open()]
    const leaders = () => [a, b, c].map(({ device }) => device.sync.status.leader)
    await expect.poll(leaders).toEqual([true, false, false])
    const synced = (log: readonly string[]) => log.filter((entry) => entry.startsWith('complete')).length
    await time.advance(60_000)
    await expect.poll(() => synced(a.log)).toBe(1)
    await a.device.close()
    await expect.poll(() => b.device.sync.status.leader).toBe(true)
    await time.advance(60_000)
    await expect.poll(() => synced(b.log)).toBe(2)
    b.kill()
    await expect.poll(() => c.device.sync.status.leader).toBe(true)
    await time.advance(60_000)
    await expect.poll(() => synced(c.log)).toBe(3)
    expect([a, b, c].map(({ requests }) => requests.length)).toEqual([1, 1, 1])
  })

  it('D2 run one sync at a time, and each shows the one that runs', async () => {
    const { open } = await openTabs()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const a = await open(async (request) => {
      await held
      return answered(request)
    })
    const b = await open()
    const outcomes = Promise.all([a.device.sync.trigger('Default'), b.device.sync.trigger('Default')])
    await expect.poll(() => a.requests.length).toBe(1)
    await expect.poll(() => b.device.sync.status).toMatchObject({ running: 'Default' })
    expect(b.requests.length).toBe(0)
    release()
    expect(await outcomes).toMatchObject([{ kind: 'completed' }, { kind: 'completed' }])
    expect(b.requests.length).toBe(1)
  })

  it('D2 tell each other what changed and what was synced', async () => {
    const { open } = await openTabs()
    const [a, b] = [await open(), await open()]
    const heard: string[] = []
    b.device.on('change', ({ origin, entities }) => heard.push(`${origin} ${entities.includes('Companies')}`))
    await a.device.entities.Companies?.create({ name: 'x' })
    await expect.poll(() => b.device.sync.status.pending).toBe(1)
    expect(heard).toEqual(['local true'])
    await a.device.sync.trigger('Default')
    await expect.poll(() => b.device.sync.status).toMatchObject({ pending: 0, lastSyncedAt: 1_800_000_000_000 })
    expect(b.log).toEqual(['start Default', 'complete Default'])
  })

  it('D3 show a failure in every tab, and its end wherever the next run happens', async () => {
    const { open } = await openTabs()
    const [a, b] = [await open(() => Promise.reject(new Error('out'))), await open()]
    await a.device.sync.trigger('Default')
    await expect.poll(() => b.device.sync.status.stalled?.kind).toBe('unreachable')
    await b.device.sync.trigger('Default')
    await expect.poll(() => a.device.sync.status.stalled).toBeNull()
  })

  it('D1 D2 do the work of a leader that was killed in the middle of a run', async () => {
    const { open, time } = await openTabs()
    const [a, b] = [await open(silent), await open()]
    await expect.poll(() => a.device.sync.status.leader).toBe(true)
    await a.device.entities.Companies?.create({ name: 'x' })
    void a.device.sync.trigger('Default')
    await expect.poll(() => a.requests.length).toBe(1)
    await expect.poll(() => b.device.sync.status.running).toBe('Default')
    a.kill()
    await expect
      .poll(async () => {
        await time.advance(100)
        return b.log
      })
      .toContain('complete Default')
    expect(b.device.sync.status).toMatchObject({ leader: true, pending: 0, running: null })
    // The group keeps the id under which the dead tab may have sent it (P1).
    expect(b.requests[0]?.push.map(({ id }) => id)).toEqual(a.requests[0]?.push.map(({ id }) => id))
  })

  it('D2 a completion that is heard in every tab and answered by another sync comes to rest', async () => {
    const { open } = await openTabs()
    const [a, b] = [await open(), await open()]
    for (const { device } of [a, b]) device.on('syncComplete', () => void device.sync.trigger('Default'))
    await a.device.sync.trigger('Default')
    let before = -1
    await expect
      .poll(
        () => {
          const runs = a.requests.length + b.requests.length
          const isSame = runs === before
          before = runs
          return isSame
        },
        { interval: 100 },
      )
      .toBe(true)
    expect(before).toBeLessThan(4)
  })

  it('end together when one of them signs out', async () => {
    const { open } = await openTabs()
    const [a, b] = [await open(), await open()]
    await a.device.signOut()
    await expect.poll(() => b.device.entities.Companies?.list().then(() => '', String)).toContain('was closed')
  })
})
