/**
 * Rows with local edits: what lies beneath the edits, and what is shown for both together.
 *
 * Invariant: a row's shadow is written here, by `keep-references` or by capture, and goes with the row's last edit.
 */
import type { Image, Key, StoredEdit, SyncTransaction } from '../../contract'
import { keyText } from '../../contract/storage'
import { rebase } from '../../core/rebase'
import { byEntity, rowText, type StoreContext } from './context'

export interface ServerRow {
  readonly entity: string
  readonly key: Key
  /** What the server says; null where it has no such row. */
  readonly server: Image | null
}

/**
 * Makes each server's row the ground under its row's edits, and shows the edits on top of it.
 *
 * @param keepShown whether what is shown now stands in where edits can't be made on the server's row
 */
export async function showOverServerRows(
  context: StoreContext,
  tx: SyncTransaction,
  rows: readonly ServerRow[],
  keepShown: boolean,
): Promise<void> {
  if (rows.length === 0) return
  const edits = editsByRow(await tx.editsOfRows(rows))
  for (const [entity, ofEntity] of byEntity(rows)) {
    const keys = ofEntity.map(({ key }) => key)
    const shown = keepShown ? await tx.images(entity, keys) : new Map<string, Image>()
    const put: Image[] = []
    const remove: Key[] = []
    const shadows: (readonly [Key, Image | null])[] = []
    const clean: Key[] = []
    for (const { key, server } of ofEntity) {
      const own = edits.get(rowText(entity, key)) ?? []
      const row = rebase(server, own, shown.get(keyText(key)) ?? null, context.merge(entity))
      if (row) put.push(row)
      else remove.push(key)
      if (own.length > 0) shadows.push([key, server])
      // It was kept for the sake of others, and the server has it again.
      else if (server) clean.push(key)
    }
    await tx.removeRows(entity, remove)
    await tx.putImages(entity, put)
    await tx.putShadows(entity, shadows)
    if (clean.length > 0) await tx.removeShadows(entity, clean)
  }
}

/** The shadows of rows that have some, by `rowText`. */
export async function shadowsOf(
  tx: SyncTransaction,
  rows: Iterable<{ readonly entity: string; readonly key: Key }>,
): Promise<Map<string, Image | null>> {
  const found = new Map<string, Image | null>()
  for (const [entity, ofEntity] of byEntity(rows)) {
    const keys = ofEntity.map(({ key }) => key)
    const shadows = await tx.shadows(entity, keys)
    for (const key of keys) {
      const shadow = shadows.get(keyText(key))
      if (shadow !== undefined) found.set(rowText(entity, key), shadow)
    }
  }
  return found
}

/** Edits by `rowText`, each row's in order. */
export function editsByRow(edits: readonly StoredEdit[]): Map<string, StoredEdit[]> {
  const rows = new Map<string, StoredEdit[]>()
  for (const edit of edits) {
    const text = rowText(edit.entity, edit.key)
    const row = rows.get(text)
    if (row) row.push(edit)
    else rows.set(text, [edit])
  }
  return rows
}
