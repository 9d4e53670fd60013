/**
 * A run: devices, a server and other writers live through a script of faults; then all is healed, and everything that
 * was promised is compared with what is there.
 *
 *   script ─► step ─► turns until it has settled ─► look at the devices ─► next step … ─► heal ─► check
 *
 * Invariants
 * - The same script gives the same run: `trace` is a hash of all that happened (on a database in this process).
 * - A run answers with problems and never throws what the product did; what it throws itself is a mistake in the
 *   simulation.
 */
import { drawScript, NO_FAULTS, type Script } from './script'
import type { SimulationOptions, SimulationReport } from './simulation-options'
import { createWorld } from './world'

/** Noon of 1 January 2020 and of 1 January 2100, UTC: the database has a clock of its own, which is behind or ahead. */
const STARTS_MS = [1_577_880_000_000, 4_102_488_000_000] as const

export async function runSimulation(options: SimulationOptions): Promise<SimulationReport> {
  const { bundle, seed, devices = 3, steps = 25, writers = 2, claims = [{}], server } = options
  const faults = { ...NO_FAULTS, ...options.faults }
  const script = options.script ?? drawScript({ bundle, seed, devices, steps, writers, faults, claims: claims.length })
  await server.reset()
  const world = await createWorld({ ...options, claims, script, startMs: STARTS_MS[script.seed % 2] ?? STARTS_MS[0] })
  let failedAt: number | null = null
  try {
    await world.openAll()
    for (const [index, step] of script.steps.entries()) {
      await world.take(step, index)
      if (world.problems().length === 0) continue
      failedAt = index
      break
    }
    if (failedAt === null) await world.healAndCheck()
  } finally {
    await world.close()
  }
  const counts = world.counts()
  const problems = [...new Set([...world.problems(), ...(failedAt === null ? didSomething(script, counts) : [])])]
  return { seed: script.seed, ok: problems.length === 0, problems, counts, trace: world.trace(), script, failedAt }
}

/** A run in which nothing happened proves nothing. */
function didSomething(script: Script, counts: Readonly<Record<string, number>>): readonly string[] {
  const asked = script.steps.flatMap((step) => (step.kind === 'together' ? step.steps : [step]))
  const lacking = (
    [
      ['edit', 'local transactions'],
      ['sync', 'pulls'],
    ] as const
  ).filter(([kind, name]) => asked.filter((step) => step.kind === kind).length >= 15 && (counts[name] ?? 0) === 0)
  return lacking.map(([, name]) => `The run did nothing: it had no ${name}.`)
}
