/**
 * A device: its rows, its outbox and its syncs, put together from the bundle and the ports.
 *
 * The queue (`core/sync-queue`) decides what runs; this file carries its effects out and tells the
 * app what happens.
 *
 * Invariants
 * - `trigger` always resolves; whatever a unit's run throws becomes an outcome (D6).
 * - Status is told after everything that may have changed it (D4).
 */
import type {
  Bundle,
  Conflicts,
  Database,
  Device,
  DeviceEvents,
  DeviceOptions,
  DeviceTransaction,
  SyncError,
  SyncOutcome,
  SyncStatus,
  Timers,
  UnitContract,
} from '../contract'
import { syncError } from '../core/sync-error'
import { initialQueue, type QueueEffect, type QueueEvent, stepQueue } from '../core/sync-queue'
import { type DeviceStore, openPGliteDeviceStore } from '../storage'
import { createEmitter } from './emitter'
import { entityActions, type RunLocal } from './entity-actions'
import { ExchangeFailure, type ExchangeResult, runExchange } from './exchange'
import { systemClock, systemNetwork, systemRandom, systemTimers } from './ports'

/**
 * Opens a device on its storage and answers it ready for use.
 * Rejects with `IncompatibleStoreError` where the storage belongs to another bundle.
 */
export async function createDevice(bundle: Bundle, options: DeviceOptions): Promise<Device> {
  const {
    storage,
    transport,
    clock = systemClock,
    random = systemRandom,
    timers = systemTimers,
    network = systemNetwork(),
  } = options
  const store = await openPGliteDeviceStore(storage, bundle, random)
  const emitter = createEmitter<DeviceEvents>((error) => console.error('A listener of a Syncline event threw:', error))
  const accessors = new Map(bundle.entities.map((entity) => [entity.id, entity.name]))
  const unitByName = new Map(bundle.units.map((unit) => [unit.name, unit]))

  let queue = initialQueue(network.online())
  let counts = await store.counts()
  let progress: SyncStatus['progress'] = null
  let stalled: SyncError | null = null
  let closing: Promise<void> | null = null
  let breakOff = new AbortController()
  const closed = new AbortController()
  let tickets = 0
  const waiting = new Map<number, (outcome: SyncOutcome) => void>()
  let running: Promise<void> = Promise.resolve()

  const status = (): SyncStatus => ({
    online: queue.online,
    running: queue.running?.unit ?? null,
    progress,
    pending: counts.pendingEdits,
    conflicts: 0,
    quarantined: counts.quarantined,
    lastSyncedAt: counts.lastSyncedAt,
    stalled,
  })
  const tellStatus = () => emitter.emit('status', status())
  const recount = async () => {
    counts = await store.counts()
    tellStatus()
  }
  const tellChange = (entities: readonly string[], origin: 'local' | 'sync') =>
    emitter.emit('change', { entities: entities.map((id) => accessors.get(id) ?? id), origin })

  const handle = (event: QueueEvent) => {
    const step = stepQueue(queue, event)
    queue = step.state
    for (const effect of step.effects) carryOut(effect)
    tellStatus()
  }
  const carryOut = (effect: QueueEffect) => {
    switch (effect.kind) {
      case 'run':
        running = runUnit(effect.unit)
        return
      case 'answer':
        for (const ticket of effect.tickets) {
          waiting.get(ticket)?.(effect.outcome)
          waiting.delete(ticket)
        }
    }
  }

  const runUnit = async (name: string) => {
    const unit = unitByName.get(name)
    const outcome = unit ? await attempt(unit) : unknownUnit(name)
    progress = null
    stalled = outcome.kind === 'failed' ? outcome.error : null
    counts = await store.counts().catch(() => counts)
    handle({ kind: 'completing', outcome })
    if (outcome.kind === 'completed') emitter.emit('syncComplete', outcome)
    if (outcome.kind === 'failed') emitter.emit('syncError', { unit: name, error: outcome.error })
    handle({ kind: 'ended', outcome })
  }

  const attempt = async (unit: UnitContract): Promise<SyncOutcome> => {
    const startedMs = clock.now()
    const total = { pushedGroups: 0, pulledRows: 0 }
    emitter.emit('syncStart', { unit: unit.name })
    try {
      await unit.run({
        step: async (node) => emitter.emit('step', { unit: unit.name, node }),
        exchange: async (exchange) => {
          const result: ExchangeResult = await runExchange(
            {
              store,
              transport,
              clock,
              timers,
              schemaHash: bundle.schemaHash,
              signal: breakOff.signal,
              progress: (now) => {
                progress = now
                tellStatus()
              },
              changed: (entities) => tellChange(entities, 'sync'),
            },
            exchange,
          )
          total.pushedGroups += result.pushedGroups
          total.pulledRows += result.pulledRows
        },
      })
      return { kind: 'completed', unit: unit.name, ...total, durationMs: clock.now() - startedMs }
    } catch (error) {
      if (!queue.online) return { kind: 'offline', unit: unit.name }
      return { kind: 'failed', unit: unit.name, error: toSyncError(error) }
    }
  }

  const unknownUnit = (name: string): SyncOutcome => ({
    kind: 'failed',
    unit: name,
    error: syncError(
      'unknown-unit',
      `There is no sync unit ${name}. The bundle has: ${[...unitByName.keys()].join(', ')}.`,
    ),
  })

  const runLocal: RunLocal = async (fn) => {
    if (closing) throw new Error('This device was closed. Create it again to go on.')
    const result = await store.write(clock.now(), fn)
    const before = counts.editsMade
    await recount()
    if (counts.editsMade !== before)
      tellChange(
        bundle.entities.map((entity) => entity.id),
        'local',
      )
    return result
  }

  const stopListening = network.subscribe(() => {
    const online = network.online()
    if (online === queue.online) return
    if (!online) {
      breakOff.abort()
      breakOff = new AbortController()
    }
    handle({
      kind: 'network',
      online,
      unitsToRun: bundle.units.filter((unit) => unit.triggers.onOnline).map((unit) => unit.name),
    })
    emitter.emit('networkChange', { online })
  })

  const shutDown = async () => {
    stopListening()
    handle({ kind: 'closed' })
    closed.abort()
    breakOff.abort()
    await running
    await store.close()
  }

  return {
    ...transactionOn(bundle, runLocal),
    transaction: (fn) =>
      runLocal((tx) => withinTime(timers, closed.signal, fn(transactionOn(bundle, (inner) => inner(tx))))),
    sync: {
      trigger: (unit, { discardPending = false } = {}) =>
        new Promise((resolve) => {
          const ticket = tickets++
          waiting.set(ticket, resolve)
          handle({ kind: 'triggered', unit, ticket, discardPending })
        }),
      get status() {
        return status()
      },
    },
    quarantine: quarantineOf(store, clock.now, recount, () =>
      tellChange(
        bundle.entities.map((entity) => entity.id),
        'local',
      ),
    ),
    conflicts: NO_CONFLICTS,
    on: emitter.on,
    close: () => (closing ??= shutDown()),
  }
}

