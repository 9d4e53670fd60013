/**
 * `npm run soak`: twenty devices and four writers over a real PostgreSQL, with all faults, for some minutes. Ends with
 * 1 where something was lost or memory grew. SYNCLINE_SOAK_MINUTES says for how long.
 */
import { createDevice } from '../../client'
import { createServer } from '../../server'
import { openPostgres } from '../../storage/postgres'
import { startPostgres } from '../real-postgres'
import { openMemoryPlace } from './memory-place'
import { runSimulation } from './run-simulation'
import { ALL_FAULTS } from './script'
import { prepareServerGround } from './server-ground'
import { SIM_BUNDLE, SIM_CLAIMS, SIM_SERVER_SQL } from './sim-bundle'

const MINUTES = Number(process.env.SYNCLINE_SOAK_MINUTES ?? 4)
const FIRST_SEED = Number(process.env.SYNCLINE_SOAK_SEED ?? 1)
const STEPS_OF_A_RUN = 150
/** Code that is compiled and caches that fill up grow at first; from then on nothing may. */
const GROWTH_MB = 60

process.exitCode = await soak()

async function soak(): Promise<0 | 1> {
  const postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const database = await openPostgres(url)
  try {
    const server = await prepareServerGround({
      database,
      connect: () => openPostgres(url, { maxConnections: 1 }),
      bundle: SIM_BUNDLE,
      serverSql: SIM_SERVER_SQL,
      install: (opened) => createServer(SIM_BUNDLE, { database: opened, authenticate: () => null }),
      rows: 30,
    })
    const totals = new Map<string, number>()
    const heaps: number[] = []
    const started = performance.now()
    for (let seed = FIRST_SEED; performance.now() - started < MINUTES * 60_000; seed += 1) {
      const report = await runSimulation({
        bundle: SIM_BUNDLE,
        server,
        storage: openMemoryPlace,
        createDevice,
        createServer,
        seed,
        devices: 20,
        writers: 4,
        steps: STEPS_OF_A_RUN,
        claims: SIM_CLAIMS,
        faults: ALL_FAULTS,
      })
      for (const [what, count] of Object.entries(report.counts)) totals.set(what, (totals.get(what) ?? 0) + count)
      if (!report.ok) {
        console.error([`Seed ${seed} broke:`, ...report.problems, JSON.stringify(report.script)].join('\n'))
        return 1
      }
      heaps.push(usedMegabytes())
      console.log(`seed ${seed}: ${report.counts.steps} steps, heap ${heaps.at(-1)?.toFixed(0)} MB`)
    }
    for (const [what, count] of [...totals].sort(([a], [b]) => (a < b ? -1 : 1)))
      console.log(`${String(count).padStart(9)}  ${what}`)
    const settled = heaps.slice(1)
    const growth = (settled.at(-1) ?? 0) - (settled[0] ?? 0)
    console.log(`Nothing was lost in ${heaps.length} runs. The heap grew by ${growth.toFixed(0)} MB after the first.`)
    return growth > GROWTH_MB ? 1 : 0
  } finally {
    await database.close()
    await postgres.stop()
  }
}

function usedMegabytes(): number {
  // Without --expose-gc what is no longer used counts too.
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1024 / 1024
}
