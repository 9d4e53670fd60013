/**
 * Notices calls of the device that wait for a transaction which will not end before they do, because its function awaits
 * them instead of what its own `tx` answers.
 *
 *   transaction's function ─asks─► tx            progress
 *                          └asks─► the device    waits for the transaction: told to whoever waits, after a time without progress
 *
 * Nothing tells a call that the function awaits from one that the rest of the app makes meanwhile. So it is the waiting
 * call that rejects, not the transaction: inside of the function that is the line that is wrong, and the function's own
 * rejection undoes the whole; elsewhere a call was not made, and a transaction that is slow for a reason goes on.
 *
 * Invariants
 * - A call rejects only where for the whole time the transaction has asked nothing of its tx, and nothing that it asked
 *   was under way.
 * - A call that was made before the function began, or after it ended, is never given up here.
 */
import type { Timers } from '../contract'

/** Runs what the function of a transaction asks of its tx. */
export type Asking = <T>(ask: () => Promise<T>) => Promise<T>

export interface WaitingCalls {
  /** Runs the function of a transaction. */
  readonly hold: <T>(fn: (asking: Asking) => Promise<T>) => Promise<T>
  /** What `call` answers, a call that the storage has in its queue; rejects with `stuck` where it waits in vain. */
  readonly behind: <T>(call: Promise<T>) => Promise<T>
}

export function waitingCalls(timers: Timers, limitMs: number, stuck: () => Promise<Error>): WaitingCalls {
  let holder: { asked: number; underWay: number } | null = null
  return {
    hold: async (fn) => {
      const own = { asked: 0, underWay: 0 }
      holder = own
      try {
        return await fn(async (ask) => {
          own.asked++
          own.underWay++
          try {
            return await ask()
          } finally {
            own.underWay--
            own.asked++
          }
        })
      } finally {
        if (holder === own) holder = null
      }
    },
    behind: (call) => {
      const before = holder
      if (!before) return call
      return new Promise((resolve, reject) => {
        let cancel = () => {}
        const watch = () => {
          const { asked } = before
          cancel = timers.after(limitMs, () => {
            if (holder !== before) return
            if (before.underWay > 0 || before.asked !== asked) watch()
            else stuck().then(reject, reject)
          })
        }
        watch()
        call.finally(() => cancel()).then(resolve, reject)
      })
    },
  }
}