/** Long enough for any honest work, short enough to learn of a mistake. */
const TRANSACTION_TIMEOUT_MS = 30_000

/** A transaction that waits for what can only come after it would otherwise hold the database for ever (D6). */
function withinTime<T>(timers: Timers, closed: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onClose = () => reject(new Error('The local transaction was rolled back: the device was closed.'))
    closed.addEventListener('abort', onClose)
    const cancel = timers.after(TRANSACTION_TIMEOUT_MS, () =>
      reject(
        new Error(
          `The local transaction was rolled back: it has not ended for ${TRANSACTION_TIMEOUT_MS / 1000} seconds. ` +
            'Inside it, use the actions and the query of the transaction; those of the device wait until it is over.',
        ),
      ),
    )
    work.then(resolve, reject).finally(() => {
      cancel()
      closed.removeEventListener('abort', onClose)
    })
  })
}

function transactionOn(bundle: Bundle, run: RunLocal): DeviceTransaction {
  return {
    entities: entityActions(bundle, run),
    query: (text, params) => run((tx: Pick<Database, 'query'>) => tx.query(text, params)),
  }
}

function quarantineOf(
  store: DeviceStore,
  now: () => number,
  recount: () => Promise<void>,
  tellChange: () => void,
): Device['quarantine'] {
  return {
    list: store.quarantine.list,
    retry: async (id) => {
      await store.quarantine.retry(id, now())
      await recount()
      tellChange()
    },
    discard: async (id) => {
      await store.quarantine.discard(id)
      await recount()
    },
  }
}

/** No pattern of this version parks conflicts, so there is never one to list. */
const NO_CONFLICTS: Conflicts = {
  list: async () => [],
  resolve: async (id) => {
    throw new Error(`There is no conflict ${id}. No sync pattern of this bundle detects conflicts.`)
  },
}

function toSyncError(error: unknown): SyncError {
  if (error instanceof ExchangeFailure) return error.error
  const reason = error instanceof Error ? error.message : String(error)
  return syncError('storage-failed', `The sync stopped on the device: ${reason} Nothing was lost; sync again.`)
}
