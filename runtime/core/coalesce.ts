/**
 * What a group really has to say: its edits, with those of one row drawn together where nothing stands between (C3).
 *
 * Invariants
 * - What is left can be made in its order wherever the whole could: an edit is never moved over one that it may build
 *   on, such as the creation of the row to which it refers.
 * - A row that was created and deleted in the group is not mentioned, unless another edit speaks of its key.
 * - The oldest base and the oldest `was` stay: they are what the author saw (C4). The youngest time stays, as the last
 *   word is that of the youngest edit (F7).
 * - Edits of an entity that merges are joined by what they changed: a pull may have come between them, and what it
 *   brought is in the younger one's `was` and `set` alike.
 */
import type { Image } from '../contract'
import type { Edit } from '../protocol/messages'
import { changes, type Merge } from './rebase'

/** @param mergeOf the way an entity, by id, makes an edit on another value (see `rebase`) */
export function coalesce(edits: readonly Edit[], mergeOf: (entity: string) => Merge): Edit[] {
  const joined: Edit[] = []
  for (const edit of edits) {
    const last = joined.at(-1)
    if (last && isSameRow(last, edit)) joined.splice(-1, 1, ...join(last, edit, mergeOf(edit.entity)))
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

function join(first: Edit, second: Edit, merge: Merge): Edit[] {
  const resolves = second.resolves ?? first.resolves
  switch (second.op) {
    case 'create':
      return [first, second]
    case 'delete':
      if (first.op === 'create') return []
      // A delete either keeps the whole row or nothing.
      return [
        { ...second, was: isEmpty(second.was) ? {} : { ...second.was, ...first.was }, base: first.base, resolves },
      ]
    case 'update': {
      if (first.op === 'delete') return [first, second]
      // A row whose key the server makes can refer to itself only once it is there.
      if (first.op === 'create' && newlySays(second.set, first.set, first.key)) return [first, second]
      const set = { ...first.set, ...changes(second, { ...second.was, ...first.set }, merge) }
      const { at } = second
      if (first.op === 'create') return [{ ...first, set, at, resolves }]
      return [{ ...first, set, was: { ...second.was, ...first.was }, at, resolves }]
    }
  }
}

function newlySays(set: Image, before: Image, key: readonly string[]): boolean {
  return Object.entries(set).some(
    ([attribute, value]) => value !== null && value !== before[attribute] && key.includes(value),
  )
}

function isEmpty(values: object): boolean {
  return Object.keys(values).length === 0
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
