import { afterEach, describe, expect, it } from 'vitest'
import { openMemory } from '../storage/memory/open-memory'
import { openSqlite } from '../storage/sqlite/open-sqlite'
import { deferred } from '../testing/deferred'
import { openFreshPGlite } from '../testing/fresh-pglite'
import { createVirtualTime } from '../testing/virtual-time'
import { startDevice } from './testing-device'
import { waitingCalls } from './waiting-calls'

for (const [name, open] of [
  ['PGlite', openFreshPGlite],
  ['memory', () => openMemory()],
  ['SQLite', () => openSqlite('memory://')],
] as const)
  describe(`a call of the device while a transaction runs, on ${name}`, () => {
    const opened: { readonly close: () => Promise<void> }[] = []
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close()
    })
    const start = async () => {
      const test = await startDevice({ storage: await open() })
      opened.push(test.device)
      const { Companies } = test.device.entities
      if (!Companies) throw new Error('There are no companies.')
      return { ...test, companies: Companies }
    }

    it('D6 rejects where the transaction’s function awaits it, and nothing of either is done', async () => {
      const { device, time, companies } = await start()
      const inside = deferred()
      const work = device.transaction(async (tx) => {
        await tx.entities.Companies?.create({ name: 'by the tx' })
        const stuck = companies.create({ name: 'by the device' })
        inside.resolve()
        await stuck
      })
      const failed = expect(work).rejects.toThrow(/asked nothing of its own tx for 10 seconds.*use tx\.entities/s)
      await inside.promise
      await time.advance(9_999)
      await time.advance(1)
      await failed
      expect(await companies.list()).toEqual([])
      expect(device.sync.status.pending).toBe(0)
    })

    it('is not held up by a transaction that was rolled back while its function still runs', async () => {
      const { device, time, companies } = await start()
      const inside = deferred()
      const work = device.transaction(() => {
        inside.resolve()
        return new Promise<never>(() => {})
      })
      const failed = expect(work).rejects.toThrow('has not ended for 30 seconds')
      await inside.promise
      await time.advance(30_000)
      await failed
      const [listed] = await Promise.all([companies.list(), time.advance(20_000)])
      expect(listed).toEqual([])
    })

    it('waits for a transaction that goes on, however long it takes', async () => {
      const { device, time, companies } = await start()
      const [inside, onward] = [deferred(), deferred()]
      const work = device.transaction(async (tx) => {
        inside.resolve()
        await onward.promise
        await tx.entities.Companies?.create({ name: 'first' })
      })
      await inside.promise
      const listed = companies.list()
      await time.advance(9_000)
      onward.resolve()
      await work
      await time.advance(9_000)
      expect((await listed).map(({ name }) => name)).toEqual(['first'])
    })
  })

describe('calls that wait for a transaction', () => {
  const start = () => {
    const time = createVirtualTime(0)
    return { time, calls: waitingCalls(time, 10_000, async () => new Error('stuck')) }
  }

  it('wait as long as the transaction asks something at least as often as the bound', async () => {
    const { time, calls } = start()
    const [ended, answer] = [deferred(), deferred<string>()]
    const asking = deferred<() => Promise<void>>()
    const held = calls.hold(async (ask) => {
      asking.resolve(() => ask(async () => {}))
      await ended.promise
    })
    const ask = await asking.promise
    const waiting = calls.behind(answer.promise)
    for (let turn = 0; turn < 20; turn += 1) {
      await time.advance(8_000)
      await ask()
    }
    ended.resolve()
    await held
    await time.advance(60_000)
    answer.resolve('answered')
    expect(await waiting).toBe('answered')
  })

  it('wait while what the transaction asked is under way', async () => {
    const { time, calls } = start()
    const [slow, answer] = [deferred(), deferred<string>()]
    const held = calls.hold((ask) => ask(() => slow.promise))
    const waiting = calls.behind(answer.promise)
    await time.advance(100_000)
    slow.resolve()
    await held
    answer.resolve('answered')
    expect(await waiting).toBe('answered')
  })

  it('are not those that were made before the function began', async () => {
    const { time, calls } = start()
    const [ended, answer] = [deferred(), deferred<string>()]
    const waiting = calls.behind(answer.promise)
    const held = calls.hold(() => ended.promise)
    await time.advance(100_000)
    answer.resolve('answered')
    expect(await waiting).toBe('answered')
    ended.resolve()
    await held
  })
})
