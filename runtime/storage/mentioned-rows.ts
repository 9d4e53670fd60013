/** Whether edits of other rows build on a row: one that was created and deleted here can be left out where none does (C3). */
import { keyText, type RowRef, type StoredEdit } from '../contract'

/** Those of the rows of whose key one of the edits speaks that is not an edit of any of the rows. */
export function mentionedRows(rows: readonly RowRef[], edits: Iterable<StoredEdit>): RowRef[] {
  const own = new Set(rows.map(rowText))
  const spoken = new Set<string>()
  for (const edit of edits) {
    if (own.has(rowText(edit))) continue
    for (const value of edit.key) spoken.add(value)
    for (const value of Object.values(edit.set)) if (value !== null) spoken.add(value)
  }
  return rows.filter(({ key }) => key.some((value) => spoken.has(value)))
}

/** The text by which maps know a row. */
export function rowText({ entity, key }: RowRef): string {
  return `${entity}\n${keyText(key)}`
}
