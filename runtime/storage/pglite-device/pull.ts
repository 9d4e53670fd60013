/**
 * A pull on the device: pages are kept aside, and shown all at once with the cursor.
 *
 * Invariants
 * - Nothing staged is visible; `applyPull` shows all of it in one transaction (L2), under the local edits (L4).
 * - The place to go on from is kept with the page that led to it (L3).
 */
import type { DatabaseTransaction } from '../../contract'
import type { Image } from '../../core/rebase'
import type { Page, PullRequest } from '../../protocol/messages'
import type { AppliedPull } from '../device-store'
import { showOverServerRow } from './edited-rows'
import type { EntitySql, SqlByEntity } from './entity-sql'

export async function stagePage(
  tx: DatabaseTransaction,
  sqlByEntity: SqlByEntity,
  requests: readonly PullRequest[],
  page: Page,
): Promise<void> {
  for (const part of page.entities) {
    const sql = sqlByEntity.get(part.entity)
    if (!sql) continue
    if (part.full) await tx.query('insert into _syncline.pull_full values ($1) on conflict do nothing', [part.entity])
    if (part.rows.length > 0)
      await tx.query(
        sql.stageRows,
        sql.entity.attributes.map((_, index) => part.rows.map((row) => row[index] ?? null)),
      )
    if (part.deleted.length > 0) await tx.query(sql.stageDeleted, [JSON.stringify(part.deleted)])
  }
  await tx.query('delete from _syncline.pull')
  if (page.next !== null)
    await tx.query('insert into _syncline.pull values ($1, $2)', [signatureOf(requests), page.next])
}

export async function resumePoint(tx: DatabaseTransaction, requests: readonly PullRequest[]): Promise<string | null> {
  const [row] = await tx.query('select next from _syncline.pull where signature = $1', [signatureOf(requests)])
  return (row?.next ?? null) as string | null
}

export async function unstage(tx: DatabaseTransaction, sqlByEntity: SqlByEntity): Promise<void> {
  await tx.query('delete from _syncline.pull')
  await tx.query('delete from _syncline.pull_full')
  for (const { clearStage } of sqlByEntity.values()) await tx.query(clearStage)
}

/** To be run where capture and foreign keys are off: the pages are the server's word. */
export async function applyPull(
  tx: DatabaseTransaction,
  sqlByEntity: SqlByEntity,
  requests: readonly PullRequest[],
  cursor: string,
): Promise<AppliedPull> {
  const full = new Set((await tx.query('select entity from _syncline.pull_full')).map((row) => row.entity as string))
  let rows = 0
  const entities: string[] = []
  for (const { entity } of requests) {
    const sql = sqlByEntity.get(entity)
    if (!sql) continue
    const count = await applyEntity(tx, sql, full.has(entity))
    if (count > 0 || full.has(entity)) entities.push(entity)
    rows += count
    await tx.query(
      'insert into _syncline.cursor values ($1, $2) on conflict (entity) do update set cursor = excluded.cursor',
      [entity, cursor],
    )
  }
  await unstage(tx, sqlByEntity)
  return { rows, entities }
}

async function applyEntity(tx: DatabaseTransaction, sql: EntitySql, isFull: boolean): Promise<number> {
  const [staged] = await tx.query(sql.countStaged)
  const edited = (await tx.query(sql.editedRows)) as unknown as {
    key: string[]
    staged: boolean
    image: Image | null
  }[]
  if (isFull) await tx.query(sql.applyAbsent)
  await tx.query(sql.applyDeleted)
  await tx.query(sql.applyRows)
  for (const { key, staged: isStaged, image } of edited) {
    // What a full pull does not mention is gone; what a delta does not mention has not changed.
    if (isStaged || isFull) await showOverServerRow(tx, sql, key, image, true)
  }
  return Number(staged?.count ?? 0)
}

/** A stage belongs to one question; another question starts anew. */
function signatureOf(requests: readonly PullRequest[]): string {
  return JSON.stringify(requests)
}
