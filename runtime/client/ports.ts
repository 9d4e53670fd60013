/**
 * The ports as a real device has them; a test or the preview gives its own.
 *
 * This is the one file of the client that touches the world's clock, chance, timers and network.
 */
import type { Clock, Network, Random, Timers } from '../contract'

export const systemClock: Clock = { now: () => Date.now() }

export const systemRandom: Random = { bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)) }

export const systemTimers: Timers = {
  after: (delayMs, fn) => {
    const timer = setTimeout(fn, delayMs)
    return () => clearTimeout(timer)
  },
}

/** The browser's own idea of being online; where there is none, as in Node, always online. */
export function systemNetwork(): Network {
  const scope = globalThis as Partial<Pick<typeof globalThis, 'navigator' | 'addEventListener' | 'removeEventListener'>>
  return {
    online: () => scope.navigator?.onLine ?? true,
    subscribe: (fn) => {
      scope.addEventListener?.('online', fn)
      scope.addEventListener?.('offline', fn)
      return () => {
        scope.removeEventListener?.('online', fn)
        scope.removeEventListener?.('offline', fn)
      }
    },
  }
}
