/**
 * What becomes of groups once the server has answered: applied edits sink under what is shown, refused ones go to
 * quarantine and their rows show the server's again, and those that met a conflict wait or are resolved.
 *
 * Invariants
 * - Every edit of a settled group ends in exactly one place: in the shadow, in quarantine, behind a conflict, or gone
 *   because a decision that is on record was against it (P3).
 * - Keys that the server made replace the temporary ones, and every reference to them, in the same transaction (K1).
 * - An applied edit stays visible until a pull brings the server's row (L7); what was overruled does not (P6).
 */
import type { DeviceEvents, Image, Key, StoredEdit, SyncTransaction } from '../../contract'
import { keyText } from '../../contract/storage'
import { rebase } from '../../core/rebase'
import type { ConflictReport, Outcome } from '../../protocol/messages'
import type { DecideConflict, Settled } from '../device-store'
import { type AdoptedKeys, adoptKeys } from './adopt-keys'
import { byEntity, rowText, type StoreContext } from './context'
import { noteEnded } from './ended-conflicts'
import { type DeletedRow, isReferred, keepReferences, referredRows } from './keep-references'
import { keepRefused, type QuarantineRecord } from './quarantine-record'
import { editsByRow, type ServerRow, shadowsOf, showOverServerRows } from './show-rows'

type Applied = Extract<Outcome, { kind: 'applied' }>
type Refused = Extract<Outcome, { kind: 'refused' }>

export async function settleOutcomes(
  context: StoreContext,
  tx: SyncTransaction,
  outcomes: readonly Outcome[],
  nowMs: number,
  decide: DecideConflict,
): Promise<Settled> {
  const changed = new Set<string>()
  const quarantined: DeviceEvents['quarantine'][] = []
  const applied = outcomes.filter((outcome) => outcome.kind === 'applied')
  const refused = outcomes.filter((outcome) => outcome.kind === 'refused')
  const adopted = await adoptKeys(
    context,
    tx,
    applied.flatMap((outcome) => outcome.keys),
    { changed, quarantined },
    nowMs,
  )
  const referred = outcomes.some(isDisturbing) ? await referredRows(context, tx) : null
  for (const { id } of refused) await takeAlong(tx, id)
  const edits = await tx.editsOfGroups(outcomes.map(({ id }) => id))
  const verdicts = new Map(applied.map((outcome) => [outcome.id, verdictOf(outcome, adopted)]))
  const held = edits.filter((edit) => isHeld(verdicts.get(edit.group ?? ''), edit))
  const heldSeqs = new Set(held.map(({ seq }) => seq))
  const settled = edits.filter(({ seq }) => !heldSeqs.has(seq))
  const deleted = await endedDeletes(context, tx, { verdicts, settled })
  const rows = await sink(context, tx, { verdicts, settled })

  quarantined.push(...(await putInQuarantine(tx, refused, edits, nowMs, adopted)))
  await tx.removeEdits(settled.map(({ seq }) => seq))
  await showOverServerRows(context, tx, rows, false)
  for (const { entity } of rows) changed.add(entity)
  const accepted = settled.filter(({ group }) => verdicts.has(group ?? ''))
  for (const entity of await forgetSent(context, tx, accepted)) changed.add(entity)
  await noteEnded(tx, 'deleted', unsaidResolutions(accepted))
  await context.demand?.chooseParents(context, tx, accepted)

  const deletes = accepted.filter((edit) => edit.op === 'delete' && took(verdicts, edit) === edit)
  const waits = held.length > 0 || (deletes.length > 0 && (await tx.records('conflict')).length > 0)
  const conflicts = waits ? await context.conflicts() : null
  for (const entity of (await conflicts?.endDeleted(context, tx, deletes)) ?? []) changed.add(entity)
  const parked: string[] = []
  let resolved = false
  for (const verdict of verdicts.values()) {
    for (const report of verdict.held.values()) {
      // An outcome may come twice: what it said of these edits was taken in the first time.
      if (!conflicts || !held.some((edit) => edit.group === verdict.group && isRow(edit, report))) continue
      changed.add(report.entity)
      if (await conflicts.isDeletedSince(tx, report, deletes)) {
        await conflicts.keepServer(context, tx, report, verdict.group, 'deleted')
        continue
      }
      if (report.decision === 'device') {
        const ended = await conflicts.decideConflict(context, tx, report, verdict.group, nowMs, decide)
        resolved ||= ended === 'resolved'
        if (ended !== 'parked') continue
      } else await conflicts.parkConflict(tx, report, verdict.group)
      parked.push(report.id)
    }
  }
  // Rows that are shown again may refer to deleted ones, and a row whose delete is through may still be shown.
  if (rows.length + held.length + deleted.length > 0)
    for (const entity of await keepReferences(context, tx, referred, deleted)) changed.add(entity)
  return { entities: [...changed], parked, quarantined, resolved }
}

