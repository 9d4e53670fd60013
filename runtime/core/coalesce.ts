/**
 * What a group really has to say: its edits, with those of one row drawn together (C3).
 *
 * Invariants
 * - The order in which rows were first touched is kept, so that parents stay before their children.
 * - A row that was created and deleted in the group is not mentioned.
 * - The oldest base stays: it is what the author saw (C4).
 */
import type { Edit } from '../protocol/messages'

/** The group's edits, each row at most twice: deleted and then created anew stays two edits. */
export function coalesce(edits: readonly Edit[]): Edit[] {
  const rows = new Map<string, Edit[]>()
  for (const edit of edits) {
    const row = JSON.stringify([edit.entity, edit.key])
    const before = rows.get(row) ?? []
    const last = before.at(-1)
    rows.set(row, last ? [...before.slice(0, -1), ...join(last, edit)] : [edit])
  }
  return [...rows.values()].flat()
}

function join(first: Edit, second: Edit): Edit[] {
  if (second.op === 'create') return [first, second]
  if (second.op === 'delete') {
    if (first.op === 'create') return []
    return [{ ...second, base: first.base }]
  }
  switch (first.op) {
    case 'create':
      return [{ ...first, set: { ...first.set, ...second.set } }]
    case 'update':
      return [{ ...first, set: { ...first.set, ...second.set }, was: { ...second.was, ...first.was } }]
    case 'delete':
      return [first, second]
  }
}
