/**
 * Deleting a row that takes others along, the head of an aggregate or one that the database's cascades start from: it goes
 * with the children that its author knew, or not at all.
 *
 * Children that he did not know, or that somebody changed meanwhile, make the deletion a conflict (`children-left`). Then the
 * deletions of the children wait with that of the head, so that nobody sees half of an aggregate. This is looked at
 * before the group deletes anything, because children are deleted first, and after all that came before is written, because
 * the device's own deletions, moves and creations of children decide what is left (F8).
 *
 * Invariants
 * - A resolution that deletes the head, and was made with its children in view, takes along those that were in view.
 * - A head that is a child itself goes before what takes it along is looked at: what stops it stops that too.
 * - What only a cascade takes along is left where somebody else wrote it meanwhile; else it is the database's to decide.
 * - Of children that the session may not see nothing is told but that something is left.
 */

import type { ConflictKind } from '../../contract/bundle'
import { matches, rowSource } from './column-types'
import { conflictImages, type DetectingEdit, decide, isDetecting, report, type Settlement } from './conflicts'
import { type PlannedEdit, rowName } from './planned-edit'
import type { ChildRule } from './push-rules'
import { hold, isHeld, type PushWork, release, resolved } from './push-work'
import { type RowState, readRows } from './read-rows'
import { seenBy } from './seen-snapshot'
import { deleteRows, updateRows } from './write-rows'

export async function takeAggregates(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  const heads = edits.filter(isDetecting).filter(isHeadDeletion)
  if (heads.length === 0) return
  // An earlier stretch may have made the keys by which the children are found.
  const deletions = edits.filter(({ op }) => op === 'delete').map((edit) => resolved(work, edit))
  const byName = new Map(deletions.map((edit) => [nameInGroup(edit), edit]))
  const decided = new Set<PlannedEdit>()
  for (let again = true; again; ) {
    again = false
    for (const head of heads) {
      if (decided.has(head) || isHeld(work, head)) continue
      if (!(await takeHead(work, head, byName))) continue
      decided.add(head)
      again = true
    }
  }
}

/**
 * The edits in parts that are to be written one after the other: a new one begins in each group that deletes a head, where
 * the group's edits of the rows begin that it deletes.
 */
export function stretches(edits: readonly PlannedEdit[]): PlannedEdit[][] {
  const stretches: PlannedEdit[][] = [[]]
  const headed = new Set(edits.filter(isHeadDeletion).map(({ group }) => group))
  if (headed.size === 0) return [[...edits]]
  const doomed = new Set(edits.filter(({ group, op }) => op === 'delete' && headed.has(group)).map(nameInGroup))
  const begun = new Set<number>()
  for (const edit of edits) {
    if (doomed.has(nameInGroup(edit)) && !begun.has(edit.group)) {
      begun.add(edit.group)
      stretches.push([])
    }
    stretches.at(-1)?.push(edit)
  }
  return stretches
}

function isHeadDeletion({ op, rule }: PlannedEdit): boolean {
  return op === 'delete' && rule.kind === 'detect' && rule.children.length > 0
}

interface Child {
  readonly rule: ChildRule
  readonly key: readonly string[]
  readonly state: RowState
  /** Its own deletion in the group. */
  readonly deletion: PlannedEdit | null
}

/** Deletions by group and row. */
type Deletions = ReadonlyMap<string, PlannedEdit>

function nameInGroup(edit: Pick<PlannedEdit, 'group' | 'plan' | 'key'>): string {
  return `${edit.group} ${rowName(edit)}`
}

