/** A sync with nothing to send and nothing to fetch, against a bare round trip through the same HTTP adapter. */

import type { Storage } from '../../contract'
import { createPGliteFactory, openDevice, pgliteStorage, sqliteStorage, syncDevice } from '../bench-device'
import { startBenchServer } from '../bench-server'
import { bareRoundTrip } from '../bench-wire'
import { type BenchResult, interleave, median, ms, NOTHING, timed } from '../measure'
import type { Bench } from './context'

/** In one sample: a single round trip is too short to be told from the noise. */
const TIMES = 50

export const emptySync: Bench = {
  name: 'empty-sync',
  run: async ({ real, rounds }) => {
    const server = await startBenchServer(real, 1000)
    const openPGlite = await createPGliteFactory()
    const storages: readonly (readonly [string, () => Promise<Storage>])[] = [
      ['PGlite', async () => pgliteStorage(await openPGlite())],
      ['SQLite', () => sqliteStorage()],
    ]
    const results: BenchResult[] = []
    for (const [name, open] of storages) {
      const device = await openDevice(await open(), server.url)
      await syncDevice(device)
      const samples = await interleave(Math.max(rounds, 9), NOTHING, {
        ours: () => each(() => syncDevice(device)),
        bare: () => each(() => bareRoundTrip(server.url)),
      })
      await device.close()
      const ratio = median(samples.ours) / median(samples.bare)
      results.push({
        what: `empty sync, round trip (${name} device)`,
        ours: ms(median(samples.ours)),
        yardstick: `${ms(median(samples.bare))} (bare HTTP round trip)`,
        ratio,
        target: '≤ 3',
        reached: ratio <= 3,
        samples,
      })
    }
    await server.stop()
    return results
  },
}

async function each(work: () => Promise<unknown>): Promise<number> {
  const whole = await timed(async () => {
    for (let turn = 0; turn < TIMES; turn += 1) await work()
  })
  return whole / TIMES
}
