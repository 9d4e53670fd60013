/** Tabs over one storage, as a browser would keep them apart, and a way to kill one. */
import type { Broadcast, Locks } from '../contract'

export interface TestTab {
  readonly locks: Locks
  readonly broadcast: Broadcast
  /** The tab is gone at once: its locks are free, and it neither speaks nor hears. */
  readonly kill: () => void
}

interface Request {
  readonly tab: object
  readonly start: () => void
}

export function createTabs(): { readonly open: () => TestTab } {
  /** The first of each holds the lock. */
  const requests = new Map<string, Request[]>()
  const listeners = new Map<object, Set<(message: string) => void>>()

  const leave = (name: string, request: Request) => {
    const line = requests.get(name) ?? []
    const wasFirst = line[0] === request
    const rest = line.filter((other) => other !== request)
    requests.set(name, rest)
    if (wasFirst) rest[0]?.start()
  }

  return {
    open: () => {
      const tab = {}
      listeners.set(tab, new Set())
      return {
        locks: {
          request: (name, { signal }, fn) =>
            new Promise((resolve, reject) => {
              const giveUp = () => {
                leave(name, request)
                reject(signal?.reason)
              }
              const request: Request = {
                tab,
                start: () => {
                  signal?.removeEventListener('abort', giveUp)
                  fn()
                    .finally(() => leave(name, request))
                    .then(resolve, reject)
                },
              }
              if (signal?.aborted || !listeners.has(tab)) return reject(signal?.reason)
              signal?.addEventListener('abort', giveUp)
              const line = [...(requests.get(name) ?? []), request]
              requests.set(name, line)
              if (line.length === 1) request.start()
            }),
        },
        broadcast: {
          post: (message) => {
            if (!listeners.has(tab)) return
            for (const [other, set] of listeners)
              if (other !== tab) for (const fn of set) queueMicrotask(() => set.has(fn) && fn(message))
          },
          subscribe: (fn) => {
            listeners.get(tab)?.add(fn)
            return () => listeners.get(tab)?.delete(fn)
          },
          close: () => listeners.get(tab)?.clear(),
        },
        kill: () => {
          listeners.get(tab)?.clear()
          listeners.delete(tab)
          for (const [name, line] of requests)
            for (const request of line.filter((other) => other.tab === tab)) leave(name, request)
        },
      }
    },
  }
}