/** Answers whether the deletion met a conflict. */
async function takeHead(work: PushWork, planned: DetectingEdit, deletions: Deletions): Promise<boolean> {
  const edit: DetectingEdit = { ...resolved(work, planned), rule: planned.rule }
  const seen = seenBy(edit.base, edit.plan, work.moment)
  const [head] = await readRows(work, edit.plan, [{ key: edit.key, seen }], 'update')
  // Gone, or not to be written: the deletion itself finds out.
  if (!head?.row || !head.writable) return false
  const children: Child[] = []
  for (const rule of edit.rule.children) children.push(...(await childrenOf(work, edit, head, rule, deletions)))
  const left = children.filter((child) => isLeft(work, edit, child))
  // Alone, its own deletion meets the conflict; with children it must not come too late for them.
  const isMet = head.unseen && edit.rule.updates !== 'nothing' && children.some(({ deletion }) => deletion !== null)
  if (left.length === 0 && !isMet) {
    // The group's own deletions do the rest, or the database.
    const owned = children.filter(({ rule, deletion }) => rule.owned && deletion === null)
    await deleteChildren(work, owned)
    return false
  }
  const kind = isMet ? 'delete-update' : 'children-left'
  const images = conflictImages(work, edit, kind, head)
  const decided = decide(work, edit, images)
  if (decided.kind === 'settled') {
    holdAll(work, edit, head, children, kind, decided.settlement)
    return true
  }
  if (decided.row === null) {
    // What the session may not see it can't take along.
    const isOutOfSight = (child: Child) => !child.state.writable && (child.rule.owned || left.includes(child))
    if (children.some(isOutOfSight)) {
      holdAll(work, edit, head, children, kind, 'parked')
      return true
    }
    await deleteChildren(work, left)
    for (const { deletion } of left) if (deletion) hold(work, deletion)
    // The head goes after the children whose deletions are still to come.
    report(work, edit, images, head.snapshot, decided.settlement)
    if (isMet) await deleteHead(work, edit, children)
    else release(work, edit)
    return true
  }
  const row = decided.row
  const changed = edit.plan.entity.attributes.filter(
    ({ id, readOnly }) => !readOnly && row[id] !== undefined && row[id] !== head.row?.[id],
  )
  if (changed.length > 0) {
    const ids = changed.map(({ id }) => id)
    await updateRows(work, edit.plan, ids, [{ key: edit.key, values: ids.map((id) => row[id] ?? null) }])
  }
  holdAll(work, edit, head, children, kind, decided.settlement)
  return true
}

function isLeft(work: PushWork, head: DetectingEdit, { rule, state, deletion }: Child): boolean {
  if (deletion !== null) return state.unseen || isHeld(work, deletion)
  if (!rule.owned) return state.unseen
  return head.resolves === null || state.unseen || !state.writable
}

/** Its own deletion would meet the conflict again that was decided. */
async function deleteHead(work: PushWork, head: DetectingEdit, children: readonly Child[]): Promise<void> {
  const going = children.filter(({ deletion }) => deletion !== null && !isHeld(work, deletion))
  await deleteChildren(work, going)
  for (const { deletion } of going) if (deletion) hold(work, deletion)
  await deleteRows(work, head.plan, [head.key])
}

/** The server's rows that refer to the head, locked. */
async function childrenOf(
  work: PushWork,
  edit: DetectingEdit,
  head: RowState,
  rule: ChildRule,
  deletions: Deletions,
): Promise<Child[]> {
  const names = rule.attributes.map((_, index) => `r${index}`)
  const source = rowSource(names, [rule.referenced.map((id) => head.row?.[id] ?? null)])
  const keys = rule.plan.keyColumns.map((column, index) => `b.${column}::text as key_${index}`).join(', ')
  const rows = await work.tx.query(
    `select ${keys} from ${source.sql} join ${rule.plan.base} b on ${matches(rule.plan, work.types, rule.attributes, 'b', names)}
     for update of b`,
    source.params,
  )
  if (rows.length === 0) return []
  const found = rows.map((row) => {
    const key = rule.plan.keyColumns.map((_, index) => String(row[`key_${index}`]))
    return { key, deletion: deletions.get(nameInGroup({ group: edit.group, plan: rule.plan, key })) ?? null }
  })
  const states = await readRows(
    work,
    rule.plan,
    found.map(({ key, deletion }) => ({ key, seen: seenBy((deletion ?? edit).base, rule.plan, work.moment) })),
    'update',
  )
  return found.flatMap(({ key, deletion }, index) => {
    const state = states[index]
    return state ? [{ rule, key, state, deletion }] : []
  })
}

async function deleteChildren(work: PushWork, children: readonly Child[]): Promise<void> {
  for (const { rule, key } of children) await deleteRows(work, rule.plan, [key])
}

function holdAll(
  work: PushWork,
  edit: DetectingEdit,
  head: RowState,
  children: readonly Child[],
  kind: ConflictKind,
  settlement: Settlement,
): void {
  report(work, edit, conflictImages(work, edit, kind, head), head.snapshot, settlement)
  // Children have no handler of their own for it: they wait, or stay, as their head does.
  const ofChild: Settlement = settlement === 'device' ? 'parked' : settlement === 'parked' ? 'parked' : 'kept-server'
  for (const { deletion, state } of children) {
    if (!deletion || state.row === null || isHeld(work, deletion)) continue
    const child: DetectingEdit = { ...deletion, rule: { ...edit.rule, children: [] } }
    report(work, child, conflictImages(work, child, 'children-left', state), state.snapshot, ofChild)
  }
}
