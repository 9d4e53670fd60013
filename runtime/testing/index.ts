export { createSeededRandom, type SeededRandom } from './seeded-random'
export {
  createSimNetwork, PERFECT_LINK,
  type LinkConditions, type LinkMessage, type SimLink, type SimNetwork, type SimNetworkOptions,
} from './sim-network'
export { createVirtualTime, type VirtualTime } from './virtual-time'
