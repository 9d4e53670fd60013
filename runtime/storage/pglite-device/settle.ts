/**
 * What becomes of groups once the server has answered: applied ones sink under what is shown, refused
 * ones go to quarantine and their rows show the server's again.
 *
 * Invariants
 * - Every edit of a settled group ends in exactly one place: in the shadow, or in quarantine (P3).
 * - Keys that the server made replace the temporary ones, and every reference to them, in the same transaction (K1).
 * - An applied edit stays visible until a pull brings the server's row (L7).
 */
import type { DatabaseTransaction, EntityContract } from '../../contract'
import { quoteName } from '../../contract/sql-text'
import type { Image, PendingEdit } from '../../core/rebase'
import type { KeyMapping, Outcome } from '../../protocol/messages'
import { foldIntoShadow, type Key, shadowImage, showOverServerRow } from './edited-rows'
import { attributeById, type EntitySql } from './entity-sql'
import { dropIdleShadows } from './outbox'

export type SqlByEntity = ReadonlyMap<string, EntitySql>

/** Answers the ids of entities whose shown rows changed. */
export async function settleOutcomes(
  tx: DatabaseTransaction,
  sqlByEntity: SqlByEntity,
  outcomes: readonly Outcome[],
  nowMs: number,
): Promise<Set<string>> {
  const changed = new Set<string>()
  const applied = outcomes.filter((outcome) => outcome.kind === 'applied')
  for (const mapping of applied.flatMap((outcome) => outcome.keys)) await adoptKey(tx, sqlByEntity, mapping, changed)
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
    const told = outcome.rows.find((row) => row.entity === entity && sameKey(row.key, key))
    const server = told && isWhole(told.row, sql.entity) ? told.row : await shadowImage(tx, entity, key)
    await showOverServerRow(tx, sql, key, server, false)
    changed.add(entity)
  }
}

/** Puts a key that the server made in the place of the temporary one, wherever that is found. */
async function adoptKey(
  tx: DatabaseTransaction,
  sqlByEntity: SqlByEntity,
  mapping: KeyMapping,
  changed: Set<string>,
): Promise<void> {
  const sql = sqlByEntity.get(mapping.entity)
  if (!sql) return
  for (const [index, attribute] of sql.entity.key.entries()) {
    const from = mapping.temporary[index]
    const to = mapping.key[index]
    if (from !== undefined && to !== undefined && from !== to)
      await replaceValue(tx, sqlByEntity, sql.entity, attribute, from, to, changed)
  }
}

async function replaceValue(
  tx: DatabaseTransaction,
  sqlByEntity: SqlByEntity,
  entity: EntityContract,
  attribute: string,
  from: string,
  to: string,
  changed: Set<string>,
): Promise<void> {
  const column = quoteName(attributeById(entity, attribute).name)
  const keyPlace = entity.key.indexOf(attribute) + 1
  const renamed = await tx.query(
    `update ${quoteName(entity.table)} set ${column} = $2 where ${column} = $1 returning 1 as one`,
    [from, to],
  )
  if (renamed.length > 0) changed.add(entity.id)
  const inObject = (name: string) =>
    `${name} = case when ${name} ->> $2 = $3 then jsonb_set(${name}, array[$2], to_jsonb($4::text)) else ${name} end`
  const key =
    keyPlace === 0
      ? 'key'
      : `case when key[${keyPlace}] = $3 then key[:${keyPlace - 1}] || $4::text || key[${keyPlace + 1}:] else key end`
  const values = [entity.id, attribute, from, to]
  await tx.query(
    `update _syncline.edit set key = ${key}, ${inObject('set')}, ${inObject('was')} where entity = $1`,
    values,
  )
  await tx.query(`update _syncline.shadow set key = ${key}, ${inObject('image')} where entity = $1`, values)

  for (const { entity: other } of sqlByEntity.values()) {
    for (const reference of other.references) {
      const place = reference.entity === entity.id ? reference.referencedAttributes.indexOf(attribute) : -1
      const referring = reference.attributes[place]
      // A row can refer to itself by its own key; that column is done already.
      if (referring !== undefined && !(other === entity && referring === attribute)) {
        await replaceValue(tx, sqlByEntity, other, referring, from, to, changed)
      }
    }
  }
}

function distinctRows(rows: readonly { entity: string; key: string[] }[]): { entity: string; key: Key }[] {
  return [...new Map(rows.map((row) => [JSON.stringify([row.entity, row.key]), row])).values()]
}

function sameKey(left: Key, right: Key): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index])
}

/** A server of another bundle may know fewer attributes; such a row can't stand for the whole. */
function isWhole(row: Image | null, entity: EntityContract): boolean {
  return row === null || entity.attributes.every((attribute) => attribute.id in row)
}