/** Whether rows may go because of it. */
function isDisturbing(outcome: Outcome): boolean {
  return outcome.kind === 'refused' || outcome.conflicts.length + outcome.overruled.length > 0
}

/**
 * Puts into a refused group the local transactions that were made on its new rows since it was sent: sent by themselves
 * they would find no row, or somebody else's that has the key (P3). What they created takes others along in turn.
 */
async function takeAlong(tx: SyncTransaction, group: string): Promise<void> {
  for (;;) {
    const created = (await tx.editsOfGroups([group])).filter(({ op }) => op === 'create')
    if (created.length === 0) return
    const waiting = (await tx.editsOfRows(created)).filter((edit) => edit.group === null && edit.parkedBy === null)
    if (waiting.length === 0) return
    await tx.seal(new Map(waiting.map(({ transaction }) => [transaction, group])))
  }
}

/** What an outcome says of the rows of its group, by `rowText`. */
interface Verdict {
  readonly group: string
  /** Conflicts that the device or a person decides. */
  readonly held: ReadonlyMap<string, ConflictReport>
  /** Attributes of which the server did not take what was sent; null for all. */
  readonly overruled: ReadonlyMap<string, readonly string[] | null>
}

function verdictOf({ id, conflicts, overruled }: Applied, adopted: AdoptedKeys): Verdict {
  const reports = conflicts.map((report) => ({
    ...report,
    key: [...adopted.key(report.entity, report.key)],
    base: adopted.image(report.entity, report.base),
    local: adopted.image(report.entity, report.local),
    server: adopted.image(report.entity, report.server),
  }))
  const decided = (...decisions: readonly ConflictReport['decision'][]) =>
    reports.filter(({ decision }) => decisions.includes(decision))
  return {
    group: id,
    held: new Map(decided('parked', 'device').map((report) => [rowText(report.entity, report.key), report])),
    overruled: new Map([
      ...overruled.map(
        ({ entity, key, attributes }) => [rowText(entity, adopted.key(entity, key)), attributes] as const,
      ),
      ...decided('kept-server').map(({ entity, key }) => [rowText(entity, key), null] as const),
    ]),
  }
}

function isHeld(verdict: Verdict | undefined, edit: StoredEdit): boolean {
  return verdict !== undefined && verdict.held.size > 0 && verdict.held.has(rowText(edit.entity, edit.key))
}

function isRow(edit: StoredEdit, { entity, key }: { readonly entity: string; readonly key: Key }): boolean {
  return rowText(edit.entity, edit.key) === rowText(entity, key)
}

/**
 * Lets the edits that the server took sink into the shadows that younger edits need, and answers the rows of which what
 * is shown is no longer what it was: their edits were refused or overruled.
 */
async function sink(
  context: StoreContext,
  tx: SyncTransaction,
  { verdicts, settled }: { verdicts: ReadonlyMap<string, Verdict>; settled: readonly StoredEdit[] },
): Promise<ServerRow[]> {
  const gone = new Set(settled.map(({ seq }) => seq))
  const rows = editsByRow(settled)
  const refs = [...rows.values()].flatMap(([edit]) => (edit ? [edit] : []))
  const younger = new Set(
    (await tx.editsOfRows(refs)).filter(({ seq }) => !gone.has(seq)).map(({ entity, key }) => rowText(entity, key)),
  )
  const isDisturbed = (edits: readonly StoredEdit[]) => edits.some((edit) => took(verdicts, edit) !== edit)
  // Rows without younger edits of which all was taken need nothing: what is shown is what was applied.
  const concerned = [...rows].filter(([text, edits]) => younger.has(text) || isDisturbed(edits))
  const shadows = await shadowsOf(
    tx,
    concerned.flatMap(([, [edit]]) => (edit ? [edit] : [])),
  )
  const shown: ServerRow[] = []
  const beneath: ServerRow[] = []
  for (const [text, edits] of concerned) {
    const [first] = edits
    if (!first) continue
    const { entity, key } = first
    const taken = edits.flatMap((edit) => took(verdicts, edit) ?? [])
    const server = rebase(
      shadows.get(text) ?? null,
      taken,
      await lastShown(tx, entity, key, taken),
      context.merge(entity),
    )
    if (isDisturbed(edits)) shown.push({ entity, key, server })
    else beneath.push({ entity, key, server })
  }
  for (const [entity, ofEntity] of byEntity(beneath))
    await tx.putShadows(
      entity,
      ofEntity.map(({ key, server }) => [key, server]),
    )
  return shown
}

