/**
 * What a group really has to say: its edits, with those of one row drawn together where nothing stands between (C3).
 *
 * Invariants
 * - What is left can be made in its order wherever the whole could: an edit is never moved over one that it may build
 *   on, such as the creation of the row to which it refers.
 * - A row that was created and deleted in the group is not mentioned, unless another edit speaks of its key.
 * - The oldest base stays: it is what the author saw (C4).
 */
import type { Edit } from '../protocol/messages'

export function coalesce(edits: readonly Edit[]): Edit[] {
  const joined: Edit[] = []
  for (const edit of edits) {
    const last = joined.at(-1)
    if (last && isSameRow(last, edit)) joined.splice(-1, 1, ...join(last, edit))
    else joined.push(edit)
  }
  return dropCancelled(joined)
}

/**
 * Sorts deletions that follow each other so that children go before their parents, as a server with plain
 * foreign keys needs it; TRUNCATE and cascades are captured the other way round.
 *
 * @param rank the place of an entity, by id, with parents before children
 */
export function childrenFirst(edits: readonly Edit[], rank: (entity: string) => number): Edit[] {
  const sorted: Edit[] = []
  let run: Edit[] = []
  const endRun = () => {
    sorted.push(...run.toSorted((a, b) => rank(b.entity) - rank(a.entity)))
    run = []
  }
  for (const edit of edits) {
    if (edit.op === 'delete') run.push(edit)
    else {
      endRun()
      sorted.push(edit)
    }
  }
  endRun()
  return sorted
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

/** Takes out rows that come and go within the group although other rows' edits stand between. */
function dropCancelled(edits: readonly Edit[]): Edit[] {
  const dropped = new Set<Edit>()
  edits.forEach((deletion, end) => {
    if (deletion.op !== 'delete') return
    const start = edits.findLastIndex((edit, index) => index < end && edit.op === 'create' && isSameRow(edit, deletion))
    if (start < 0 || dropped.has(edits[start] as Edit)) return
    const between = edits.slice(start, end + 1).filter((edit) => !dropped.has(edit))
    const others = between.filter((edit) => !isSameRow(edit, deletion))
    if (others.some((edit) => speaksOf(edit, deletion.key))) return
    for (const edit of between) if (isSameRow(edit, deletion)) dropped.add(edit)
  })
  return edits.filter((edit) => !dropped.has(edit))
}

function speaksOf(edit: Edit, key: readonly string[]): boolean {
  const values = edit.op === 'delete' ? [] : Object.values(edit.set)
  return key.some((part) => edit.key.includes(part) || values.includes(part))
}

function isSameRow(left: Edit, right: Edit): boolean {
  return (
    left.entity === right.entity &&
    left.key.length === right.key.length &&
    left.key.every((part, index) => part === right.key[index])
  )
}
