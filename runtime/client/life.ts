/**
 * The life of a device between its opening and its end: which unit runs when, what the app is told, and what the other
 * tabs are. The queue (`core/sync-queue`) decides what runs; this file carries its effects out.
 *
 *   app, automatic ─► queue ─► lock of the tabs ─► flow ─► exchanges ─► outcome ─► listeners ─► next
 *
 * Invariants
 * - `trigger` always resolves; whatever a unit's run throws becomes an outcome (D6).
 * - Status is told after everything that may have changed it (D4).
 * - What one tab tells its listeners, the others tell theirs.
 */
import type {
  Broadcast,
  Bundle,
  DeviceEvents,
  SyncError,
  SyncOutcome,
  SyncStatus,
  Transport,
  UnitContract,
} from '../contract'
import { reasonOf, SyncFailure } from '../core/sync-error'
import { initialQueue, type QueuedUnit, type QueueEffect, type QueueEvent, stepQueue } from '../core/sync-queue'
import { uuidFromBytes } from '../core/uuid'
import type { DecideConflict, DeviceStore, StoreCounts } from '../storage/device-store'
import { automaticTriggers } from './automatic'
import { coalesced } from './coalesced'
import { createEmitter, type Emitter } from './emitter'
import type { Exchange, ExchangeResult } from './exchange'
import type { DeviceFiles } from './files/device-files'
import { followTabs } from './other-tabs'
import type { Ports } from './ports'
import { createRunner, type Runner } from './run-unit'
import { createTabs, type SharedEvent, type SharedStatus, type TabMessage } from './tabs'
import { LIMITS, settlesWithin } from './within-time'

export interface LifeOptions {
  readonly bundle: Bundle
  readonly store: DeviceStore
  readonly transport: Transport
  readonly ports: Ports
  readonly broadcast: Broadcast | null
  readonly decide: DecideConflict
  /** Null where the bundle has no files. */
  readonly files: DeviceFiles | null
  readonly counts: StoreCounts
  readonly storageLost: boolean
  /** Whether the storage stays until it is removed; null where that is so of itself. */
  readonly persistence: Promise<boolean | null>
}

export interface Life {
  readonly on: Emitter<DeviceEvents>['on']
  readonly status: () => SyncStatus
  readonly trigger: (unit: string, options?: { readonly discardPending?: boolean }) => Promise<SyncOutcome>
  readonly resume: () => void
  /** To be called after whatever the app did to the store: tells what is pending now, and which rows changed. */
  readonly touched: (entities?: readonly string[]) => Promise<void>
  /** Runs a call of the store in bounded time. Rejects with `SyncFailure`. */
  readonly stored: Runner['stored']
  /** Runs `fn` while no tab syncs, with exchanges of its own. */
  readonly exclusively: <T>(fn: (exchange: (exchange: Exchange) => Promise<ExchangeResult>) => Promise<T>) => Promise<T>
  /** Breaks off what runs; it goes on later. */
  readonly interrupt: () => void
  readonly tellTabs: (message: TabMessage) => void
  readonly closed: AbortSignal
  /** Ends everything but the store, in bounded time. */
  readonly end: () => Promise<void>
}

