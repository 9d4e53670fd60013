/**
 * What a run of a unit does once its turn has come: its flow, and the flow's exchanges with the server.
 *
 * Invariant: whatever the store does or does not do is a `SyncFailure` after a bounded time (D6).
 */
import type { Bundle, Clock, SyncOutcome, SyncProgress, Timers, Transport, UnitContract } from '../contract'
import { reasonOf, SyncFailure } from '../core/sync-error'
import type { DecideConflict, DeviceStore, StoreCounts } from '../storage/device-store'
import { type Exchange, type ExchangePorts, type ExchangeResult, runExchange } from './exchange'
import type { DeviceFiles } from './files/device-files'
import { runFlow } from './run-flow'
import { LIMITS, withinTime } from './within-time'

export interface RunnerPorts extends Pick<ExchangePorts, 'took'> {
  readonly bundle: Bundle
  readonly store: DeviceStore
  readonly transport: Transport
  readonly clock: Clock
  readonly timers: Timers
  readonly decide: DecideConflict
  readonly files: DeviceFiles | null
  /** Aborted when the device is closed. */
  readonly closed: AbortSignal
  /** As they were last counted. */
  readonly counts: () => StoreCounts
}

export interface RunHooks {
  readonly onBegin: () => void
  readonly onStep: (node: string) => void
  readonly onProgress: (progress: SyncProgress) => void
}

export interface Runner {
  readonly stored: ExchangePorts['stored']
  /** Rejects with `SyncFailure`. */
  readonly unit: (unit: UnitContract, signal: AbortSignal, hooks: RunHooks) => Promise<SyncOutcome>
  /** An exchange outside of any unit. */
  readonly exchange: (
    exchange: Exchange,
    signal: AbortSignal,
    onProgress: RunHooks['onProgress'],
  ) => Promise<ExchangeResult>
}

export function createRunner(ports: RunnerPorts): Runner {
  const { bundle, store, clock, timers, closed, counts } = ports

  const stored: Runner['stored'] = async (call, limitMs = LIMITS.storeMs) => {
    try {
      return await withinTime(call(), {
        timers,
        limitMs,
        late: () =>
          new SyncFailure('storage-failed', `The device's storage has not answered for ${limitMs / 1000} seconds.`),
        signal: closed,
        aborted: () => new SyncFailure('closed', 'The device was closed.'),
      })
    } catch (error) {
      if (error instanceof SyncFailure) throw error
      const reason = reasonOf(error)
      throw new SyncFailure('storage-failed', `The sync stopped on the device: ${reason} Nothing was lost; sync again.`)
    }
  }

  const exchange: Runner['exchange'] = (asked, signal, onProgress) => {
    const { files } = ports
    let progress: SyncProgress = { phase: 'push', done: 0, total: null }
    return runExchange(
      {
        ...ports,
        stored,
        schemaHash: bundle.schemaHash,
        deviceId: store.deviceId,
        signal,
        upload: files
          ? (groups, send) => files.upload(groups, send, (bytes) => onProgress({ ...progress, bytes }))
          : undefined,
        pending: () => counts().pendingEdits,
        progress: (now) => {
          progress = now
          onProgress(now)
        },
      },
      asked,
    )
  }

  /** Parked conflicts of entities of the unit whose pattern lets nothing pass until they are resolved. */
  const countBlocking = async (unit: UnitContract): Promise<number> => {
    if (counts().conflicts === 0) return 0
    const names = bundle.entities
      .filter(({ id, pattern }) => unit.entities.includes(id) && 'blocksSync' in pattern && pattern.blocksSync)
      .map(({ name }) => name)
    if (names.length === 0) return 0
    const parked = await stored(store.conflicts.list)
    return parked.filter(({ entity }) => names.includes(entity)).length
  }

  return {
    stored,
    exchange,
    unit: async (unit, signal, { onBegin, onStep, onProgress }) => {
      const conflicts = await countBlocking(unit)
      if (conflicts > 0) return { kind: 'blocked', unit: unit.name, conflicts }
      const startedMs = clock.now()
      onBegin()
      const total = await runFlow(unit, {
        timers,
        onStep,
        exchange: (asked) => exchange(asked, signal, onProgress),
        signal,
      })
      // What was not removed now is with the next sync.
      if (ports.files) await stored(ports.files.sweep).catch(() => {})
      return { kind: 'completed', unit: unit.name, ...total, durationMs: clock.now() - startedMs }
    },
  }
}
