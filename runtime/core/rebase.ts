/**
 * Which row a device shows: the server's row with the pending edits made again on top of it.
 *
 *   server's row ─► edit ─► edit ─► … ─► what is shown
 *
 * Invariants
 * - Without edits, what is shown is what the server said.
 * - A pull changes the row below the edits and never an edit (L4).
 * - An update of a row that the server no longer has keeps what its author saw, until the server has
 *   answered the edit: the answer decides, not the pull.
 */

/** Attribute id to PostgreSQL's text form. */
export type Image = { readonly [attribute: string]: string | null }

export type PendingEdit =
  | { readonly op: 'create'; readonly set: Image }
  | { readonly op: 'update'; readonly set: Image }
  | { readonly op: 'delete' }

/**
 * The row to show, null for none.
 *
 * @param server what the server last said of the row, null where it has no such row
 * @param edits the row's pending edits, oldest first
 * @param shown what the device shows now; stands in where the edits can't be made on the server's row
 */
export function rebase(server: Image | null, edits: readonly PendingEdit[], shown: Image | null): Image | null {
  let row = server
  for (const edit of edits) {
    switch (edit.op) {
      case 'create':
        row = { ...row, ...edit.set }
        break
      case 'update':
        row = row === null ? (shown === null ? null : { ...shown, ...edit.set }) : { ...row, ...edit.set }
        break
      case 'delete':
        row = null
    }
  }
  return row
}
