/**
 * The ports of a device that has its worker to itself: no other tab shares its storage, and nothing outside of the
 * worker may be reached.
 */
import type { Broadcast, Lifecycle, Locks, Marker, Network } from '@syncline/runtime/contract'

/** Exclusion within this worker: whoever asks for a name waits until those before have let go. */
export function createLocks(): Locks {
  const lastOf = new Map<string, Promise<unknown>>()
  return {
    request: (name, { signal }, fn) => {
      const before = lastOf.get(name) ?? Promise.resolve()
      const result = before.then(() => {
        signal?.throwIfAborted()
        return fn()
      })
      lastOf.set(
        name,
        result.catch(() => {}),
      )
      return result
    },
  }
}

export const noBroadcast: Broadcast = { post: () => {}, subscribe: () => () => {}, close: () => {} }

export const noLifecycle: Lifecycle = { subscribe: () => () => {} }

/** The storage is new with each start, so that it can't be lost. */
export const noMarker: Marker = { get: () => null, set: () => {} }

export function createConnection(): { readonly network: Network; readonly set: (online: boolean) => void } {
  const listeners = new Set<() => void>()
  let online = false
  return {
    network: {
      online: () => online,
      subscribe: (fn) => {
        listeners.add(fn)
        return () => listeners.delete(fn)
      },
    },
    set: (next) => {
      if (next === online) return
      online = next
      for (const listener of [...listeners]) listener()
    },
  }
}
