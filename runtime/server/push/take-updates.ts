/** Updates of one entity that write the same attributes: each rule in its way, the writes by set. */
import { leavesRange, mergeValue } from '../../core/merge-value'
import type { WireValues } from '../../protocol/messages'
import { isDetecting, meetConflict } from './conflicts'
import { overruledAttributes, type Stamp, stampTimes } from './edit-times'
import { missingParents, takenValues } from './look-around'
import type { PlannedEdit } from './planned-edit'
import { type PushWork, timeOf } from './push-work'
import { type AskedRow, type RowState, readRows } from './read-rows'
import { GroupRefusal, outOfScope, Refusal, rowDeleted } from './refusals'
import { seenBy } from './seen-snapshot'
import { updateRows } from './write-rows'

export async function takeUpdates(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const [first] = edits
  if (!first) return
  switch (first.rule.kind) {
    case 'refuse':
      return
    case 'arrival':
      await writeUpdates(work, edits)
      return stampNow(work, edits)
    case 'merge':
      return mergeUpdates(work, edits)
    case 'edit-time':
      return timeUpdates(work, edits)
    case 'detect':
      return detectUpdates(work, edits)
  }
}

async function mergeUpdates(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const states = await statesOf(work, edits)
  await writeUpdates(
    work,
    edits.map((edit, index) => ({ ...edit, set: mergedSet(work, edit, present(edit, states[index])) })),
  )
}

function mergedSet({ push }: PushWork, edit: PlannedEdit, row: WireValues): WireValues {
  const policies = edit.rule.kind === 'merge' ? edit.rule.policies : {}
  return Object.fromEntries(
    Object.entries(edit.set).flatMap(([id, set]) => {
      const policy = policies[id] ?? 'latest'
      const attribute = edit.plan.attributes.get(id)
      const named = push.bundle.types.find(({ name }) => name === attribute?.type)
      const type = named?.kind === 'domain' ? named.baseType : (attribute?.type ?? '')
      const [was, current] = [edit.was[id] ?? null, row[id] ?? null]
      // A device that does not say what was there can't mean a difference.
      if (edit.was[id] === undefined) return [[id, set]]
      if (leavesRange(policy, type, was, set, current)) {
        const words = `${edit.plan.entity.name}.${attribute?.name} would become larger or smaller than its type can hold. Change it by less.`
        throw new GroupRefusal(edit.group, new Refusal('invalid-value', words))
      }
      const merged = mergeValue(policy, type, was, set, current)
      return merged === current ? [] : [[id, merged]]
    }),
  )
}

async function timeUpdates(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const states = await statesOf(work, edits)
  const stamps: Stamp[] = []
  const kept = edits.map((edit, index) => {
    present(edit, states[index])
    const state = states[index] as RowState
    const timeMs = timeOf(work, edit)
    const overruled = overruledAttributes(edit, state, timeMs)
    const attributes = Object.keys(edit.set).filter((id) => !overruled.includes(id))
    if (overruled.length > 0) {
      const all = attributes.length === 0
      work.answers[edit.group]?.overruled.push({
        entity: edit.plan.entity.id,
        key: [...edit.sentKey],
        attributes: all ? null : overruled,
      })
    }
    if (attributes.length > 0) stamps.push({ key: edit.key, timeMs, attributes, before: state })
    return { ...edit, set: Object.fromEntries(attributes.map((id) => [id, edit.set[id] ?? null])) }
  })
  await writeUpdates(work, kept)
  if (edits[0]) await stampTimes(work, edits[0].plan, stamps)
}

/** Another entity over the same table is decided by time. */
function stampNow(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const [first] = edits
  const timeMs = work.push.nowMs
  const stamps = edits.map(({ key, set }): Stamp => ({ key, timeMs, attributes: Object.keys(set), before: null }))
  return first ? stampTimes(work, first.plan, stamps) : Promise.resolve()
}

async function detectUpdates(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const states = await statesOf(work, edits)
  const taken = await takenValues(
    work,
    edits.map((edit, index) => ({ edit, row: states[index]?.row ?? null })),
  )
  const parents = await missingParents(work, edits)
  const free: PlannedEdit[] = []
  for (const [index, edit] of edits.entries()) {
    const state = states[index]
    if (!state || !isDetecting(edit)) continue
    const gone = state.row === null && !state.hidden && (state.deletedByOther || state.unseen)
    if (gone) {
      await meetConflict(work, edit, 'update-delete', state)
      continue
    }
    const row = present(edit, state)
    if (isUpdateConflict(edit, state, row)) await meetConflict(work, edit, 'update-update', state)
    else if (taken[index] === 'taken') await meetConflict(work, edit, 'unique-taken', state)
    else if (parents[index] === 'gone') await meetConflict(work, edit, 'parent-missing', state)
    else free.push(edit)
  }
  await writeUpdates(work, free)
}

function isUpdateConflict(edit: PlannedEdit, { unseen }: RowState, row: WireValues): boolean {
  if (edit.rule.kind !== 'detect' || !unseen) return false
  switch (edit.rule.updates) {
    case 'row':
      return true
    case 'attribute':
      return Object.entries(edit.set).some(([id, value]) => row[id] !== value && row[id] !== edit.was[id])
    case 'nothing':
      return false
  }
}

function statesOf(work: PushWork, edits: readonly PlannedEdit[]): Promise<RowState[]> {
  const [first] = edits
  if (!first) return Promise.resolve([])
  const asked = edits.map(({ key, base, plan }): AskedRow => ({ key, seen: seenBy(base, plan, work.moment) }))
  return readRows(work, first.plan, asked, 'no key update')
}

/** The row, where the session may write it; else the group is refused as if there were none. */
function present(edit: PlannedEdit, state: RowState | undefined): WireValues {
  if (!state?.row || !state.writable) throw new GroupRefusal(edit.group, rowDeleted(edit.plan.entity.name))
  return state.row
}

/** By set; edits that have nothing left to write are done. */
async function writeUpdates(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const alike = new Map<string, PlannedEdit[]>()
  for (const edit of edits) {
    const kind = JSON.stringify(Object.keys(edit.set).sort())
    const others = alike.get(kind)
    if (others) others.push(edit)
    else alike.set(kind, [edit])
  }
  for (const [kind, some] of alike) {
    const attributes = JSON.parse(kind) as string[]
    const plan = some[0]?.plan
    if (!plan || attributes.length === 0) continue
    const rows = some.map(({ key, set }) => ({ key, values: attributes.map((id) => set[id] ?? null) }))
    const written = await updateRows(work, plan, attributes, rows)
    for (const [index, edit] of some.entries()) {
      if (written[index] === 'missing') throw new GroupRefusal(edit.group, rowDeleted(plan.entity.name))
      if (written[index] === 'outside') throw new GroupRefusal(edit.group, outOfScope(plan.entity.name))
    }
  }
}
