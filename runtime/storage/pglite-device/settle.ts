/**
 * What becomes of groups once the server has answered: applied ones sink under what is shown, refused
 * ones go to quarantine and their rows show the server's again.
 *
 * Invariants
 * - Every edit of a settled group ends in exactly one place: in the shadow, or in quarantine (P3).
 * - Keys that the server made replace the temporary ones, and every reference to them, in the same transaction (K1).
 * - An applied edit stays visible until a pull brings the server's row (L7).
 */
import type { DatabaseTransaction } from '../../contract'
import type { PendingEdit } from '../../core/rebase'
import type { Outcome } from '../../protocol/messages'
import { adoptKeys } from './adopt-keys'
import { foldIntoShadow, type Key, shadowImage, showOverServerRow } from './edited-rows'
import type { SqlByEntity } from './entity-sql'
import { dropIdleShadows } from './outbox'

/** Answers the ids of entities whose shown rows changed. */
export async function settleOutcomes(
  tx: DatabaseTransaction,
  sqlByEntity: SqlByEntity,
  outcomes: readonly Outcome[],
  nowMs: number,
): Promise<Set<string>> {
  const changed = new Set<string>()
  const applied = outcomes.filter((outcome) => outcome.kind === 'applied')
  await adoptKeys(
    tx,
    sqlByEntity,
    applied.flatMap((outcome) => outcome.keys),
    changed,
  )
  await settleApplied(
    tx,
    sqlByEntity,
    applied.map((outcome) => outcome.id),
  )
  for (const outcome of outcomes)
    if (outcome.kind === 'refused') await settleRefused(tx, sqlByEntity, outcome, nowMs, changed)
  await dropIdleShadows(tx)
  return changed
}

async function settleApplied(tx: DatabaseTransaction, sqlByEntity: SqlByEntity, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  // Rows without younger edits need nothing: what is shown is what was applied.
  const beneathYounger = await tx.query(
    `select entity, key, jsonb_agg(jsonb_build_object('op', op, 'set', set) order by seq) as edits from _syncline.edit e
     where group_id = any ($1::uuid[]) and exists (
       select 1 from _syncline.edit y where y.entity = e.entity and y.key = e.key and (y.group_id is null or y.group_id <> all ($1::uuid[])))
     group by entity, key`,
    [ids],
  )
  for (const row of beneathYounger as unknown as EditedRow[]) {
    const sql = sqlByEntity.get(row.entity)
    if (sql) await foldIntoShadow(tx, sql, row.key, row.edits)
  }
  await tx.query('delete from _syncline.edit where group_id = any ($1::uuid[])', [ids])
}

interface EditedRow {
  readonly entity: string
  readonly key: string[]
  readonly edits: PendingEdit[]
}

async function settleRefused(
  tx: DatabaseTransaction,
  sqlByEntity: SqlByEntity,
  outcome: Extract<Outcome, { kind: 'refused' }>,
  nowMs: number,
  changed: Set<string>,
): Promise<void> {
  await tx.query(
    `insert into _syncline.quarantine
       select group_id, $2, $3, $4::bigint, jsonb_agg(jsonb_build_object('entity', entity, 'op', op, 'key', key, 'set', set) order by seq)
       from _syncline.edit where group_id = $1::uuid group by group_id
     on conflict do nothing`,
    [outcome.id, outcome.reason, outcome.message, nowMs],
  )
  const rows = await tx.query('delete from _syncline.edit where group_id = $1::uuid returning entity, key', [
    outcome.id,
  ])
  for (const { entity, key } of distinctRows(rows as unknown as { entity: string; key: string[] }[])) {
    const sql = sqlByEntity.get(entity)
    if (!sql) continue
    // Not the row that the answer brings: that one may be newer than what the device shows of other rows (L2).
    await showOverServerRow(tx, sql, key, await shadowImage(tx, entity, key), false)
    changed.add(entity)
  }
}

function distinctRows(rows: readonly { entity: string; key: string[] }[]): { entity: string; key: Key }[] {
  return [...new Map(rows.map((row) => [JSON.stringify([row.entity, row.key]), row])).values()]
}
