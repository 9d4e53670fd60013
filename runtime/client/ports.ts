/**
 * The ports as a real device has them; a test, the simulator or the preview gives its own.
 *
 * This is the one file of the client that touches the world's clock, chance, timers, network and browser. Locks, broadcast,
 * marker and persistence are the browser's where there is one; elsewhere one process owns the storage and needs none.
 */
import type {
  Broadcast,
  Clock,
  DeviceOptions,
  Lifecycle,
  Locks,
  Marker,
  Network,
  NetworkType,
  Random,
  Timers,
} from '../contract'

export type Ports = Required<
  Pick<DeviceOptions, 'clock' | 'random' | 'timers' | 'network' | 'lifecycle' | 'locks' | 'marker'>
>

/** What the options leave out, as this machine has it. `markerName` tells one database of the origin from another. */
export function withSystemPorts(options: DeviceOptions, markerName: string): Ports {
  // What is in memory only is lost each time, and nobody is surprised.
  const marker = options.storage.kind === 'memory' ? NO_MARKER : systemMarker(markerName)
  return {
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    timers: options.timers ?? systemTimers,
    network: options.network ?? systemNetwork(),
    lifecycle: options.lifecycle ?? systemLifecycle,
    locks: options.locks ?? systemLocks(),
    marker: options.marker ?? marker,
  }
}

export const systemClock: Clock = { now: () => Date.now() }

export const systemRandom: Random = { bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)) }

export const systemTimers: Timers = {
  after: (delayMs, fn) => {
    // Beyond 24 days a timer would fire at once.
    const timer = setTimeout(fn, Math.min(delayMs, 2_147_483_647))
    return () => clearTimeout(timer)
  },
}

/** The browser's own idea of being online; where there is none, as in Node, always online. */
export function systemNetwork(): Network {
  const connection = () => scope().navigator?.connection
  return {
    online: () => scope().navigator?.onLine ?? true,
    type: () => {
      const type = connection()?.type
      return type === undefined || type === 'unknown' ? null : (NETWORK_TYPES[type] ?? 'other')
    },
    metered: () => connection()?.saveData === true || connection()?.type === 'cellular',
    subscribe: (fn) => {
      const stops = [
        listen(globalThis, 'online', fn),
        listen(globalThis, 'offline', fn),
        listen(connection(), 'change', fn),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}

const NETWORK_TYPES: { readonly [type: string]: NetworkType } = {
  wifi: 'wifi',
  cellular: 'cellular',
  ethernet: 'ethernet',
  none: 'none',
}

const systemLifecycle: Lifecycle = {
  subscribe: (onResume) => {
    const { document } = scope()
    return listen(document, 'visibilitychange', () => {
      if (document?.visibilityState === 'visible') onResume()
    })
  },
}

/** The browser's locks; else the device is taken to be alone with its storage, and waits only for itself. */
export function systemLocks(): Locks {
  const { navigator } = scope()
  const locks = isBrowser() ? navigator?.locks : undefined
  if (locks) return { request: (name, options, fn) => locks.request(name, options, fn) }
  return localLocks()
}

/** Locks among all who hold the same object: devices of one process, or a test's tabs. */
export function localLocks(): Locks {
  const tails = new Map<string, Promise<void>>()
  return {
    request: (name, { signal }, fn) =>
      new Promise((resolve, reject) => {
        const before = tails.get(name) ?? Promise.resolve()
        const turn = before.then(async () => {
          if (signal?.aborted) return
          signal?.removeEventListener('abort', giveUp)
          await fn().then(resolve, reject)
        })
        const giveUp = () => reject(signal?.reason)
        if (signal?.aborted) return giveUp()
        signal?.addEventListener('abort', giveUp)
        tails.set(name, turn)
      }),
  }
}

/** Null where there is nobody to tell. */
export function systemBroadcast(name: string): Broadcast | null {
  if (!isBrowser() || typeof BroadcastChannel === 'undefined') return null
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    subscribe: (fn) => listen(channel, 'message', (event) => fn(String((event as MessageEvent).data))),
    close: () => channel.close(),
  }
}

const NO_MARKER: Marker = { get: () => null, set: () => {} }

function systemMarker(name: string): Marker {
  return {
    // A browser may forbid the place; then a lost database goes unnoticed, and nothing else.
    get: () => attempt(() => scope().localStorage?.getItem(name) ?? null),
    set: (value) => {
      attempt(() => {
        const { localStorage } = scope()
        if (value === null) localStorage?.removeItem(name)
        else localStorage?.setItem(name, value)
        return null
      })
    },
  }
}

/** Asks the browser not to evict the storage; false where it says that it may, null where nobody evicts. */
export async function requestPersistence(): Promise<boolean | null> {
  const storage = isBrowser() ? scope().navigator?.storage : undefined
  if (!storage?.persist) return null
  return storage.persist().catch(() => false)
}

/** What of a browser may be there; workers have no document and no local storage. */
interface Scope {
  readonly navigator?: {
    readonly onLine?: boolean
    readonly locks?: LockManager
    readonly storage?: Partial<StorageManager>
    readonly connection?: EventTarget & { readonly type?: string; readonly saveData?: boolean }
  }
  readonly document?: EventTarget & { readonly visibilityState: string }
  readonly localStorage?: Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>
}

function scope(): Scope {
  return globalThis as unknown as Scope
}

/** Node has some of the same names, across all devices of a process, which are not tabs. */
function isBrowser(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis
}

function listen(target: unknown, name: string, fn: (event: unknown) => void): () => void {
  const events = target as Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> | undefined
  events?.addEventListener?.(name, fn)
  return () => events?.removeEventListener?.(name, fn)
}

function attempt(fn: () => string | null): string | null {
  try {
    return fn()
  } catch {
    return null
  }
}
