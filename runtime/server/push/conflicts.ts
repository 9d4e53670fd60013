/**
 * A row that met a conflict: reported, decided, and settled as decided, all in the push's transaction (F1, F4).
 *
 *   conflict ─► the handler is on the server ─► keep-local, resolve: written now
 *                       │                       keep-server: nothing is written
 *                       └► on the device, or it parks ─► nothing is written; the report says who decides
 *
 * Invariants
 * - Whatever is decided, the conflict leaves a record with the three versions, and the outcome tells it again to a retry.
 * - What a handler asks for is checked like any other write; where it can't be written, a person decides.
 */
import type { ConflictKind } from '../../contract/bundle'
import { type ConflictImages, decisionResult, runHandler, toConflictCase } from '../../core/conflict-case'
import { uuidFromBytes } from '../../core/uuid'
import type { ConflictReport, WireValues } from '../../protocol/messages'
import { missingParents, takenValues } from './look-around'
import type { PlannedEdit } from './planned-edit'
import type { DetectRule } from './push-rules'
import { adoptKey, hold, type PushWork, timeOf } from './push-work'
import type { RowState } from './read-rows'
import { GroupRefusal, outOfScope, Refusal } from './refusals'
import { versionOf } from './seen-snapshot'
import { deleteRows, insertRows, updateRows, type Written } from './write-rows'

export type DetectingEdit = PlannedEdit & { readonly rule: DetectRule }

export function isDetecting(edit: PlannedEdit): edit is DetectingEdit {
  return edit.rule.kind === 'detect'
}

export type Settlement = ConflictReport['decision']

/** Reports the conflict, asks the handler and does what it says. Nothing else of the row's edits is to be written. */
export async function meetConflict(
  work: PushWork,
  edit: DetectingEdit,
  kind: ConflictKind,
  state: RowState,
): Promise<Settlement> {
  const images = conflictImages(work, edit, kind, state)
  const decision = decide(work, edit, images)
  const settlement =
    decision.kind !== 'write'
      ? decision.settlement
      : (await writeResult(work, edit, images, decision.row))
        ? decision.settlement
        : 'parked'
  report(work, edit, images, state.snapshot, settlement)
  return settlement
}

/** Holds the row's edits and puts the conflict into the group's answer. */
export function report(
  work: PushWork,
  edit: DetectingEdit,
  images: ConflictImages,
  snapshot: string,
  decision: Settlement,
): void {
  hold(work, edit)
  work.answers[edit.group]?.conflicts.push({
    id: uuidFromBytes(work.push.random.bytes(16)),
    entity: edit.plan.entity.id,
    key: [...edit.sentKey],
    ...images,
    version: versionOf(work.moment, snapshot),
    decision,
  })
}

export function conflictImages(
  work: PushWork,
  edit: DetectingEdit,
  kind: ConflictKind,
  state: RowState,
): ConflictImages {
  const key = Object.fromEntries(
    edit.plan.entity.key.map((id, index) => [id, (edit.made.includes(id) ? edit.sentKey : edit.key)[index] ?? null]),
  )
  const base = edit.op === 'create' ? null : { ...key, ...edit.was }
  return {
    kind,
    base,
    local: edit.op === 'delete' ? null : { ...key, ...base, ...edit.set },
    server: state.row,
    localAt: timeOf(work, edit),
    serverUser: state.writer,
    serverAt: state.writtenAt,
  }
}

export type Decided =
  | { readonly kind: 'settled'; readonly settlement: Settlement }
  | { readonly kind: 'write'; readonly settlement: Settlement; readonly row: WireValues | null }

export function decide({ push }: PushWork, { plan, rule }: DetectingEdit, images: ConflictImages): Decided {
  const { settings } = rule
  if (settings.handledOn === 'device') {
    return { kind: 'settled', settlement: rule.deviceKnows ? 'device' : 'parked' }
  }
  const handler = push.bundle.handlers.find(({ id }) => id === settings.handler)
  const decision = runHandler(handler, toConflictCase(plan.entity, images, push.session.user))
  const result = decisionResult(plan.entity, images, decision)
  switch (result.kind) {
    case 'park':
      return { kind: 'settled', settlement: 'parked' }
    case 'keep-server':
      return { kind: 'settled', settlement: 'kept-server' }
    case 'write':
      return { kind: 'write', settlement: decision.kind === 'keep-local' ? 'kept-local' : 'resolved', row: result.row }
  }
}

/** False where the row can't be written so, because another row or a parent stands against it. */
async function writeResult(
  work: PushWork,
  edit: DetectingEdit,
  { server }: ConflictImages,
  row: WireValues | null,
): Promise<boolean> {
  const { plan } = edit
  if (row === null) {
    check(edit, server === null ? ['written'] : await deleteRows(work, plan, [edit.key]))
    return true
  }
  const writable = plan.entity.attributes.filter(({ id, readOnly }) => !readOnly && !plan.entity.key.includes(id))
  const set = Object.fromEntries(
    writable.flatMap(({ id }) => {
      const value = row[id]
      return value === undefined || (server !== null && server[id] === value) ? [] : [[id, value]]
    }),
  )
  const wanted: PlannedEdit = { ...edit, op: server === null ? 'create' : 'update', set }
  const [taken] = await takenValues(work, [{ edit: wanted, row: server }])
  const [orphan] = await missingParents(work, [wanted])
  if (taken !== 'free' || orphan !== 'there') return false
  const ids = Object.keys(set)
  const values = ids.map((id) => set[id] ?? null)
  if (server !== null) {
    if (ids.length > 0) check(edit, await updateRows(work, plan, ids, [{ key: edit.key, values }]))
    return true
  }
  // A row that was deleted comes back under its key; a new one may still wait for the server to make one.
  const given = plan.entity.key.filter((id) => !edit.made.includes(id))
  const keys = given.map((id) => edit.key[plan.entity.key.indexOf(id)] ?? null)
  const [inserted] = await insertRows(work, plan, [...given, ...ids], [[...keys, ...values]])
  check(edit, [inserted?.written ?? 'missing'])
  if (inserted && edit.made.length > 0) adoptKey(work, edit, inserted.key)
  return true
}

function check(edit: PlannedEdit, written: readonly Written[]): void {
  if (written.every((each) => each === 'written')) return
  throw new GroupRefusal(
    edit.group,
    written.includes('outside')
      ? outOfScope(edit.plan.entity.name)
      : new Refusal('not-allowed', `The row of ${edit.plan.entity.name} may not be changed. Discard the change.`),
  )
}