/** The conflicts that rows resolved which were made and deleted in one group: the server heard nothing of them (C3). */
function unsaidResolutions(edits: readonly StoredEdit[]): readonly (string | null)[] {
  const isUndone = (made: StoredEdit) =>
    edits.some((edit) => edit.op === 'delete' && edit.seq > made.seq && edit.group === made.group && isRow(edit, made))
  return edits
    .filter((edit) => edit.op === 'create' && edit.resolves !== null && isUndone(edit))
    .map(({ resolves }) => resolves)
}

/** Rows of which the server has taken a delete and of which nothing younger than deletes waits, as it had them before. */
async function endedDeletes(
  context: StoreContext,
  tx: SyncTransaction,
  { verdicts, settled }: { verdicts: ReadonlyMap<string, Verdict>; settled: readonly StoredEdit[] },
): Promise<DeletedRow[]> {
  const taken = settled.filter(
    (edit) => edit.op === 'delete' && isReferred(context, edit.entity) && took(verdicts, edit) === edit,
  )
  if (taken.length === 0) return []
  const shadows = await shadowsOf(tx, taken)
  return [...editsByRow(await tx.editsOfRows(taken)).values()].flatMap((edits): DeletedRow[] => {
    const youngest = edits.at(-1)
    if (youngest?.op !== 'delete') return []
    const { entity, key } = youngest
    const image = shadows.get(rowText(entity, key))
    return image ? [{ entity, key, image }] : []
  })
}

/** What the server took of an edit: the edit itself, a part of it, or nothing. */
function took(verdicts: ReadonlyMap<string, Verdict>, edit: StoredEdit): StoredEdit | null {
  const verdict = verdicts.get(edit.group ?? '')
  // Not the row that a refusal brings: it may be newer than what the device shows of other rows (L2).
  if (!verdict) return null
  if (verdict.overruled.size === 0) return edit
  const overruled = verdict.overruled.get(rowText(edit.entity, edit.key))
  if (overruled === undefined) return edit
  if (overruled === null || edit.op !== 'update') return null
  const set = Object.entries(edit.set).filter(([attribute]) => !overruled.includes(attribute))
  return set.length === 0 ? null : { ...edit, set: Object.fromEntries(set) }
}

/** Only an update can need it, where the shadow has no row to make it on. */
async function lastShown(
  tx: SyncTransaction,
  entity: string,
  key: Key,
  edits: readonly StoredEdit[],
): Promise<Image | null> {
  if (!edits.some(({ op }) => op === 'update')) return null
  const [image] = (await tx.images(entity, [key])).values()
  return image ?? null
}

async function putInQuarantine(
  tx: SyncTransaction,
  refused: readonly Refused[],
  edits: readonly StoredEdit[],
  nowMs: number,
  adopted: AdoptedKeys,
): Promise<DeviceEvents['quarantine'][]> {
  const quarantined: DeviceEvents['quarantine'][] = []
  for (const { id, reason, message, rows } of refused) {
    const server = new Map(
      rows.map(({ entity, key, row }) => [rowText(entity, adopted.key(entity, key)), adopted.image(entity, row)]),
    )
    const own = edits.filter(({ group }) => group === id)
    if (own.length === 0) continue
    const shown = new Map<string, ReadonlyMap<string, Image>>()
    for (const [entity, ofEntity] of byEntity(own))
      shown.set(
        entity,
        await tx.images(
          entity,
          ofEntity.map(({ key }) => key),
        ),
      )
    const record: QuarantineRecord = {
      reason,
      message,
      refusedAt: nowMs,
      edits: own.map(({ entity, op, key, set, was }) => ({
        entity,
        op,
        key,
        set,
        was,
        local: op === 'delete' ? null : (shown.get(entity)?.get(keyText(key)) ?? null),
        server: server.get(rowText(entity, key)) ?? null,
      })),
    }
    quarantined.push(await keepRefused(tx, id, record))
    await noteEnded(
      tx,
      'refused',
      own.map(({ resolves }) => resolves),
    )
  }
  return quarantined
}

/** Append-only rows leave the device once the server has them; answers the entities. */
async function forgetSent(
  context: StoreContext,
  tx: SyncTransaction,
  accepted: readonly StoredEdit[],
): Promise<readonly string[]> {
  const forgotten: string[] = []
  for (const entity of context.bundle.entities) {
    if (entity.pattern.kind !== 'append-only') continue
    const keys = accepted.filter((edit) => edit.entity === entity.id && edit.op === 'create').map(({ key }) => key)
    if (keys.length === 0) continue
    await tx.removeRows(entity.id, keys)
    forgotten.push(entity.id)
  }
  return forgotten
}
