/**
 * What makes a unit run without the app asking: opening, returning, time, local changes, pokes, and failures that may pass.
 *
 * Only the leader of the tabs acts on all but the last; a failure is repeated by the tab that met it.
 *
 * Invariants
 * - A run that ended puts off the next one of its interval: an interval is rest, not rate.
 * - While pokes can't be heard, the units that wait for them poll (D3).
 * - No more than one repetition of a unit is ever due, and any run of the unit that ends takes its place.
 */
import type { Clock, Random, Timers, Transport, UnitContract } from '../contract'
import { retryDelayMs } from '../core/backoff'

export interface AutomaticOptions {
  readonly units: readonly UnitContract[]
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly transport: Transport
  readonly isLeader: () => boolean
  readonly isOnline: () => boolean
  readonly trigger: (unit: UnitContract) => void
}

export interface Automatic {
  /** This tab has become the leader. */
  readonly lead: () => void
  readonly resumed: () => void
  readonly changedLocally: () => void
  readonly networkChanged: () => void
  /** A run of the unit, here or in another tab, has ended. */
  readonly ended: (unit: UnitContract) => void
  /** Repeats the unit later where it says so; the failure is one that may pass. */
  readonly failed: (unit: UnitContract, retryAfterMs: number | null) => void
  /** When the next repetition is due. */
  readonly retryAt: () => number | null
  readonly stop: () => void
}

/** Who writes all the time is sent at least this many times the delay after his first change. */
const LONGEST_WAITS = 10
const POLL_MS = 30_000
const RECONNECT = { intervalMs: 1_000, backoff: 'exponential' as const }
/** Enough to be soon again, however long the server was away. */
const RECONNECT_FAILURES = 8

export function automaticTriggers(options: AutomaticOptions): Automatic {
  const { units, clock, timers, random, transport, isLeader, isOnline, trigger } = options
  const timersByName = new Map<string, () => void>()
  const failures = new Map<string, number>()
  const retries = new Map<string, number>()
  /** When the first of the local changes was made that wait for the unit. */
  const firstChange = new Map<string, number>()
  let listening: AbortController | null = null
  let missed = 0
  let stopped = false

  const disarm = (name: string) => {
    timersByName.get(name)?.()
    timersByName.delete(name)
  }
  const arm = (name: string, delayMs: number, fn: () => void) => {
    disarm(name)
    if (stopped) return
    const cancel = timers.after(delayMs, () => {
      timersByName.delete(name)
      fn()
    })
    timersByName.set(name, cancel)
  }
  const fraction = () => {
    const [high = 0, low = 0] = random.bytes(2)
    return (high * 256 + low) / 65_536
  }
  const runThose = (wants: (unit: UnitContract) => boolean) => {
    if (isLeader() && !stopped) for (const unit of units) if (wants(unit)) trigger(unit)
  }

  const armInterval = (unit: UnitContract) => {
    const { intervalMs } = unit.triggers
    if (intervalMs === null || !isLeader()) return
    arm(`interval ${unit.id}`, intervalMs, () => {
      trigger(unit)
      armInterval(unit)
    })
  }

  const poked = units.filter((unit) => unit.triggers.onPoke)
  const poll = () =>
    arm('poll', POLL_MS, () => {
      runThose((unit) => unit.triggers.onPoke)
      poll()
    })
  const listen = () => {
    if (poked.length === 0 || !isLeader() || !isOnline() || stopped) return
    if (!transport.events) return poll()
    const controller = new AbortController()
    listening = controller
    const heard = transport.events({
      signal: controller.signal,
      onOpen: () => {
        if (controller.signal.aborted) return
        missed = 0
        disarm('poll')
        // What happened while nobody listened was told to nobody.
        runThose((unit) => unit.triggers.onPoke)
      },
      onPoke: (entities) => {
        if (controller.signal.aborted) return
        runThose(
          (unit) => unit.triggers.onPoke && (entities === null || unit.entities.some((id) => entities.includes(id))),
        )
      },
    })
    const reconnect = () => {
      if (listening !== controller || stopped) return
      listening = null
      missed = Math.min(missed + 1, RECONNECT_FAILURES)
      if (!timersByName.has('poll')) poll()
      arm('reconnect', retryDelayMs(RECONNECT, missed, fraction()), listen)
    }
    heard.then(reconnect, reconnect)
  }
  const deafen = () => {
    const controller = listening
    listening = null
    controller?.abort()
    disarm('poll')
    disarm('reconnect')
  }

  return {
    lead: () => {
      runThose((unit) => unit.triggers.onLogin)
      for (const unit of units) armInterval(unit)
      listen()
    },
    resumed: () => runThose((unit) => unit.triggers.onResume),
    changedLocally: () => {
      if (!isLeader()) return
      for (const unit of units) {
        const delayMs = unit.triggers.afterLocalChangeMs
        if (delayMs === null) continue
        const nowMs = clock.now()
        const sinceMs = firstChange.get(unit.id) ?? nowMs
        firstChange.set(unit.id, sinceMs)
        const latestMs = Math.max(0, sinceMs + delayMs * LONGEST_WAITS - nowMs)
        arm(`change ${unit.id}`, Math.min(delayMs, latestMs), () => {
          firstChange.delete(unit.id)
          trigger(unit)
        })
      }
    },
    networkChanged: () => {
      if (!isOnline()) return deafen()
      if (!listening) listen()
      // What failed may have failed for the network that was lost.
      for (const unit of units) {
        if (!retries.delete(unit.id)) continue
        disarm(`retry ${unit.id}`)
        trigger(unit)
      }
    },
    ended: (unit) => {
      failures.delete(unit.id)
      retries.delete(unit.id)
      disarm(`retry ${unit.id}`)
      armInterval(unit)
    },
    failed: (unit, retryAfterMs) => {
      armInterval(unit)
      if (!unit.retry.onError || stopped) return
      const count = (failures.get(unit.id) ?? 0) + 1
      failures.set(unit.id, count)
      const delayMs = retryDelayMs(unit.retry, count, fraction(), retryAfterMs)
      retries.set(unit.id, clock.now() + delayMs)
      arm(`retry ${unit.id}`, delayMs, () => {
        retries.delete(unit.id)
        trigger(unit)
      })
    },
    retryAt: () => (retries.size === 0 ? null : Math.min(...retries.values())),
    stop: () => {
      stopped = true
      deafen()
      for (const cancel of timersByName.values()) cancel()
      timersByName.clear()
      retries.clear()
    },
  }
}
