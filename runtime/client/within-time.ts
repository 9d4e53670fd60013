/**
 * Everything that a device waits for ends: by itself, after its time, or when the device gives it up (D6).
 */
import type { Timers } from '../contract'

/** How long each kind of thing may take. Long enough for any honest work, short enough to learn of a mistake. */
export const LIMITS = {
  /** One request and its answer. */
  requestMs: 60_000,
  /** One transaction of the store. */
  storeMs: 60_000,
  /** Showing a whole pull, which may be millions of rows. */
  applyMs: 900_000,
  /** One step of a flow, besides its exchanges. */
  stepMs: 60_000,
  /** A local transaction of the app. */
  transactionMs: 30_000,
  /** How long a call of the device waits for a transaction that does nothing with its tx. */
  idleTransactionMs: 10_000,
  /** The listeners of a completion. */
  listenersMs: 5_000,
  closeMs: 5_000,
} as const

export interface Waiting {
  readonly timers: Timers
  readonly limitMs: number
  /** What to reject with after the time. */
  readonly late: () => Error
  readonly signal?: AbortSignal
  /** What to reject with when the signal aborts. */
  readonly aborted?: () => Error
}

/** What `work` answers, unless it takes too long or is given up. `work` itself is not stopped by it. */
export function withinTime<T>(
  work: Promise<T>,
  { timers, limitMs, late, signal, aborted = late }: Waiting,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(aborted())
    const cancel = timers.after(limitMs, () => reject(late()))
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
    const stopWaiting = () => {
      cancel()
      signal?.removeEventListener('abort', onAbort)
    }
    work.then(
      (value) => {
        stopWaiting()
        resolve(value)
      },
      (error: unknown) => {
        stopWaiting()
        reject(error)
      },
    )
  })
}

/** True when `work` has settled within its time. Never rejects. */
export function settlesWithin(timers: Timers, limitMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = timers.after(limitMs, () => resolve(false))
    const settle = () => {
      cancel()
      resolve(true)
    }
    work.then(settle, settle)
  })
}
