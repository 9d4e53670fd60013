/** The simulator on a real PostgreSQL: writers whose transactions stay open over many steps (L1). */
import { afterAll, describe, expect, it } from 'vitest'
import { openPostgres } from '../../storage/postgres'
import { startPostgres } from '../real-postgres'
import { DEFECTS } from './defects'
import { SIM_PARTS } from './sim-bundle'
import { openTestGround, type TestGround } from './testing-ground'

const RUNS = Number(process.env.SYNCLINE_SIM_RUNS ?? 12)

describe('simulated runs on a real PostgreSQL', () => {
  const postgres = startPostgres()
  const grounds: TestGround[] = []
  const openGround = async (name: keyof typeof SIM_PARTS) => {
    const url = await (await postgres).createDatabase()
    const ground = await openTestGround(SIM_PARTS[name], {
      database: await openPostgres(url),
      connect: () => openPostgres(url, { maxConnections: 1 }),
    })
    grounds.push(ground)
    return ground
  }
  afterAll(async () => {
    for (const ground of grounds) await ground.close()
    await (await postgres).stop()
  })

  it.each(['lastWrite', 'conflicts', 'aggregates', 'scopes'] as const)(
    'L1 L2 P5: what commits late arrives (%s)',
    async (name) => {
      const { run } = await openGround(name)
      let openTransactions = 0
      for (let seed = 1; seed <= RUNS; seed += 1) {
        const report = await run({ seed, steps: 25 })
        expect(report.problems, `seed ${seed}: ${JSON.stringify(report.script)}`).toEqual([])
        openTransactions += report.counts["writers' open transactions: commit"] ?? 0
      }
      expect(openTransactions).toBeGreaterThan(0)
    },
    300_000,
  )

  it.each(DEFECTS.filter(({ connections }) => connections === 'several'))(
    '$name: found, because $why',
    async (defect) => {
      const { run } = await openGround(defect.part)
      for (let seed = 1; seed <= 40; seed += 1) {
        const report = await run({ seed, steps: 25, defect })
        if (!report.ok) return
      }
      expect.fail(`${defect.name} was not found in 40 seeds.`)
    },
    300_000,
  )
})
