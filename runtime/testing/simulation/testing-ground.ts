/** The simulator's tests: grounds over PGlite, one for each part of the simulation's bundle, and runs upon them. */

import { createDevice } from '../../client'
import type { Database } from '../../contract/api'
import type { Bundle } from '../../contract/bundle'
import { createServer } from '../../server'
import { openFreshPGlite } from '../fresh-pglite'
import { openMemoryPlace } from './memory-place'
import { runSimulation } from './run-simulation'
import { ALL_FAULTS } from './script'
import { prepareServerGround, type ServerGround } from './server-ground'
import { shrinkScript } from './shrink'
import { SIM_CLAIMS, SIM_SERVER_SQL } from './sim-bundle'
import type { SimulationOptions, SimulationReport } from './simulation-options'

export interface TestGround {
  readonly run: (options: Partial<SimulationOptions> & { readonly seed: number }) => Promise<SimulationReport>
  readonly close: () => Promise<void>
}

export async function openTestGround(
  bundle: Bundle,
  more: { readonly database?: Database; readonly connect?: () => Promise<Database> } = {},
): Promise<TestGround> {
  const database = more.database ?? (await openFreshPGlite())
  const server: ServerGround = await prepareServerGround({
    database,
    bundle,
    serverSql: SIM_SERVER_SQL,
    install: (opened) => createServer(bundle, { database: opened, authenticate: () => null }),
    ...(more.connect && { connect: more.connect }),
  })
  return {
    run: (options) =>
      runSimulation({
        bundle,
        server,
        storage: openMemoryPlace,
        createDevice,
        createServer,
        claims: SIM_CLAIMS,
        faults: { ...ALL_FAULTS, openWriters: more.connect !== undefined },
        ...options,
      }),
    close: () => database.close(),
  }
}

/** What a failing run says: the seed, the rules, and the shortest script that still breaks one of the same rules. */
export async function explainFailure(ground: TestGround, report: SimulationReport): Promise<string> {
  const rules = new Set(report.problems.map(ruleOf))
  const script = await shrinkScript(report.script, async (shorter) => {
    const again = await ground.run({ seed: report.seed, script: shorter })
    return again.problems.some((problem) => rules.has(ruleOf(problem)))
  })
  return [
    `Seed ${report.seed} breaks:`,
    ...report.problems.slice(0, 10).map((problem) => `  ${problem}`),
    `It takes ${script.steps.length} steps:`,
    JSON.stringify(script),
  ].join('\n')
}

const ruleOf = (problem: string): string => problem.slice(0, problem.indexOf(':'))
