/** A run can be repeated: from its seed, and from its script as it was printed. */
import { afterAll, describe, expect, it } from 'vitest'
import type { Script } from './script'
import { SIM_PARTS } from './sim-bundle'
import { openTestGround } from './testing-ground'

describe('a run', () => {
  const ground = openTestGround(SIM_PARTS.scopes)
  afterAll(async () => (await ground).close())

  it('is the same whenever it is repeated', async () => {
    const { run } = await ground
    // Modules that are loaded when they are first needed are there from now on.
    await run({ seed: 1, steps: 5 })
    const first = await run({ seed: 4711, steps: 25 })
    await run({ seed: 12, steps: 5 })
    const again = await run({ seed: 4711, steps: 25 })
    const kept = await run({ seed: 4711, script: JSON.parse(JSON.stringify(first.script)) as Script })
    expect(again.trace).toBe(first.trace)
    expect(kept.trace).toBe(first.trace)
    expect((await run({ seed: 4712, steps: 25 })).trace).not.toBe(first.trace)
  })
})
