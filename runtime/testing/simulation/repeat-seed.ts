/**
 * Repeats one run of the simulator's own bundle, and shrinks it if it breaks:
 * `npx tsx runtime/testing/simulation/repeat-seed.ts PART SEED STEPS [DEVICES]`, with PART as in sim-bundle.ts.
 */
import { SIM_PARTS } from './sim-bundle'
import { explainFailure, openTestGround } from './testing-ground'

// Timers of the database in this process outlive it.
process.exit(await repeat(process.argv.slice(2)))

async function repeat([part = '', seed, steps, devices = '0']: readonly string[]): Promise<0 | 1 | 2> {
  const bundle = Object.entries(SIM_PARTS).find(([name]) => name === part)?.[1]
  if (!bundle || !Number.isInteger(Number(seed)) || !Number.isInteger(Number(steps))) {
    console.error(`Give a part (${Object.keys(SIM_PARTS).join(', ')}), a seed and a number of steps.`)
    return 2
  }
  const ground = await openTestGround(bundle)
  try {
    // As simulation-suite.ts has it.
    const about = {
      seed: Number(seed),
      steps: Number(steps),
      devices: Number(devices) || (Number(seed) % 4 === 0 ? 3 : 2),
    }
    const report = await ground.run({ ...about, onTrace: (line) => console.log(line) })
    console.log(report.counts)
    if (!report.ok) console.log(await explainFailure(ground, report))
    return report.ok ? 0 : 1
  } finally {
    await ground.close()
  }
}
