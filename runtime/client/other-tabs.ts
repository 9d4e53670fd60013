/**
 * What the other tabs of the same storage are doing, and which of them died while doing it.
 *
 * Invariant: a run that another tab told of is over when that tab says so, or when the lock that it held is free and
 * nothing more was heard of it.
 */
import type { Timers } from '../contract'
import type { SharedStatus, Tabs } from './tabs'

export interface OtherTabs {
  readonly heard: (tab: string, status: SharedStatus) => void
  /** The tab that syncs. */
  readonly syncing: () => SharedStatus | null
  /** When repetitions are due in other tabs. */
  readonly retries: () => readonly number[]
}

/** For what was said just before the lock was let go. */
const LAST_WORDS_MS = 50

/** @param onDead told the unit whose run ended with its tab */
export function followTabs(timers: Timers, whenFree: Tabs['whenFree'], onDead: (unit: string) => void): OtherTabs {
  const others = new Map<string, SharedStatus>()
  let isWatching = false

  const syncing = () => [...others.values()].find(({ running }) => running !== null) ?? null
  const watch = () => {
    if (isWatching || syncing() === null) return
    isWatching = true
    whenFree(() => {
      const runs = [...others]
      timers.after(LAST_WORDS_MS, () => {
        isWatching = false
        for (const [tab, status] of runs) {
          if (status.running === null || others.get(tab) !== status) continue
          others.delete(tab)
          onDead(status.running)
        }
        watch()
      })
    })
  }

  return {
    heard: (tab, status) => {
      if (status.running === null && status.retryAt === null) others.delete(tab)
      else others.set(tab, status)
      watch()
    },
    syncing,
    retries: () => [...others.values()].flatMap(({ retryAt }) => retryAt ?? []),
  }
}
