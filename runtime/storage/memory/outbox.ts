/** The outbox of a device in memory: edits by seq, found by row and by group. */
import {
  type Image,
  keyText,
  type NewEdit,
  type OutboxLimit,
  type RowRef,
  type StoredEdit,
  type SyncTransaction,
} from '../../contract'
import { mentionedRows, rowText } from '../mentioned-rows'
import type { Changes, MemoryState } from './memory-disk'

export interface MemoryOutbox
  extends Pick<
    SyncTransaction,
    | 'addEdits'
    | 'unsealed'
    | 'seal'
    | 'sealed'
    | 'cancelled'
    | 'mentioned'
    | 'editsOfGroups'
    | 'editsOfRows'
    | 'removeEdits'
    | 'parkEdits'
    | 'hasMore'
  > {
  readonly append: (edit: NewEdit, transaction: string) => void
  readonly replace: (edit: StoredEdit) => void
  readonly newTransaction: () => string
  readonly hasEdits: (row: RowRef) => boolean
  readonly all: () => readonly StoredEdit[]
}

export function memoryOutbox(state: MemoryState, changes: Changes): MemoryOutbox {
  const { put, drop, set } = changes
  const { edits, editsOfRow } = state

  /** The map keeps the order of the seqs but after a rollback, so this is next to no work. */
  const all = () => [...edits.values()].sort((a, b) => a.seq - b.seq)
  const ofRow = (row: RowRef) =>
    (editsOfRow.get(rowText(row)) ?? []).flatMap((seq) => edits.get(seq) ?? []).sort((a, b) => a.seq - b.seq)
  const hasEdits = (row: RowRef) => (editsOfRow.get(rowText(row))?.length ?? 0) > 0

  const remove = (edit: StoredEdit) => {
    drop(edits, edit.seq)
    const row = rowText(edit)
    const left = (editsOfRow.get(row) ?? []).filter((seq) => seq !== edit.seq)
    if (left.length > 0) put(editsOfRow, row, left)
    else drop(editsOfRow, row)
  }
  const add = (edit: StoredEdit) => {
    put(edits, edit.seq, edit)
    const row = rowText(edit)
    put(editsOfRow, row, [...(editsOfRow.get(row) ?? []), edit.seq])
  }
  const append = (edit: NewEdit, transaction: string) => {
    set('lastSeq', state.lastSeq + 1)
    add({ ...edit, seq: state.lastSeq, transaction, group: null, parkedBy: null })
  }
  const newTransaction = () => {
    set('lastTransaction', state.lastTransaction + 1)
    return String(state.lastTransaction)
  }
  const isWaiting = (edit: StoredEdit) => edit.group === null && edit.parkedBy === null

  return {
    append,
    newTransaction,
    hasEdits,
    all,
    replace: (edit) => {
      const before = edits.get(edit.seq)
      if (!before) return
      if (rowText(before) === rowText(edit)) return put(edits, edit.seq, edit)
      remove(before)
      add(edit)
    },
    addEdits: async (added) => {
      const transaction = newTransaction()
      for (const { shadow, ...edit } of added) {
        const shadows = state.tables.get(edit.entity)?.shadows
        const key = keyText(edit.key)
        if (shadows && !shadows.has(key)) put(shadows, key, shadow)
        append(edit, transaction)
      }
    },
    unsealed: async (upTo, limit) => {
      const rowsOf = new Map<string, Map<string, RowRef>>()
      for (const edit of all()) {
        if (edit.seq > upTo || !isWaiting(edit)) continue
        const rows = rowsOf.get(edit.transaction)
        if (!rows && rowsOf.size === limit) continue
        const known = rows ?? new Map<string, RowRef>()
        known.set(rowText(edit), { entity: edit.entity, key: edit.key })
        rowsOf.set(edit.transaction, known)
      }
      return [...rowsOf].map(([transaction, rows]) => ({ transaction, rows: [...rows.values()] }))
    },
    seal: async (groupOfTransaction) => {
      for (const edit of edits.values()) {
        const group = groupOfTransaction.get(edit.transaction)
        if (group !== undefined && isWaiting(edit)) put(edits, edit.seq, { ...edit, group })
      }
    },
    sealed: async (limit) => oldestGroups(all(), limit),
    cancelled: async () => {
      const found: { readonly row: RowRef; readonly first: number }[] = []
      for (const seqs of editsOfRow.values()) {
        const own = seqs.flatMap((seq) => edits.get(seq) ?? []).sort((a, b) => a.seq - b.seq)
        const [first] = own
        if (first?.op !== 'create' || own.at(-1)?.op !== 'delete' || !own.every(isWaiting)) continue
        found.push({ row: { entity: first.entity, key: first.key }, first: first.seq })
      }
      return found.sort((a, b) => b.first - a.first).map(({ row }) => row)
    },
    mentioned: async (rows) =>
      rows.length === 0
        ? []
        : mentionedRows(
            rows,
            [...edits.values()].filter(({ group }) => group === null),
          ),
    editsOfGroups: async (groups) => {
      const wanted = new Set(groups)
      return all().filter(({ group }) => group !== null && wanted.has(group))
    },
    editsOfRows: async (rows) => {
      const distinct = new Map(rows.map((row) => [rowText(row), row]))
      return [...distinct.values()].flatMap(ofRow).sort((a, b) => a.seq - b.seq)
    },
    removeEdits: async (seqs) => {
      for (const seq of seqs) {
        const edit = edits.get(seq)
        if (!edit) continue
        remove(edit)
        const shadows = state.tables.get(edit.entity)?.shadows
        if (shadows && !hasEdits(edit)) drop(shadows, keyText(edit.key))
      }
    },
    parkEdits: async (rows, groups) => {
      const leaving = new Set(groups)
      for (const row of rows) {
        for (const edit of ofRow(row)) {
          if (edit.group !== null && !leaving.has(edit.group)) continue
          put(edits, edit.seq, { ...edit, group: null, parkedBy: row.conflict })
        }
      }
    },
    hasMore: async (exceptGroups, upTo, onlySealed) => {
      const except = new Set(exceptGroups)
      for (const { seq, group, parkedBy } of edits.values()) {
        if (seq > upTo || parkedBy !== null) continue
        if (group === null ? !onlySealed : !except.has(group)) return true
      }
      return false
    },
  }
}

function oldestGroups(edits: readonly StoredEdit[], limit: OutboxLimit): StoredEdit[] {
  const groups = new Map<string, StoredEdit[]>()
  for (const edit of edits) {
    if (edit.group === null) continue
    const known = groups.get(edit.group)
    if (known) known.push(edit)
    else groups.set(edit.group, [edit])
  }
  const taken: StoredEdit[] = []
  let bytes = 0
  let count = 0
  for (const group of groups.values()) {
    if (count > 0 && (count >= limit.groups || taken.length >= limit.edits || bytes >= limit.bytes)) break
    count += 1
    for (const edit of group) {
      taken.push(edit)
      bytes += sizeOf(edit)
    }
  }
  return taken
}

/** About what it takes on the wire. */
function sizeOf({ set, was, key, base }: StoredEdit): number {
  const images = [set, was].flatMap((image: Image) => Object.entries(image))
  const values = images.reduce((sum, [name, value]) => sum + name.length + (value?.length ?? 4) + 6, 0)
  return values + keyText(key).length + (base?.length ?? 0) + 100
}
