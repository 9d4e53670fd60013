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
 * - Where the pattern merges, an edit is made again as what it changed, not as what it wrote.
 */

import type { EditOperation, Image } from '../contract'
import type { EntityContract } from '../contract/bundle'
import type { mergeValue } from './merge-value'

export type PendingEdit = { readonly op: EditOperation; readonly set: Image; readonly was: Image }

/** What an attribute becomes when an edit that changed it from `was` to `set` is made on `current`. */
export type Merge = (attribute: string, was: string | null, set: string | null, current: string | null) => string | null

/**
 * The entity's way of making an edit on another value than its author saw.
 *
 * @param merging loaded only where some entity of the bundle merges, else null
 */
export function mergeOf({ pattern, attributes }: EntityContract, merging: typeof mergeValue | null): Merge {
  if (pattern.kind !== 'merge' || !merging) return takeSet
  const types = new Map(attributes.map(({ id, type }) => [id, type]))
  return (attribute, was, set, current) =>
    merging(pattern.policies[attribute] ?? 'latest', types.get(attribute) ?? 'text', was, set, current)
}

/**
 * The row to show, null for none.
 *
 * @param server what the server last said of the row, null where it has no such row
 * @param edits the row's pending edits, oldest first
 * @param shown what the device shows now; stands in where the edits can't be made on the server's row
 */
export function rebase(
  server: Image | null,
  edits: readonly PendingEdit[],
  shown: Image | null,
  merge: Merge = takeSet,
): Image | null {
  let row = server
  for (const edit of edits) {
    switch (edit.op) {
      case 'create':
        row = { ...row, ...edit.set }
        break
      case 'update':
        row =
          row === null ? (shown === null ? null : { ...shown, ...edit.set }) : { ...row, ...changes(edit, row, merge) }
        break
      case 'delete':
        row = null
    }
  }
  return row
}

/** The values that the edit gives to attributes of `row`. */
export function changes(edit: Pick<PendingEdit, 'set' | 'was'>, row: Image, merge: Merge): Image {
  if (merge === takeSet) return edit.set
  return Object.fromEntries(
    Object.entries(edit.set).map(([attribute, set]) => [
      attribute,
      merge(attribute, edit.was[attribute] ?? null, set, row[attribute] ?? null),
    ]),
  )
}

const takeSet: Merge = (_attribute, _was, set) => set
