/** The page's own time, as the simulated network takes it. */
import type { Clock, Timers } from '@syncline/runtime/contract'

export const browserClock: Clock = { now: () => Date.now() }

export const browserTimers: Timers = {
  after: (delayMs, fn) => {
    const timer = setTimeout(fn, delayMs)
    return () => clearTimeout(timer)
  },
}
