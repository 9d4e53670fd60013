/** What a simulation is asked for, and what it answers. */
import type { Device, DeviceOptions, Server, ServerOptions } from '../../contract/api'
import type { Bundle } from '../../contract/bundle'
import type { Defect } from './defects'
import type { Faults, Script, SimClaims } from './script'
import type { ServerGround } from './server-ground'
import type { OpenPlace } from './sim-device'

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
