/**
 * Several tabs over one storage: one sync at a time, one of them the leader, and each hears of what the others do.
 *
 *   lock …:sync    held while a unit runs          lock …:leader   held by one tab until it ends or dies
 *
 * Invariants
 * - What keeps two tabs apart is the lock alone; the messages only tell, and may be lost.
 * - A run that another tab began is over when that tab says so or its lock is free: a dead tab leaves no run behind.
 */
import type { Broadcast, DeviceEvents, Locks, SyncOutcome, SyncStatus } from '../contract'

/** What a tab's sync looks like from another. */
export type SharedStatus = Pick<SyncStatus, 'running' | 'progress' | 'retryAt'>

type TabEvent = 'syncStart' | 'syncComplete' | 'syncError' | 'conflict' | 'quarantine' | 'change'

/** Events that are told in every tab. */
export type SharedEvent = {
  [Name in TabEvent]: {
    readonly name: Name
    readonly event: DeviceEvents[Name]
  }
}[TabEvent]

export type TabMessage =
  /** `chain`: the completions that led to this one. */
  | { readonly kind: 'event'; readonly told: SharedEvent; readonly chain: readonly SyncOutcome[] }
  | { readonly kind: 'status'; readonly tab: string; readonly status: SharedStatus }
  /** Edits or what waits for a person changed, but no row. */
  | { readonly kind: 'counts' }
  /** Some tab came to the foreground. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'wiped' }

export interface TabsOptions {
  readonly deviceId: string
  readonly locks: Locks
  /** Null where there are no other tabs. */
  readonly broadcast: Broadcast | null
  /** Aborted when the device is closed. */
  readonly closed: AbortSignal
  readonly onLeader: () => void
  readonly onMessage: (message: TabMessage) => void
}

export interface Tabs {
  readonly tell: (message: TabMessage) => void
  /** Runs `fn` while no tab syncs. Rejects with the signal's reason when it aborts before its turn. */
  readonly exclusively: <T>(signal: AbortSignal, fn: () => Promise<T>) => Promise<T>
  /** Calls `fn` once the sync that another tab is running has ended, in whatever way. */
  readonly whenFree: (fn: () => void) => void
}

export function createTabs({ deviceId, locks, broadcast, closed, onLeader, onMessage }: TabsOptions): Tabs {
  const name = `syncline:${deviceId}`
  const untilClosed = new Promise<void>((resolve) => closed.addEventListener('abort', () => resolve()))
  const lead = async () => {
    // Some locks call at once, and nobody is ready to lead while he is being made.
    await Promise.resolve()
    if (!closed.aborted) onLeader()
    await untilClosed
  }
  // A rejection says that the device was closed before its turn came.
  if (!closed.aborted) locks.request(`${name}:leader`, { signal: closed }, lead).catch(() => {})

  const stop = broadcast?.subscribe((text) => {
    const message = parse(text)
    if (message && !closed.aborted) onMessage(message)
  })
  closed.addEventListener('abort', () => {
    stop?.()
    broadcast?.close()
  })

  const exclusively: Tabs['exclusively'] = (signal, fn) => locks.request(`${name}:sync`, { signal }, fn)
  return {
    tell: (message) => {
      if (!closed.aborted) broadcast?.post(JSON.stringify(message))
    },
    exclusively,
    whenFree: (fn) => void exclusively(closed, async () => fn()).catch(() => {}),
  }
}

/** A tab may run another version of the app; what it says beyond understanding is not heard. */
function parse(text: string): TabMessage | null {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null && 'kind' in message ? (message as TabMessage) : null
  } catch {
    return null
  }
}
