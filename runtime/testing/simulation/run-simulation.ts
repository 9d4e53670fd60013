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
import type { Device, DeviceOptions, Server, ServerOptions } from '../../contract/api'
import type { Bundle } from '../../contract/bundle'
import type { Defect } from './defects'
import { drawScript, type Faults, NO_FAULTS, type Script, type SimClaims } from './script'
import type { ServerGround } from './server-ground'
import type { OpenPlace } from './sim-device'
import { createWorld } from './world'

export interface SimulationOptions {
  readonly bundle: Bundle
  readonly server: ServerGround
  readonly storage: OpenPlace
  readonly createDevice: (bundle: Bundle, options: DeviceOptions) => Promise<Device>
  readonly createServer: (bundle: Bundle, options: ServerOptions) => Promise<Server>
  readonly seed: number
  readonly devices?: number
  readonly steps?: number
  readonly writers?: number
  readonly faults?: Partial<Faults>
  /** Sets of claims that sessions have and change between; one without claims if not given. */
  readonly claims?: readonly SimClaims[]
  /** Instead of the one drawn from the seed. */
  readonly script?: Script
  readonly defect?: Defect
  /** Told what happens, line by line. */
  readonly onTrace?: (line: string) => void
}

export interface SimulationReport {
  readonly seed: number
  readonly ok: boolean
  /** What broke, each with the id of the rule. */
  readonly problems: readonly string[]
  readonly counts: Readonly<Record<string, number>>
  /** Hash of all that happened. */
  readonly trace: string
  readonly script: Script
  /** The step at which it broke; null where it broke in the end or not at all. */
  readonly failedAt: number | null
}

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
