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
export { createVirtualTime, type VirtualTime } from './virtual-time'
