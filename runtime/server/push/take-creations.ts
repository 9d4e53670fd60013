/** Creations in one entity that write the same attributes, by set. */
import { isDetecting, meetConflict } from './conflicts'
import { stampTimes } from './edit-times'
import { missingParents, takenValues } from './look-around'
import type { PlannedEdit } from './planned-edit'
import { adoptKey, type PushWork, timeOf } from './push-work'
import { type RowState, readRows } from './read-rows'
import { GroupRefusal, outOfScope, Refusal } from './refusals'
import { insertRows } from './write-rows'

export async function takeCreations(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const free = edits[0]?.rule.kind === 'detect' ? await withoutConflicts(work, edits) : edits
  const [first] = free
  if (!first) return
  const { plan, made } = first
  const given = plan.entity.key.filter((id) => !made.includes(id))
  const attributes = [...given, ...Object.keys(first.set).sort()]
  const inserted = await insertRows(
    work,
    plan,
    attributes,
    free.map(({ key, set }) =>
      attributes.map((id) => (given.includes(id) ? (key[plan.entity.key.indexOf(id)] ?? null) : (set[id] ?? null))),
    ),
  )
  for (const [index, edit] of free.entries()) {
    const { written, key } = inserted[index] ?? { written: 'missing', key: edit.key }
    if (written === 'outside') throw new GroupRefusal(edit.group, outOfScope(plan.entity.name))
    if (written === 'missing') refuseVanished(edit, free.length)
    else if (made.length > 0) adoptKey(work, edit, key)
  }
  await stampTimes(
    work,
    plan,
    free.map((edit) => ({
      key: edit.key.map(work.keyMap.resolve),
      timeMs: first.rule.kind === 'edit-time' ? timeOf(work, edit) : work.push.nowMs,
      attributes: null,
      before: null,
    })),
  )
}

async function withoutConflicts(work: PushWork, edits: readonly PlannedEdit[]): Promise<PlannedEdit[]> {
  const states = await statesOf(work, edits)
  const taken = await takenValues(
    work,
    edits.map((edit) => ({ edit, row: null })),
  )
  const parents = await missingParents(work, edits)
  const free: PlannedEdit[] = []
  for (const [index, edit] of edits.entries()) {
    const state = states[index]
    if (!state || !isDetecting(edit)) continue
    // What can't be told, a hidden row or the device's own, the insert itself runs into.
    if (state.row !== null && !state.own) await meetConflict(work, edit, 'key-taken', state)
    else if (state.row === null && !state.hidden && taken[index] === 'taken') {
      await meetConflict(work, edit, 'unique-taken', state)
    } else if (parents[index] === 'gone') await meetConflict(work, edit, 'parent-missing', state)
    else free.push(edit)
  }
  return free
}

async function statesOf(work: PushWork, edits: readonly PlannedEdit[]): Promise<(RowState | undefined)[]> {
  const [first] = edits
  if (!first) return []
  if (first.made.length === 0) {
    return readRows(
      work,
      first.plan,
      edits.map(({ key }) => ({ key, seen: { kind: 'nothing' } })),
      'no key update',
    )
  }
  const [row] = await work.tx.query('select pg_current_snapshot()::text as snapshot')
  const none: RowState = {
    row: null,
    hidden: false,
    writable: false,
    own: false,
    unseen: false,
    deletedByOther: false,
    writer: null,
    writtenAt: null,
    times: {},
    snapshot: String(row?.snapshot),
  }
  return edits.map(() => none)
}

/** A trigger may have put the row elsewhere; only where its key is needed is that a fault. */
function refuseVanished(edit: PlannedEdit, count: number): void {
  if (count === 1 && edit.made.length === 0) return
  const words = `A trigger of the server did not let the row of ${edit.plan.entity.name} in. Change the values, or ask who looks after the database.`
  throw new GroupRefusal(edit.group, new Refusal('constraint', words))
}
