import { describe, expect, it } from 'vitest'
import type { Script, Step } from './script'
import { shrinkScript } from './shrink'

const wait = (ms: number): Step => ({ kind: 'wait', ms })
const script = (steps: readonly Step[]): Script => ({ seed: 1, devices: [], steps })

describe('shrinking', () => {
  it('leaves only the steps that it takes', async () => {
    const long = script(Array.from({ length: 100 }, (_, index) => wait(index)))
    const waits = (steps: readonly Step[], ms: number) => steps.some((step) => step.kind === 'wait' && step.ms === ms)
    const short = await shrinkScript(long, async ({ steps }) => waits(steps, 17) && waits(steps, 71))
    expect(short.steps).toEqual([wait(17), wait(71)])
  })

  it('takes apart what happened together, and takes away faults that do not matter', async () => {
    const sync: Step = { kind: 'sync', device: 0, unit: 'Default', fates: ['lost'], crashAt: 3, serverCrashAt: 5 }
    const long = script([{ kind: 'together', order: 1, steps: [wait(1), sync] }])
    const short = await shrinkScript(long, async ({ steps }) =>
      steps.some((step) => step.kind === 'sync' && step.crashAt === 3),
    )
    expect(short.steps).toEqual([{ ...sync, fates: [], serverCrashAt: null }])
  })

  it('answers the script as it is where nothing can go', async () => {
    const one = script([wait(1)])
    expect(await shrinkScript(one, async ({ steps }) => steps.length === 1)).toEqual(one)
  })
})
