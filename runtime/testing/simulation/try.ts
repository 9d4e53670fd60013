import { createDevice } from '../../client'
import { createServer } from '../../server'
import { openFreshPGlite } from '../fresh-pglite'
import { openMemoryPlace } from './memory-place'
import { runSimulation } from './run-simulation'
import { ALL_FAULTS } from './script'
import { prepareServerGround } from './server-ground'
import { SIM_CLAIMS, SIM_PARTS, SIM_SERVER_SQL } from './sim-bundle'

const part = (process.argv[2] ?? 'lastWrite') as keyof typeof SIM_PARTS
const SIM_BUNDLE = SIM_PARTS[part]
const [from = 1, count = 1, steps = 25, verbose = 0] = process.argv.slice(3).map(Number)
const database = await openFreshPGlite()
const server = await prepareServerGround({
  database,
  bundle: SIM_BUNDLE,
  serverSql: SIM_SERVER_SQL,
  install: (db) => createServer(SIM_BUNDLE, { database: db, authenticate: () => null }),
})
const totals: Record<string, number> = {}
const cpu = process.cpuUsage()
const started = performance.now()
let bad = 0
const kinds: Record<string, number[]> = {}
for (let seed = from; seed < from + count; seed += 1) {
  const report = await runSimulation({
    bundle: SIM_BUNDLE, server, storage: openMemoryPlace, createDevice, createServer, seed, steps, claims: SIM_CLAIMS,
    faults: { ...ALL_FAULTS, openWriters: false },
    ...(verbose ? { onTrace: (line: string) => console.log(line.slice(0, 400)) } : {}),
  })
  for (const [name, value] of Object.entries(report.counts)) totals[name] = (totals[name] ?? 0) + value
  if (!report.ok) {
    bad += 1
    for (const p of report.problems) {
      const k = p.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|v\d+|-?\d+/g, '#').slice(0, 120)
      kinds[k] = [...(kinds[k] ?? []), seed]
    }
    if (count < 6) console.log(seed, report.failedAt, report.problems.slice(0, 8))
  }
}
console.log(totals)
for (const [k, s] of Object.entries(kinds).sort((a, b) => b[1].length - a[1].length).slice(0, 40)) console.log(s.length, k, s.slice(0, 5))
console.log({ bad, count, ms: performance.now() - started, steps: totals.steps, cpuPerRun: (process.cpuUsage(cpu).user + process.cpuUsage(cpu).system) / 1000 / count })
await database.close()
