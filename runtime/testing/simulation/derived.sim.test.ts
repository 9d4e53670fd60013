/** Values that the server reads along references and works out, on devices, whatever fails meanwhile. */
import { afterAll, expect, it } from 'vitest'
import { SIM_DERIVED } from './sim-bundle'
import { explainFailure, openTestGround } from './testing-ground'

const RUNS = Number(process.env.SYNCLINE_SIM_RUNS ?? 0) || 150
/** A busy machine makes fewer. */
const BUDGET_MS = process.env.SYNCLINE_SIM_RUNS ? Number.POSITIVE_INFINITY : 60_000
const FEWEST_RUNS = 20
const FIRST_SEED = Number(process.env.SYNCLINE_SIM_SEED ?? 1)

const ground = openTestGround(SIM_DERIVED)
afterAll(async () => (await ground).close())

it(
  'L1 L10 F8 F9 derived values are the server’s on every device in the end',
  async () => {
    const { run } = await ground
    const started = performance.now()
    let pulled = 0
    let runs = 0
    for (; runs < RUNS && performance.now() - started < BUDGET_MS; runs += 1) {
      const seed = FIRST_SEED + runs
      const report = await run({ seed, devices: 2, steps: 16 })
      if (!report.ok) expect.fail(await explainFailure(await ground, report))
      pulled += report.counts['pulled rows'] ?? 0
    }
    expect(runs).toBeGreaterThanOrEqual(Math.min(RUNS, FEWEST_RUNS))
    expect(pulled).toBeGreaterThan(runs)
  },
  24 * 3_600_000,
)
