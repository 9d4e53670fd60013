/**
 * The book of everything that was ever written on a device, and of what became of it that the history can't tell.
 *
 * Values are made so that each is written once; so a value says by itself who wrote it, and wherever it turns up (in a
 * row, in quarantine, in a record of a conflict) it accounts for its edit.
 */
import type { Bundle, EntityContract } from '../../contract/bundle'
import { type Comparable, comparableOf, sameRow } from './history'
import type { RowsByEntity } from './rows'
import { makeValue } from './values'

export interface LocalWrite {
  readonly order: number
  readonly device: string
  readonly step: number
  readonly entity: EntityContract
  readonly key: string
  readonly before: Comparable | null
  readonly after: Comparable | null
}

export interface Ledger {
  /** Notes the differences between two looks at a device. */
  readonly note: (about: Pick<LocalWrite, 'device' | 'step'>, before: RowsByEntity, after: RowsByEntity) => number
  readonly writes: () => readonly LocalWrite[]
  /** The write was lost with a storage that forgot it, and nobody can ask for it. */
  readonly forgetSince: (device: string, order: number) => void
  readonly isForgotten: (write: LocalWrite) => boolean
  /** A value that was given up with a reason: discarded, overruled, decided against. */
  readonly excuse: (device: string, value: string, reason: string) => void
  readonly excuseOf: (device: string, value: string) => string | null
}

export function createLedger(bundle: Bundle): Ledger {
  const writes: LocalWrite[] = []
  const forgotten = new Set<LocalWrite>()
  const excuses = new Map<string, string>()
  return {
    note: (about, before, after) => {
      let noted = 0
      for (const entity of bundle.entities) {
        const was = before.get(entity.id) ?? new Map()
        const is = after.get(entity.id) ?? new Map()
        for (const key of new Set([...was.keys(), ...is.keys()])) {
          const old = was.get(key)
          const now = is.get(key)
          const beforeRow = old === undefined ? null : comparableOf(entity, old)
          const afterRow = now === undefined ? null : comparableOf(entity, now)
          if (beforeRow && afterRow && sameRow(beforeRow, afterRow)) continue
          writes.push({ ...about, order: writes.length, entity, key, before: beforeRow, after: afterRow })
          noted += 1
        }
      }
      return noted
    },
    writes: () => writes,
    forgetSince: (device, order) => {
      for (const write of writes) if (write.device === device && write.order >= order) forgotten.add(write)
    },
    isForgotten: (write) => forgotten.has(write),
    excuse: (device, value, reason) => void excuses.set(`${device} ${value}`, reason),
    excuseOf: (device, value) => excuses.get(`${device} ${value}`) ?? null,
  }
}

/** Names of the attributes whose every value is written only once. */
export function trackedAttributes(bundle: Bundle, entity: EntityContract): readonly string[] {
  const referring = new Set(entity.references.flatMap(({ attributes }) => attributes))
  const unique = new Set(entity.uniques.flat())
  return entity.attributes
    .filter(({ id, type, default: byDefault, readOnly, sensitive }) => {
      // A default may give the same value twice, and so may the clock.
      if (byDefault !== null || /^(date|time)/.test(type)) return false
      if (readOnly || sensitive || entity.key.includes(id) || referring.has(id) || unique.has(id)) return false
      const policy = entity.pattern.kind === 'merge' ? (entity.pattern.policies[id] ?? 'latest') : 'latest'
      return policy === 'latest' && makeValue(type, 900_000, bundle.types)?.unique === true
    })
    .map(({ name }) => name)
}

/** A value that the script made, and no default or initial row: only those are written once. */
export function isScriptValue(value: string | null | undefined): value is string {
  return value !== null && value !== undefined && /\d{4,}/.test(value)
}
