/** Where contents are kept, in bounded time (D6); its failures are told as those of the device's storage. */
import type { FileStore, Timers } from '../../contract'
import { reasonOf, type SyncFailure } from '../../core/sync-error'
import { LIMITS, withinTime } from '../within-time'

export interface BoundedBy {
  readonly timers: Timers
  /** The device's own class. */
  readonly SyncFailure: typeof SyncFailure
}

export function boundedFiles(files: FileStore, { timers, SyncFailure }: BoundedBy): FileStore {
  const failed = (why: string) =>
    new SyncFailure(
      'storage-failed',
      `The device's files could not be read or written: ${why} Nothing was lost; try again.`,
    )
  const bounded = <T>(call: () => Promise<T>): Promise<T> =>
    withinTime(
      call().catch((error: unknown) => {
        throw failed(reasonOf(error))
      }),
      { timers, limitMs: LIMITS.storeMs, late: () => failed(`No answer came for ${LIMITS.storeMs / 1000} seconds.`) },
    )
  return {
    get: (name) => bounded(() => files.get(name)),
    ...(files.size && { size: (name: string) => bounded(async () => files.size?.(name) ?? null) }),
    put: (name, content) => bounded(() => files.put(name, content)),
    remove: (name) => bounded(() => files.remove(name)),
    names: () => bounded(() => files.names()),
  }
}
