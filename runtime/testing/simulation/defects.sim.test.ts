/** The simulator is only worth what it finds: each known mistake, put in from outside, must break a run soon. */
import { afterAll, describe, expect, it } from 'vitest'
import { DEFECTS } from './defects'
import { SIM_PARTS } from './sim-bundle'
import { openTestGround, type TestGround } from './testing-ground'

/** Seeds that are tried on each part until one breaks. */
const SEEDS = 40

describe('known defects', () => {
  const grounds = new Map<string, Promise<TestGround>>()
  const groundOf = (name: keyof typeof SIM_PARTS) => {
    const ground = grounds.get(name) ?? openTestGround(SIM_PARTS[name])
    grounds.set(name, ground)
    return ground
  }
  afterAll(async () => {
    for (const ground of grounds.values()) await (await ground).close()
  })

  it('are at least ten', () => {
    expect(DEFECTS.length).toBeGreaterThanOrEqual(10)
  })

  it.each(DEFECTS.filter(({ connections }) => connections === 'one'))(
    '$name: found, because $why',
    async (defect) => {
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const { run } = await groundOf(defect.part)
        const report = await run({ seed, steps: 20, defect })
        if (report.ok) continue
        // Some rule must have been broken; a run that breaks down finds nothing.
        expect(report.problems.join('\n')).toMatch(/^[A-Z]\d+: /)
        return
      }
      expect.fail(`${defect.name} was not found in ${SEEDS} seeds.`)
    },
    300_000,
  )
})
