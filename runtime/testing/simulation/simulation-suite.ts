/**
 * Many short runs: the rules of SPEC.md under faults. A failing run prints its seed and its shortest script. In two
 * files, because each worker takes one.
 */
import { afterAll, describe, expect, it } from 'vitest'
import type { Bundle } from '../../contract/bundle'
import { SIM_PARTS } from './sim-bundle'
import { explainFailure, openTestGround } from './testing-ground'

/**
 * Of each part, two thousand in all, and how long a part may take: a busy machine does fewer. SYNCLINE_SIM_RUNS asks for
 * more, and takes as long as it takes.
 */
const ASKED = Number(process.env.SYNCLINE_SIM_RUNS ?? 0)
const RUNS = { lastWrite: 500, conflicts: 400, aggregates: 550, scopes: 550 } as const
const BUDGET_MS = ASKED ? Number.POSITIVE_INFINITY : 150_000
/** Fewer would mean that the simulator has become too slow to prove anything. */
const FEWEST_RUNS = 40
/** Any first seed will do; another one each time would make a failure look like chance. */
const FIRST_SEED = Number(process.env.SYNCLINE_SIM_SEED ?? 1)

/** Two are enough for most of what can go wrong, and quicker. */
const devicesOf = (seed: number): number => (seed % 4 === 0 ? 3 : 2)

export function describeRuns(names: readonly (keyof typeof SIM_PARTS)[]): void {
  describe.each(names.map((name) => [name, SIM_PARTS[name]] as const))('simulated runs: %s', runsOf)
}

function runsOf(name: keyof typeof SIM_PARTS, bundle: Bundle): void {
  const wanted = ASKED || RUNS[name]
  const ground = openTestGround(bundle)
  afterAll(async () => (await ground).close())

  it(
    'D1 F1 F8 F9 L2 L4 L7 L9 P1 P3: hold whatever fails',
    async () => {
      const { run } = await ground
      const totals = new Map<string, number>()
      const started = performance.now()
      let runs = 0
      for (; runs < wanted && performance.now() - started < BUDGET_MS; runs += 1) {
        const seed = FIRST_SEED + runs
        const report = await run({ seed, devices: devicesOf(seed), steps: 16 })
        if (!report.ok) expect.fail(await explainFailure(await ground, report))
        for (const [what, count] of Object.entries(report.counts)) totals.set(what, (totals.get(what) ?? 0) + count)
      }
      const seconds = (performance.now() - started) / 1000
      console.log(
        `${name}: ${runs} runs, ${totals.get('steps')} steps, ${Math.round((totals.get('steps') ?? 0) / seconds)} steps a second, ` +
          `${totals.get('crashes') ?? 0} crashes, ${totals.get('conflicts') ?? 0} conflicts, ${totals.get('groups refused') ?? 0} groups refused`,
      )
      expect(runs).toBeGreaterThanOrEqual(Math.min(wanted, FEWEST_RUNS))
      // A simulator in which nothing goes wrong finds nothing.
      for (const what of [
        'crashes',
        'server crashes',
        'requests: answer-lost',
        'requests: doubled',
        'groups applied',
        'pulled rows',
      ]) {
        expect(totals.get(what) ?? 0, what).toBeGreaterThan(0)
      }
      if (name === 'conflicts') expect(totals.get('conflicts') ?? 0).toBeGreaterThan(5)
    },
    ASKED ? 24 * 3_600_000 : 400_000,
  )
}
