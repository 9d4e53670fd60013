/**
 * Runs a unit's flow, and sees to it that the flow ends (D6).
 *
 * Invariants
 * - A flow has a bounded time for each of its steps; the time of its exchanges is bounded by what they wait for.
 * - A flow that was given up can't go on: whatever it asks for later is refused.
 */
import type { Timers, UnitContract } from '../contract'
import { reasonOf, SyncFailure } from '../core/sync-error'
import type { Exchange, ExchangeResult } from './exchange'
import { LIMITS } from './within-time'

export interface FlowPorts {
  readonly timers: Timers
  readonly exchange: (exchange: Exchange) => Promise<ExchangeResult>
  readonly onStep: (node: string) => void
  /** Gives the flow up, wherever it is. */
  readonly signal: AbortSignal
}

export interface FlowResult {
  readonly pushedGroups: number
  readonly pulledRows: number
}

/** Rejects with `SyncFailure`: that of an exchange, or `flow-failed`. */
export async function runFlow(
  unit: UnitContract,
  { timers, exchange, onStep, signal }: FlowPorts,
): Promise<FlowResult> {
  const total = { pushedGroups: 0, pulledRows: 0 }
  let place = 'its start'
  let isOver = false
  let exchanging = 0
  let cancel = () => {}
  let giveUp = () => {}

  try {
    await new Promise<void>((resolve, reject) => {
      giveUp = () => reject(new SyncFailure('unreachable', `The flow of ${unit.name} was broken off at ${place}.`))
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
      const watch = () => {
        cancel()
        if (exchanging > 0 || isOver) return
        cancel = timers.after(LIMITS.stepMs, () =>
          reject(
            new SyncFailure(
              'flow-failed',
              `The flow of ${unit.name} has been at ${place} for ${LIMITS.stepMs / 1000} seconds and was given up. What was synced before is kept.`,
            ),
          ),
        )
      }
      const assertGoing = () => {
        if (isOver) throw new SyncFailure('flow-failed', `The flow of ${unit.name} goes on although it is over.`)
      }
      watch()
      unit
        .run({
          step: async (node) => {
            assertGoing()
            place = `step ${node}`
            watch()
            onStep(node)
          },
          exchange: async (asked) => {
            assertGoing()
            exchanging += 1
            watch()
            try {
              const result = await exchange(asked)
              total.pushedGroups += result.pushedGroups
              total.pulledRows += result.pulledRows
            } finally {
              exchanging -= 1
              watch()
            }
          },
        })
        .then(resolve, reject)
    })
    return total
  } catch (error) {
    if (error instanceof SyncFailure) throw error
    throw new SyncFailure('flow-failed', `The flow of ${unit.name} failed at ${place}: ${reasonOf(error)}`)
  } finally {
    isOver = true
    cancel()
    signal.removeEventListener('abort', giveUp)
  }
}
