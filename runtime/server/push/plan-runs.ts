/**
 * Which edits can be made by one statement: alike, of different rows, and none needing what another does.
 *
 * Invariants
 * - An edit never comes before an earlier edit of its row, nor before the creation of a row to which it refers.
 * - Nothing moves over a deletion, nor a deletion over anything: what it takes along is the server's business.
 * - Where conflicts are detected, a value that must be unique is looked for before it is written: updates of such values stay
 *   alone, and no creation moves over one, because it may take the value that became free.
 */
import { createdName, type PlannedEdit, references, rowName } from './planned-edit'

/** Edits of one entity with one operation that write the same attributes. */
export type Run = readonly PlannedEdit[]

export function planRuns(edits: readonly PlannedEdit[]): Run[] {
  const runs: PlannedEdit[][] = []
  const lastOfRow = new Map<string, number>()
  const creations = new Map<string, number>()
  const freed = new Map<string, number>()
  const open = new Map<string, number>()
  let floor = 0
  for (const edit of edits) {
    const row = rowName(edit)
    const alone = edit.op === 'update' && writesUnique(edit)
    const kind = runKind(edit)
    const earliest = Math.max(
      edit.op === 'delete' ? runs.length - 1 : floor,
      (lastOfRow.get(row) ?? -1) + 1,
      edit.op === 'create' ? (freed.get(edit.plan.base) ?? -1) + 1 : 0,
      ...references(edit).map(({ target }) => (creations.get(target) ?? -1) + 1),
    )
    const candidate = alone ? undefined : open.get(kind)
    const joins = candidate !== undefined && candidate >= earliest
    const place = joins ? candidate : runs.length
    if (joins) runs[place]?.push(edit)
    else {
      runs.push([edit])
      if (!alone) open.set(kind, place)
    }
    lastOfRow.set(row, place)
    if (alone) freed.set(edit.plan.base, place)
    if (edit.op === 'create') creations.set(createdName(edit), place)
    // What comes after a deletion stays after it.
    if (edit.op === 'delete') floor = place + 1
  }
  return runs
}

function runKind({ plan, op, rule, set, made }: PlannedEdit): string {
  return JSON.stringify([plan.entity.id, op, rule.kind, made, ...Object.keys(set).sort()])
}

function writesUnique({ rule, plan, set }: PlannedEdit): boolean {
  return rule.kind === 'detect' && plan.entity.uniques.some((unique) => unique.some((id) => set[id] !== undefined))
}
