/** Deletions in one entity, by set. What is gone already is as the author wanted it. */

import { scopeTest } from '../scope'
import { isDetecting, meetConflict } from './conflicts'
import { lastTime } from './edit-times'
import { deletedInSight } from './look-around'
import type { PlannedEdit } from './planned-edit'
import { type PushWork, timeOf } from './push-work'
import { type AskedRow, type RowState, readRows } from './read-rows'
import { GroupRefusal, rowDeleted } from './refusals'
import { seenBy } from './seen-snapshot'
import { deleteRows } from './write-rows'

export async function takeDeletions(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const [first] = edits
  if (!first) return
  const isBlind = first.rule.kind === 'arrival' || first.rule.kind === 'merge'
  const free = isBlind && scopeTest(first.plan, 'write') === null ? edits : await withoutConflicts(work, edits)
  if (free.length === 0) return
  await deleteRows(
    work,
    first.plan,
    free.map(({ key }) => key),
  )
}

async function withoutConflicts(work: PushWork, edits: readonly PlannedEdit[]): Promise<PlannedEdit[]> {
  const [first] = edits
  if (!first) return []
  const asked = edits.map(({ key, base, plan }): AskedRow => ({ key, seen: seenBy(base, plan, work.moment) }))
  const states = await readRows(work, first.plan, asked, 'update')
  const free: PlannedEdit[] = []
  const gone: PlannedEdit[] = []
  for (const [index, edit] of edits.entries()) {
    const state = states[index]
    if (!state) continue
    if (state.row === null || !state.writable) {
      // A row outside of the scope is answered like one that never was; only what was deleted is as it should be.
      const mayBeGone = scopeTest(first.plan, 'write') === null || (state.row === null && !state.hidden)
      if (!mayBeGone) throw new GroupRefusal(edit.group, rowDeleted(edit.plan.entity.name))
      gone.push(edit)
      continue
    }
    if (isDetecting(edit) && edit.rule.updates !== 'nothing' && state.unseen) {
      await meetConflict(work, edit, 'delete-update', state)
    } else if (isOverruled(work, edit, state)) {
      work.answers[edit.group]?.overruled.push({
        entity: edit.plan.entity.id,
        key: [...edit.sentKey],
        attributes: null,
      })
    } else free.push(edit)
  }
  await checkGone(work, gone)
  return free
}

/**
 * Within a scope a row that is not there is answered like one outside of it, unless it was in the session's sight when it
 * was deleted: then its author and whoever deleted it agree (F2), and he is told nothing that he could not see (P4).
 */
async function checkGone(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const [first] = edits
  if (!first || scopeTest(first.plan, 'write') === null) return
  const keys = edits.map(({ key }) => key)
  const known = await deletedInSight(work, first.plan, keys)
  const unknown = edits.find((_, index) => !known.has(index))
  if (unknown) throw new GroupRefusal(unknown.group, rowDeleted(unknown.plan.entity.name))
}

function isOverruled(work: PushWork, edit: PlannedEdit, state: RowState): boolean {
  return edit.rule.kind === 'edit-time' && state.unseen && lastTime(state) > timeOf(work, edit)
}
