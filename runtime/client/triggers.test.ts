/** When units run by themselves, and when they run again. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Device, Transport } from '../contract'
import { createVirtualTime } from '../testing/virtual-time'
import { refuse, silent, startDevice, type TestDeviceOptions, takeAll, unit, unreachable } from './testing-device'

const devices: Device[] = []
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})
async function start(options?: TestDeviceOptions) {
  const started = await startDevice(options)
  devices.push(started.device)
  await expect.poll(() => started.device.sync.status.leader).toBe(true)
  return started
}

describe('D3 retry', () => {
  it('D3 repeats what may pass, later each time, and says when', async () => {
    const { device, time, requests, setAnswer } = await start({
      units: [unit('Default', { retry: { onError: true, intervalMs: 10_000 } })],
      answer: unreachable,
    })
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'failed', error: { kind: 'unreachable' } })
    const waits: number[] = []
    for (let failures = 1; failures <= 3; failures++) {
      const { retryAt, stalled } = device.sync.status
      expect(stalled).toMatchObject({ kind: 'unreachable', recovery: 'retry' })
      const waitMs = (retryAt ?? 0) - time.now()
      waits.push(waitMs)
      const asked = requests.length
      await time.advance(waitMs - 1)
      expect(requests.length).toBe(asked)
      if (failures === 3) setAnswer(takeAll)
      await time.advance(1)
      await expect.poll(() => device.sync.status.running).toBeNull()
    }
    for (const [index, waitMs] of waits.entries()) {
      expect(waitMs).toBeGreaterThanOrEqual(7_500 * 2 ** index)
      expect(waitMs).toBeLessThanOrEqual(12_500 * 2 ** index)
    }
    expect(device.sync.status).toMatchObject({ stalled: null, retryAt: null })
  })

  it('D3 waits as long as the server asks', async () => {
    const { device, time } = await start({
      units: [unit('Default', { retry: { onError: true, intervalMs: 1_000 } })],
      answer: refuse(503, 'busy', 120_000),
    })
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'failed', error: { kind: 'busy' } })
    expect((device.sync.status.retryAt ?? 0) - time.now()).toBeGreaterThanOrEqual(120_000)
  })

  it.each([
    [401, 'unauthenticated', 'sign-in'],
    [409, 'incompatible', 'update'],
    [400, 'invalid-message', 'report'],
  ] as const)('D3 does not repeat what waiting does not help: status %i', async (status, kind, recovery) => {
    const { device } = await start({
      units: [unit('Default', { retry: { onError: true } })],
      answer: refuse(status, kind),
    })
    await device.sync.trigger('Default')
    expect(device.sync.status).toMatchObject({ retryAt: null, stalled: { kind, recovery } })
  })

  it('D3 leaves a failure alone where the unit does not repeat, and says that it stalls', async () => {
    const { device } = await start({ answer: unreachable })
    await device.sync.trigger('Default')
    expect(device.sync.status).toMatchObject({ retryAt: null, stalled: { kind: 'unreachable' } })
  })

  it('D5 tries again at once when the network returns, however far off the repetition is', async () => {
    const { device, setNetwork, setAnswer, log } = await start({
      units: [unit('Default', { retry: { onError: true, intervalMs: 3_000_000 } })],
      answer: unreachable,
    })
    await device.sync.trigger('Default')
    setNetwork({ online: false })
    setAnswer(takeAll)
    setNetwork({ online: true })
    await expect.poll(() => log.at(-1)).toBe('complete Default')
  })
})

describe('triggers', () => {
  it('D5 run on return to the network, and go on with a run that it broke off', async () => {
    const { device, setNetwork, setAnswer, log } = await start({
      units: [unit('Online', { triggers: { onOnline: true } }), unit('Broken')],
      answer: silent,
    })
    const outcome = device.sync.trigger('Broken')
    await expect.poll(() => log).toEqual(['start Broken'])
    setNetwork({ online: false })
    expect(await outcome).toEqual({ kind: 'offline', unit: 'Broken' })
    setAnswer(takeAll)
    setNetwork({ online: true })
    await expect
      .poll(() => log.filter((entry) => entry.startsWith('complete')).toSorted())
      .toEqual(['complete Broken', 'complete Online'])
    expect(device.sync.status).toMatchObject({ online: true, networkType: 'wifi', stalled: null })
  })

  it('run when the device is opened, and when it comes to the foreground', async () => {
    const { device, log } = await start({
      units: [unit('Login', { triggers: { onLogin: true } }), unit('Resume', { triggers: { onResume: true } })],
    })
    await expect.poll(() => device.sync.status.lastSyncedAt).not.toBeNull()
    device.resume()
    await expect.poll(() => log.at(-1)).toBe('complete Resume')
    expect(log).not.toContain('complete Online')
  })

  it('run at an interval that begins when a run ends', async () => {
    const { device, time, requests } = await start({
      units: [unit('Default', { triggers: { intervalMs: 60_000 } })],
    })
    await time.advance(59_000)
    expect(requests.length).toBe(0)
    await device.sync.trigger('Default')
    await time.advance(59_000)
    expect(requests.length).toBe(1)
    await time.advance(1_000)
    await expect.poll(() => requests.length).toBe(2)
    await expect.poll(() => device.sync.status.running).toBeNull()
    await time.advance(60_000)
    await expect.poll(() => requests.length).toBe(3)
  })

  it('L11 run after the last of some local changes, and in between where they do not end', async () => {
    const { device, time, requests } = await start({
      units: [unit('Default', { triggers: { afterLocalChangeMs: 1_000 } })],
    })
    const change = (name: string) => device.entities.Companies?.create({ name })
    await change('a')
    await time.advance(900)
    await change('b')
    await time.advance(900)
    expect(requests.length).toBe(0)
    await time.advance(100)
    await expect.poll(() => requests.length).toBe(1)
    await expect.poll(() => device.sync.status.pending).toBe(0)
    for (let n = 0; n < 12; n++) {
      await change(`c${n}`)
      await time.advance(900)
    }
    expect(requests.length).toBeGreaterThan(1)
  })

  it('wait for a connection that costs nothing where the unit says so; the app need not', async () => {
    const { device, time, setNetwork, log } = await start({
      units: [unit('Large', { network: 'unmetered', triggers: { intervalMs: 1_000 } })],
    })
    setNetwork({ metered: true })
    await time.advance(5_000)
    expect(log).toEqual([])
    await device.sync.trigger('Large')
    expect(log).toEqual(['start Large', 'complete Large'])
    await time.advance(1_000)
    setNetwork({ metered: false })
    await expect.poll(() => log.length).toBe(4)
  })
})

describe('pokes', () => {
  const units = [
    unit('Orders', { entities: ['le_order'], triggers: { onPoke: true } }),
    unit('Regions', { entities: ['le_region'], triggers: { onPoke: true } }),
  ]
  type Listening = Parameters<NonNullable<Transport['events']>>[0]

  it('run the units of what changed, and all once the line stands', async () => {
    const lines: Listening[] = []
    const events: Transport['events'] = (line) => new Promise(() => lines.push(line))
    const { log } = await start({ units, transport: { sync: () => Promise.reject(), events } })
    expect(lines).toHaveLength(1)
    lines[0]?.onOpen()
    await expect.poll(() => log).toEqual(['start Orders', 'complete Orders', 'start Regions', 'complete Regions'])
    log.length = 0
    lines[0]?.onPoke(['le_order', 'le_part'])
    await expect.poll(() => log).toEqual(['start Orders', 'complete Orders'])
    lines[0]?.onPoke(null)
    await expect.poll(() => log.length).toBe(6)
  })

  it('D3 are replaced by asking every half minute while the line is down, which is tried again later each time', async () => {
    const time = createVirtualTime()
    const attempts: number[] = []
    const events: Transport['events'] = () => {
      attempts.push(time.now())
      return Promise.reject(new Error('No events here.'))
    }
    const { requests } = await start({ units, time, transport: { sync: () => Promise.reject(), events } })
    for (let tick = 0; tick < 400; tick++) await time.advance(250)
    await expect.poll(() => requests.length).toBe(6)
    const waits = attempts.slice(1).map((atMs, index) => atMs - (attempts[index] ?? 0))
    expect(waits.length).toBeGreaterThan(4)
    expect(waits.every((waitMs, index) => waitMs >= 750 * 2 ** index)).toBe(true)
  })

  it('end with the network and begin again with it', async () => {
    const lines: Listening[] = []
    const events: Transport['events'] = (line) => new Promise(() => lines.push(line))
    const { setNetwork } = await start({ units, transport: { sync: () => Promise.reject(), events } })
    setNetwork({ online: false })
    expect(lines[0]?.signal.aborted).toBe(true)
    setNetwork({ online: true })
    expect(lines).toHaveLength(2)
  })
})

describe('D2 queue', () => {
  it('D2 a trigger from inside syncComplete does not loop, now or later, but sends what was edited there', async () => {
    const { device, requests, log } = await start({ units: [unit('A'), unit('B')] })
    device.on('syncComplete', async ({ unit: name }) => {
      await device.entities.Companies?.create({ name: `after ${name}` })
      await device.sync.trigger('A')
      await device.sync.trigger('B')
    })
    await device.sync.trigger('A')
    await expect.poll(() => device.sync.status.running).toBeNull()
    const runs = await settled(log)
    expect(runs).toBeGreaterThan(2)
    expect(runs).toBeLessThan(20)
    expect(requests.flatMap((request) => request.push).length).toBeGreaterThan(0)
  })

  it('D2 runs what has the higher priority first', async () => {
    const { device, log } = await start({ units: [unit('A'), unit('B'), unit('C', { priority: 9 })] })
    await Promise.all(['A', 'B', 'C'].map((name) => device.sync.trigger(name)))
    expect(log.filter((entry) => entry.startsWith('start'))).toEqual(['start A', 'start C', 'start B'])
  })

  it('says what units there are when asked for another', async () => {
    const { device } = await start()
    expect(await device.sync.trigger('Nope')).toMatchObject({
      kind: 'failed',
      error: { kind: 'unknown-unit', message: 'There is no sync unit Nope. The bundle has: Default.' },
    })
    expect(device.sync.status.stalled).toBeNull()
  })
})

/** How many entries there are once no more come. */
async function settled(log: readonly string[]): Promise<number> {
  let before = -1
  await expect
    .poll(
      () => {
        const isSame = log.length === before
        before = log.length
        return isSame
      },
      { interval: 100 },
    )
    .toBe(true)
  return log.length
}
