/**
 * A device's storage in the simulator's hands: every transaction waits for its turn, may be killed before it, inside
 * it, or after its commit, and tells what it changed.
 *
 *   life 1 ── write, sync ──► [ gate · killed? · inner storage · killed? ] ──► rows that outlive the life
 *   life 2 ── …
 *
 * Invariants
 * - The data is the inner storage's: it outlives every life, and opens again as after a crash.
 * - What a local transaction changed is found by comparing all rows before and after it, inside it: it holds for plain
 *   SQL, defaults and whatever the store cascades, and is told only if the transaction was committed.
 */
import type { Row } from '../../contract/api'
import type { Bundle } from '../../contract/bundle'
import type { DeviceTables, LocalTransaction, Storage, SyncTransaction } from '../../contract/storage'
import { guarded, type Hazard } from './hazard'
import { type RowsByEntity, rowsById } from './rows'
import { never, type Scheduler } from './scheduler'

export interface SimStorage {
  /** For one life of the device. */
  readonly forLife: (hazard: Hazard) => Promise<Storage>
  /** The inner tables, for those who look at the device without being part of it; null before it was first opened. */
  readonly look: () => DeviceTables | null
  readonly kind: () => Storage['kind'] | null
}

export interface SimStorageOptions {
  /** Opens the same data again for each life, whatever is still open on it. */
  readonly open: () => Promise<Storage>
  readonly bundle: Bundle
  readonly scheduler: Scheduler
  /** A local transaction was committed that changed rows. */
  readonly onCommit: (before: RowsByEntity, after: RowsByEntity) => void
  /** Puts a defect in; the same tables where there is none. */
  readonly defect?: (tables: DeviceTables, bundle: Bundle) => DeviceTables
}

export function createSimStorage({ open, bundle, scheduler, onCommit, defect }: SimStorageOptions): SimStorage {
  let tables: DeviceTables | null = null
  let kind: Storage['kind'] | null = null

  const wrap = (raw: DeviceTables, hazard: Hazard): DeviceTables => {
    const target = defect ? defect(raw, bundle) : raw
    const inTurn = async <T>(place: string, work: () => Promise<T>): Promise<T> => {
      await scheduler.gate(hazard)
      if (!hazard.pass(`before ${place}`)) return never()
      const result = await scheduler.work(work).catch((error: unknown) => {
        if (!hazard.alive()) return never<T>()
        throw error
      })
      return hazard.pass(`after ${place}`) ? result : never()
    }
    return {
      ...target,
      write: (nowMs, fn) =>
        inTurn('write', async () => {
          const seen: { before: RowsByEntity | null; after: RowsByEntity | null } = { before: null, after: null }
          const result = await target.write(nowMs, async (tx) => {
            seen.before = await readAll(tx, bundle)
            const value = await hazard.orRollBack(fn(guarded<LocalTransaction>(tx, hazard)))
            seen.after = await readAll(tx, bundle)
            return value
          })
          if (seen.before && seen.after) onCommit(seen.before, seen.after)
          return result
        }),
      sync: (fn) =>
        inTurn('sync', () => target.sync((tx) => hazard.orRollBack(fn(guarded<SyncTransaction>(tx, hazard))))),
      state: () => inTurn('state', target.state),
      wipe: () => inTurn('wipe', target.wipe),
      // The inner tables stay open for the next life.
      close: async () => undefined,
    }
  }

  return {
    forLife: async (hazard) => {
      const inner = await open()
      kind = inner.kind
      return {
        kind: inner.kind,
        openTables: async (opened, ports) => {
          await scheduler.gate(hazard)
          if (!hazard.pass('before open')) return never()
          const raw = await scheduler.work(() => inner.openTables(opened, ports))
          tables = raw
          return hazard.pass('after open') ? wrap(raw, hazard) : never()
        },
        close: async () => undefined,
      }
    },
    look: () => tables,
    kind: () => kind,
  }
}

/** Every row as a reader of the device sees it now. */
export async function readAll(tx: LocalTransaction, bundle: Bundle): Promise<RowsByEntity> {
  const all = new Map<string, ReadonlyMap<string, Row>>()
  for (const entity of bundle.entities) all.set(entity.id, rowsById(entity, await tx.list(entity, {})))
  return all
}
