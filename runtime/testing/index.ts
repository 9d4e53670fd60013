export { createSeededRandom, type SeededRandom } from './seeded-random'
export {
  createSimNetwork,
  type LinkConditions,
  type LinkMessage,
  PERFECT_LINK,
  type SimLink,
  type SimNetwork,
  type SimNetworkOptions,
} from './sim-network'
export { DEFECTS, type Defect } from './simulation/defects'
export { openMemoryPlace } from './simulation/memory-place'
export { runSimulation } from './simulation/run-simulation'
export {
  ALL_FAULTS,
  drawScript,
  type Faults,
  NO_FAULTS,
  type Script,
  type ScriptOptions,
  type SimClaims,
  type Step,
} from './simulation/script'
export { prepareServerGround, type ServerGround, type ServerGroundOptions } from './simulation/server-ground'
export { type ShrinkOptions, shrinkScript } from './simulation/shrink'
export { SIM_BUNDLE, SIM_CLAIMS, SIM_PARTS, SIM_SERVER_SQL } from './simulation/sim-bundle'
export type { DevicePlace, OpenPlace } from './simulation/sim-device'
export type { SimulationOptions, SimulationReport } from './simulation/simulation-options'
export { createVirtualTime, type VirtualTime } from './virtual-time'
