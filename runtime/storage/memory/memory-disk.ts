/**
 * What a device in memory keeps, and how a transaction on it is undone.
 *
 *   change ─► state, at once        commit ─► the journal is forgotten
 *        └──► journal: the undo     roll back, or opened after a crash ─► the journal is played back
 *
 * Invariants
 * - A disk that is opened shows what was committed, whoever was in the middle of what: a hot journal is played back.
 * - After it was opened anew, whoever had it before can't change it any more, as a process that was killed can't.
 */
import type { Image, RecordKind, StagedPart, StoredEdit } from '../../contract'
import type { TableSchema } from '../schema-change'

/** A place for a device's rows that outlives the storage opened on it; made by `createMemoryDisk`. */
export interface MemoryDisk {
  /** @internal */
  state: MemoryState
  /** @internal The undo of each change of the transaction under way, oldest first. */
  journal: (() => void)[]
  /** @internal Grows with each opening. */
  generation: number
}

export interface MemoryState {
  deviceId: string
  /** Whose entities the tables are; null before the first opening. */
  schema: TableSchema | null
  lastSeq: number
  lastTransaction: number
  /** Where the temporary keys have come to. */
  lastKey: number
  readonly meta: Map<string, string>
  readonly cursors: Map<string, string>
  readonly tables: Map<string, MemoryTable>
  readonly edits: Map<number, StoredEdit>
  /** Seqs by the row's text. */
  readonly editsOfRow: Map<string, readonly number[]>
  staged: readonly StagedPart[]
  readonly records: Record<RecordKind, Map<string, string>>
}

export interface MemoryTable {
  /** By `keyText`. */
  readonly rows: Map<string, Image>
  readonly shadows: Map<string, Image | null>
  /** Ids of attributes that rows from before have no value for, although they must have one. */
  readonly lenient: ReadonlySet<string>
}

export function createMemoryDisk(): MemoryDisk {
  return { state: emptyState(), journal: [], generation: 0 }
}

export function emptyState(): MemoryState {
  return {
    deviceId: '',
    schema: null,
    lastSeq: 0,
    lastTransaction: 0,
    lastKey: 0,
    meta: new Map(),
    cursors: new Map(),
    tables: new Map(),
    edits: new Map(),
    editsOfRow: new Map(),
    staged: [],
    records: { quarantine: new Map(), conflict: new Map(), chosen: new Map() },
  }
}

/** Undoes what was changed since the journal had this length. */
export function rollBack(disk: MemoryDisk, to = 0): void {
  while (disk.journal.length > to) disk.journal.pop()?.()
}

/** Each change goes through one of these three, so that it can be undone. */
export interface Changes {
  readonly put: <K, V>(map: Map<K, V>, key: K, value: V) => void
  readonly drop: <K, V>(map: Map<K, V>, key: K) => void
  readonly set: <Name extends 'lastSeq' | 'lastTransaction' | 'lastKey' | 'staged' | 'schema' | 'deviceId'>(
    name: Name,
    value: MemoryState[Name],
  ) => void
}

export function changesOf({ state, journal }: MemoryDisk): Changes {
  return {
    put: (map, key, value) => {
      const had = map.has(key)
      const before = map.get(key)
      journal.push(() => {
        // It was there, so that what `get` gave is a value.
        if (had) map.set(key, before as typeof value)
        else map.delete(key)
      })
      map.set(key, value)
    },
    drop: (map, key) => {
      if (!map.has(key)) return
      const before = map.get(key)
      journal.push(() => map.set(key, before as NonNullable<typeof before>))
      map.delete(key)
    },
    set: (name, value) => {
      const before = state[name]
      journal.push(() => {
        state[name] = before
      })
      state[name] = value
    },
  }
}