/** @param onWiped called when another tab has removed the device's data */
export function startLife(options: LifeOptions, onWiped: () => void): Life {
  const { bundle, store, transport, ports } = options
  const { clock, timers, network, lifecycle } = ports
  const emitter = createEmitter<DeviceEvents>((error) => console.error('A listener of a Syncline event threw:', error))
  const accessors = new Map(bundle.entities.map((entity) => [entity.id, entity.name]))
  const unitByName = new Map(bundle.units.map((unit) => [unit.name, unit]))
  const closed = new AbortController()
  const isMetered = () => network.metered?.() ?? false

  let queue = initialQueue(network.online(), isMetered())
  let networkType = network.type?.() ?? null
  let counts = options.counts
  let lastSyncedAt = counts.lastSyncedAt
  let editsAtLastRun = counts.editsMade
  let isLeader = false
  let isPersistent: boolean | null = null
  /** The unit that holds the tabs' lock here. */
  let active: string | null = null
  let progress: SyncStatus['progress'] = null
  /** Whether the store has taken anything in since the run began. */
  let tookAny = false
  const tab = uuidFromBytes(ports.random.bytes(16))
  let shared: SharedStatus = { running: null, progress: null, retryAt: null }
  /** Units whose run ended with the tab that ran them. */
  const orphans = new Set<string>()
  const stalled = new Map<string, SyncError>()
  let breakOff = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const waiting = new Map<number, (outcome: SyncOutcome) => void>()
  let tickets = 0

  // ── What the app is told ──

  const status = (): SyncStatus => {
    const other = others.syncing()
    const retries = [automatic.retryAt() ?? 0, ...others.retries()].filter((time) => time >= clock.now())
    return {
      online: queue.online,
      running: queue.running?.unit.name ?? other?.running ?? null,
      progress: queue.running ? progress : (other?.progress ?? null),
      pending: counts.pendingEdits,
      conflicts: counts.conflicts,
      quarantined: counts.quarantined,
      lastSyncedAt,
      stalled: [...stalled.values()].at(-1) ?? null,
      networkType,
      retryAt: retries.length === 0 ? null : Math.min(...retries),
      leader: isLeader,
      storageLost: options.storageLost,
      evictable: isPersistent === false && counts.pendingEdits > 0,
    }
  }
  const tellStatus = () => {
    emitter.emit('status', status())
    const mine: SharedStatus = { running: active, progress, retryAt: automatic.retryAt() }
    if (JSON.stringify(mine) === JSON.stringify(shared)) return
    shared = mine
    tabs.tell({ kind: 'status', tab, status: mine })
  }
  const emit = ({ name, event }: SharedEvent) => emitter.emit(name, event as never)
  /** Tells this tab's listeners and those of the others. */
  const tell = (told: SharedEvent, chain: readonly SyncOutcome[] = []) => {
    tabs.tell({ kind: 'event', told, chain })
    return emit(told)
  }
  const tellChange = (entities: readonly string[], origin: 'local' | 'sync') => {
    if (entities.length === 0) return
    tell({ name: 'change', event: { entities: entities.map((id) => accessors.get(id) ?? id), origin } })
  }

  const recount = coalesced(async () => {
    // What is pending may not be told now; the next thing that happens tells it.
    const now = await runner.stored(store.counts).catch(() => counts)
    counts = now
    lastSyncedAt = Math.max(lastSyncedAt ?? 0, now.lastSyncedAt ?? 0) || null
    tellStatus()
  })

  // ── What runs ──

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
  const ask = (name: string, ticket: number | null, discardPending = false) => {
    const { priority, network } = unitByName.get(name) ?? { priority: 0, network: 'any' }
    const unit: QueuedUnit = { name, priority, network }
    handle({ kind: 'triggered', unit, ticket, discardPending, newEdits: counts.editsMade > editsAtLastRun })
  }

  const runUnit = async (name: string) => {
    const unit = unitByName.get(name)
    editsAtLastRun = counts.editsMade
    const { outcome, retryAfterMs } = unit ? await attempt(unit) : unknownUnit(name)
    progress = null
    settleOutcome(unit, outcome, retryAfterMs)
    handle({ kind: 'telling', outcome, chain: null })
    const chain = queue.telling.at(-1)?.chain ?? []
    const listeners = tellOutcome(outcome, chain)
    handle({ kind: 'ended', outcome })
    void afterListeners(listeners, outcome)
  }
  const afterListeners = async (listeners: readonly Promise<void>[], outcome: SyncOutcome) => {
    if (listeners.length > 0) await settlesWithin(timers, LIMITS.listenersMs, Promise.all(listeners))
    handle({ kind: 'told', outcome })
  }
  const tellOutcome = (outcome: SyncOutcome, chain: readonly SyncOutcome[]) => {
    if (outcome.kind === 'completed') return tell({ name: 'syncComplete', event: outcome }, chain)
    if (outcome.kind !== 'failed') return []
    return tell({ name: 'syncError', event: { unit: outcome.unit, error: outcome.error } }, chain)
  }
  const settleOutcome = (unit: UnitContract | undefined, outcome: SyncOutcome, retryAfterMs: number | null) => {
    stalled.delete(outcome.unit)
    if (outcome.kind === 'completed') lastSyncedAt = clock.now()
    if (!unit) return
    if (outcome.kind === 'failed') stalled.set(outcome.unit, outcome.error)
    if (outcome.kind === 'failed' && outcome.error.recovery === 'retry') automatic.failed(unit, retryAfterMs)
    else automatic.ended(unit)
  }

  interface Attempt {
    readonly outcome: SyncOutcome
    readonly retryAfterMs: number | null
  }
  const attempt = async (unit: UnitContract): Promise<Attempt> => {
    const { signal } = breakOff
    try {
      return { outcome: await tabs.exclusively(signal, () => runAlone(unit, signal)), retryAfterMs: null }
    } catch (error) {
      if (closed.signal.aborted) return failedWith(unit.name, new SyncFailure('closed', 'The device was closed.'))
      // The network went, or somebody needed the tabs' lock: the run goes on when it may.
      if (signal.aborted) return { outcome: { kind: 'offline', unit: unit.name }, retryAfterMs: null }
      return failedWith(unit.name, asFailure(error))
    }
  }
  const runAlone = async (unit: UnitContract, signal: AbortSignal): Promise<SyncOutcome> => {
    try {
      return await recounted(
        runner.unit(unit, signal, {
          onBegin: () => {
            active = unit.name
            tellStatus()
            tell({ name: 'syncStart', event: { unit: unit.name } })
          },
          onStep: (node) => void emitter.emit('step', { unit: unit.name, node }),
          onProgress: (now) => {
            progress = now
            tellStatus()
          },
        }),
      )
    } finally {
      active = null
      progress = null
      // Before the lock is let go, so that the others need not guess how it ended.
      tellStatus()
    }
  }
  /** What was taken in while it went on is counted when it is over, and the other tabs are told to count. */
  const recounted = async <T>(work: Promise<T>): Promise<T> => {
    tookAny = false
    try {
      return await work
    } finally {
      if (tookAny) {
        await recount()
        tabs.tell({ kind: 'counts' })
      }
    }
  }
  const failedWith = (unit: string, { error, retryAfterMs }: SyncFailure): Attempt => ({
    outcome: { kind: 'failed', unit, error },
    retryAfterMs,
  })
  const unknownUnit = (name: string) =>
    failedWith(
      name,
      new SyncFailure(
        'unknown-unit',
        `There is no sync unit ${name}. The bundle has: ${[...unitByName.keys()].join(', ')}.`,
      ),
    )
  const runner = createRunner({
    bundle,
    store,
    transport,
    clock,
    timers,
    decide: options.decide,
    files: options.files,
    closed: closed.signal,
    counts: () => counts,
    took: ({ entities, parked = [], quarantined = [] }) => {
      tookAny = true
      tellChange(entities, 'sync')
      for (const id of parked) tell({ name: 'conflict', event: { id } })
      for (const event of quarantined) tell({ name: 'quarantine', event })
    },
  })

  // ── What happens around it ──

  const automatic = automaticTriggers({
    ...ports,
    units: bundle.units,
    transport,
    isLeader: () => isLeader,
    isOnline: () => queue.online,
    trigger: (unit) => ask(unit.name, null),
  })
  const adopt = () => {
    if (!isLeader) return
    for (const name of orphans) ask(name, null)
    orphans.clear()
  }
  const hear = (message: TabMessage): void => {
    switch (message.kind) {
      case 'event':
        void hearEvent(message.told, message.chain)
        return
      case 'status':
        others.heard(message.tab, message.status)
        tellStatus()
        return
      case 'counts':
        void recount()
        return
      case 'resumed':
        if (isLeader) automatic.resumed()
        return
      case 'wiped':
        onWiped()
    }
  }
  const hearEvent = async (told: SharedEvent, chain: readonly SyncOutcome[]) => {
    if (told.name === 'change' && told.event.origin === 'local') automatic.changedLocally()
    if (told.name === 'syncError') stalled.set(told.event.unit, told.event.error)
    if (told.name === 'syncComplete') {
      const unit = unitByName.get(told.event.unit)
      if (unit) settleOutcome(unit, told.event, null)
    }
    if (told.name !== 'syncComplete' && told.name !== 'syncError') {
      emit(told)
      await recount()
      return
    }
    // The listeners of this tab are told from inside that tab's completion: what they ask for can't loop either.
    const outcome = chain.at(-1) ?? told.event
    if (!('kind' in outcome)) return
    handle({ kind: 'telling', outcome, chain })
    await afterListeners(emit(told), outcome)
  }
  const tabs = createTabs({
    deviceId: store.deviceId,
    locks: ports.locks,
    broadcast: options.broadcast,
    closed: closed.signal,
    onLeader: () => {
      isLeader = true
      automatic.lead()
      adopt()
      tellStatus()
    },
    onMessage: hear,
  })
  const others = followTabs(timers, tabs.whenFree, (unit) => {
    if (closed.signal.aborted) return
    orphans.add(unit)
    void recount()
    adopt()
  })

  const stopNetwork = network.subscribe(() => {
    const [online, metered, type] = [network.online(), isMetered(), network.type?.() ?? null]
    const wasOnline = queue.online
    if (online === wasOnline && metered === queue.metered && type === networkType) return
    const isNews = online !== wasOnline || type !== networkType
    networkType = type
    if (!online) interrupt()
    const unitsToRun = isLeader ? bundle.units.filter((unit) => unit.triggers.onOnline) : []
    handle({ kind: 'network', online, metered, unitsToRun })
    if (online !== wasOnline) automatic.networkChanged()
    if (isNews) emitter.emit('networkChange', { online, type })
  })
  void options.persistence.then((answer) => {
    isPersistent = answer
    if (answer === false) tellStatus()
  })
  const interrupt = () => {
    const before = breakOff
    breakOff = new AbortController()
    before.abort()
  }
  const resume = () => (isLeader ? automatic.resumed() : tabs.tell({ kind: 'resumed' }))
  const stopLifecycle = lifecycle.subscribe(resume)

  return {
    on: emitter.on,
    status,
    trigger: (unit, { discardPending = false } = {}) =>
      new Promise((resolve) => {
        const ticket = tickets++
        waiting.set(ticket, resolve)
        ask(unit, ticket, discardPending)
      }),
    resume,
    touched: async (entities) => {
      const before = counts.editsMade
      await recount()
      const isEdited = counts.editsMade !== before
      const changed = entities ?? (isEdited ? bundle.entities.map((entity) => entity.id) : [])
      tellChange(changed, 'local')
      if (entities && entities.length === 0) tabs.tell({ kind: 'counts' })
      if (isEdited) automatic.changedLocally()
    },
    stored: runner.stored,
    exclusively: (fn) => {
      const { signal } = breakOff
      const exchange = (asked: Exchange) => runner.exchange(asked, signal, () => {})
      return tabs.exclusively(closed.signal, () => recounted(fn(exchange)))
    },
    interrupt,
    tellTabs: tabs.tell,
    closed: closed.signal,
    end: async () => {
      stopNetwork()
      stopLifecycle()
      automatic.stop()
      handle({ kind: 'closed' })
      closed.abort()
      interrupt()
      await settlesWithin(timers, LIMITS.closeMs / 2, running)
    },
  }
}

function asFailure(error: unknown): SyncFailure {
  return error instanceof SyncFailure ? error : new SyncFailure('flow-failed', `The sync failed: ${reasonOf(error)}`)
}
