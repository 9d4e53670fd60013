/**
 * The order in which a group's edits can be made on a server whose foreign keys are checked at once (K2).
 *
 * - A row comes after those that it refers to and that the group creates. Where they refer to each other in a circle, one
 *   is created without the reference, where that may be null, and gets it when both are there.
 * - Deletions that follow each other go children first.
 * - All else stays in the order in which it was made; edits of one row always do.
 */
import { createdName, type PlannedEdit, references, rowName } from './planned-edit'

/** A longer chain of rows that each came before their parent keeps its order; no stack is without end. */
const DEEPEST = 2000

export function orderEdits(edits: readonly PlannedEdit[], rank: (entity: string) => number): PlannedEdit[] {
  const sorted = childrenFirst(edits, rank)
  const creations = new Map(sorted.flatMap((edit, index) => (edit.op === 'create' ? [[createdName(edit), index]] : [])))
  const rows = new Map<string, number[]>()
  for (const [index, edit] of sorted.entries()) {
    const name = rowName(edit)
    rows.set(name, [...(rows.get(name) ?? []), index])
  }

  const ordered: PlannedEdit[] = []
  const state = new Map<number, 'underWay' | 'done'>()
  const waiting: { readonly edit: PlannedEdit; readonly late: readonly string[] }[] = []
  const place = (index: number, depth = 0): void => {
    const edit = sorted[index]
    if (!edit || state.has(index) || depth > DEEPEST) return
    state.set(index, 'underWay')
    for (const earlier of rows.get(rowName(edit)) ?? []) if (earlier < index) place(earlier, depth + 1)
    const circular: string[] = []
    for (const { target, attributes } of references(edit)) {
      const creation = creations.get(target)
      if (creation === undefined || creation === index) continue
      place(creation, depth + 1)
      if (state.get(creation) === 'underWay') circular.push(...attributes)
    }
    const late = canWait(edit, circular) ? circular : []
    ordered.push(late.length === 0 ? edit : { ...edit, set: { ...edit.set, ...valuesOf(late, () => null) } })
    state.set(index, 'done')
    if (late.length > 0) waiting.push({ edit, late })
    settle()
  }
  const settle = () => {
    for (const each of [...waiting]) {
      const targets = references(each.edit).filter(({ attributes }) => attributes.some((id) => each.late.includes(id)))
      if (!targets.every(({ target }) => state.get(creations.get(target) ?? -1) === 'done')) continue
      waiting.splice(waiting.indexOf(each), 1)
      ordered.push(completion(each.edit, each.late))
    }
  }
  for (const index of sorted.keys()) place(index)
  return ordered
}

/** Only a reference that may be null and is no part of the key can be filled in later. */
function canWait({ op, plan }: PlannedEdit, attributes: readonly string[]): boolean {
  return (
    op === 'create' &&
    attributes.every((id) => plan.attributes.get(id)?.nullable === true && !plan.entity.key.includes(id))
  )
}

/** The update that fills in the references of a row that was created without them. */
function completion(edit: PlannedEdit, attributes: readonly string[]): PlannedEdit {
  return {
    ...edit,
    op: 'update',
    set: valuesOf(attributes, (id) => edit.set[id] ?? null),
    was: valuesOf(attributes, () => null),
    // The row is the group's own: nothing is left to be met.
    rule: { kind: 'arrival', createsOnly: false },
    made: [],
    resolves: null,
  }
}

function valuesOf(ids: readonly string[], value: (id: string) => string | null): Record<string, string | null> {
  return Object.fromEntries(ids.map((id) => [id, value(id)]))
}

function childrenFirst(edits: readonly PlannedEdit[], rank: (entity: string) => number): PlannedEdit[] {
  const sorted: PlannedEdit[] = []
  let deletions: PlannedEdit[] = []
  const endDeletions = () => {
    sorted.push(...deletions.toSorted((a, b) => rank(b.plan.entity.id) - rank(a.plan.entity.id)))
    deletions = []
  }
  for (const edit of edits) {
    if (edit.op === 'delete') deletions.push(edit)
    else {
      endDeletions()
      sorted.push(edit)
    }
  }
  endDeletions()
  return sorted
}
