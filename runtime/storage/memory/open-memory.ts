/**
 * A device in memory, in plain JavaScript: for tests, for simulations of many devices, and for apps that need nothing
 * to stay. It has no SQL; entity actions do all that they do elsewhere.
 *
 * Given a disk, it keeps its rows there: opened again on the same disk, it shows what was committed (D1).
 */
import type { Bundle, DeviceTables, Storage, StoragePorts } from '../../contract'
import { uuidFromBytes } from '../../core/uuid'
import { startOfKeys } from '../default-values'
import { entityModel } from '../entity-model'
import { createSerial } from '../serial'
import { within } from '../within'
import { memoryLocal } from './local-transaction'
import { changesOf, createMemoryDisk, emptyState, type MemoryDisk, rollBack } from './memory-disk'
import { migrateMemory } from './migrate'
import { memoryOutbox } from './outbox'
import { memorySyncTransaction } from './sync-transaction'

export interface MemoryOptions {
  /** Where the rows are kept; a new, empty disk if not given. Opening it ends whatever else was opened on it. */
  readonly disk?: MemoryDisk
}

export async function openMemory({ disk = createMemoryDisk() }: MemoryOptions = {}): Promise<Storage> {
  rollBack(disk)
  disk.generation += 1
  const { generation } = disk
  const serial = createSerial()
  let isClosed = false

  const assertOpen = () => {
    if (disk.generation !== generation) throw new Error('This device in memory was opened anew; use what that gave.')
    if (isClosed) throw new Error('This device in memory was closed. Open it again to go on.')
  }
  /** Nothing that was done stays where `fn` rejects. */
  const transaction = <T>(fn: () => Promise<T>): Promise<T> =>
    serial(async () => {
      assertOpen()
      try {
        const result = await fn()
        assertOpen()
        disk.journal.length = 0
        return result
      } catch (error) {
        if (disk.generation === generation) rollBack(disk)
        throw error
      }
    })

  return {
    kind: 'memory',
    openTables: (bundle, ports) => transaction(async () => openTables(bundle, ports, disk, transaction, assertOpen)),
    close: async () => {
      isClosed = true
    },
  }
}

function openTables(
  bundle: Bundle,
  { randomBytes }: StoragePorts,
  disk: MemoryDisk,
  transaction: <T>(fn: () => Promise<T>) => Promise<T>,
  assertOpen: () => void,
): DeviceTables {
  const { state } = disk
  const changes = changesOf(disk)
  if (state.deviceId === '') changes.set('deviceId', uuidFromBytes(randomBytes(16)))
  changes.set('lastKey', startOfKeys(randomBytes(4)))
  migrateMemory(state, changes, bundle)

  const models = new Map(bundle.entities.map((entity) => [entity.id, entityModel(bundle, entity)]))
  const outbox = memoryOutbox(state, changes)
  const sync = memorySyncTransaction(state, changes, outbox, models)
  let isClosed = false
  const open = <T>(fn: () => Promise<T>) => {
    if (isClosed) return Promise.reject(new Error('This device in memory was closed. Open it again to go on.'))
    return transaction(fn)
  }

  const local = memoryLocal({
    state,
    changes,
    outbox,
    models,
    randomBytes,
    statement: (run) => {
      const mark = disk.journal.length
      try {
        return run()
      } catch (error) {
        rollBack(disk, mark)
        throw error
      }
    },
  })

  return {
    deviceId: state.deviceId,
    write: (nowMs, fn) =>
      open(() => {
        local.begin(nowMs)
        return within(local.transaction, fn, assertOpen)
      }),
    sync: (fn) => open(() => within(sync, fn, assertOpen)),
    state: () => open(sync.state),
    wipe: () =>
      open(async () => {
        isClosed = true
        disk.state = emptyState()
        disk.generation += 1
      }).catch((error) => {
        if (!isClosed) throw error
      }),
    close: async () => {
      isClosed = true
    },
  }
}
