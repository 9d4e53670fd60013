/**
 * What a group does to each row in the end: of entities that detect conflicts, the edits of one row become one, so that a
 * conflict is about the row and not about one of several steps. It stands where the first of them stood.
 *
 * Invariants
 * - The oldest base stays: it is what the author saw (C4, F1).
 * - Other entities' edits are not touched.
 */
import { type PlannedEdit, rowName } from './planned-edit'

export function netEdits(edits: readonly PlannedEdit[]): PlannedEdit[] {
  const netted: (PlannedEdit | null)[] = []
  const places = new Map<string, number>()
  for (const edit of edits) {
    const name = rowName(edit)
    const place = edit.rule.kind === 'detect' ? places.get(name) : undefined
    const earlier = place === undefined ? null : (netted[place] ?? null)
    if (place === undefined || earlier === null) {
      places.set(name, netted.length)
      netted.push(edit)
      continue
    }
    const joined = join(earlier, edit)
    netted[place] = joined
    if (joined === null) places.delete(name)
  }
  return netted.filter((edit) => edit !== null)
}

function join(first: PlannedEdit, second: PlannedEdit): PlannedEdit | null {
  const later = { ...first, at: second.at, resolves: second.resolves ?? first.resolves }
  const was = { ...second.was, ...first.was }
  switch (second.op) {
    case 'delete':
      return first.op === 'create' ? null : { ...later, op: 'delete', set: {}, was }
    case 'create':
      // Deleted and made anew is, for whoever else knows the row, changed.
      return { ...later, op: first.op === 'create' ? 'create' : 'update', set: { ...first.set, ...second.set }, was }
    case 'update':
      return { ...later, set: { ...first.set, ...second.set }, was: first.op === 'create' ? {} : was }
  }
}
