/**
 * Time that stands still until it is told to move: the clock and the timers of a simulated device.
 *
 * Invariants
 * - Timers fire in the order of their due time, and of their making where that is equal.
 * - While a timer's function runs, the clock shows the time at which it was due.
 */
import type { Clock, Timers } from '../contract/api'

export interface VirtualTime extends Clock, Timers {
  /** Moves the clock by `durationMs`, firing what comes due, each time letting promises settle first. */
  readonly advance: (durationMs: number) => Promise<void>
  /** When the next timer is due; null where none is waiting. */
  readonly nextDueMs: () => number | null
}

export function createVirtualTime(startMs = 0): VirtualTime {
  let nowMs = startMs
  let made = 0
  let waiting: { readonly dueMs: number; readonly order: number; readonly fn: () => void }[] = []

  const takeNext = (untilMs: number) => {
    const next = waiting
      .filter((timer) => timer.dueMs <= untilMs)
      .sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0]
    waiting = waiting.filter((timer) => timer !== next)
    return next
  }

  return {
    now: () => nowMs,
    after: (delayMs, fn) => {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), order: made++, fn }
      waiting.push(timer)
      return () => {
        waiting = waiting.filter((other) => other !== timer)
      }
    },
    nextDueMs: () => waiting.reduce<number | null>((least, { dueMs }) => Math.min(least ?? dueMs, dueMs), null),
    advance: async (durationMs) => {
      const untilMs = nowMs + durationMs
      for (let timer = takeNext(untilMs); timer; timer = takeNext(untilMs)) {
        nowMs = timer.dueMs
        timer.fn()
        await settle()
      }
      nowMs = untilMs
      await settle()
    },
  }
}

/** Lets everything that is only waiting for promises go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
