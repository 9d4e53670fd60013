/**
 * Rows with local edits: what lies under the edits, and what is shown for both together.
 *
 * Invariant: a row has a shadow exactly while it has edits in the outbox.
 */
import type { DatabaseTransaction } from '../../contract'
import { type Image, type PendingEdit, rebase } from '../../core/rebase'
import type { EntitySql } from './entity-sql'

export type Key = readonly string[]

/** Makes the server's row the ground under the row's edits, and shows the edits on top of it. */
export async function showOverServerRow(
  tx: DatabaseTransaction,
  sql: EntitySql,
  key: Key,
  server: Image | null,
  keepShown: boolean,
): Promise<void> {
  const edits = await pendingEdits(tx, sql.entity.id, key)
  const shown = keepShown ? await readImage(tx, sql, key) : null
  const row = rebase(server, edits, shown)
  if (row) await tx.query(sql.writeImage, [JSON.stringify(row)])
  else await tx.query(sql.removeRow, [key])
  await setShadow(tx, sql.entity.id, key, edits.length === 0 ? undefined : server)
}

/** Lets edits that the server has applied sink into the shadow; what is shown stays. */
export async function foldIntoShadow(
  tx: DatabaseTransaction,
  sql: EntitySql,
  key: Key,
  applied: readonly PendingEdit[],
): Promise<void> {
  const server = await shadowImage(tx, sql.entity.id, key)
  const shown = await readImage(tx, sql, key)
  await setShadow(tx, sql.entity.id, key, rebase(server, applied, shown))
}

export async function shadowImage(tx: DatabaseTransaction, entity: string, key: Key): Promise<Image | null> {
  const [row] = await tx.query('select image from _syncline.shadow where entity = $1 and key = $2::text[]', [
    entity,
    key,
  ])
  return (row?.image ?? null) as Image | null
}

async function setShadow(
  tx: DatabaseTransaction,
  entity: string,
  key: Key,
  image: Image | null | undefined,
): Promise<void> {
  if (image === undefined) {
    await tx.query('delete from _syncline.shadow where entity = $1 and key = $2::text[]', [entity, key])
    return
  }
  await tx.query(
    'insert into _syncline.shadow values ($1, $2::text[], $3::jsonb) on conflict (entity, key) do update set image = excluded.image',
    [entity, key, image === null ? null : JSON.stringify(image)],
  )
}

async function readImage(tx: DatabaseTransaction, sql: EntitySql, key: Key): Promise<Image | null> {
  const [row] = await tx.query(sql.readImage, [key])
  return (row?.image ?? null) as Image | null
}

async function pendingEdits(tx: DatabaseTransaction, entity: string, key: Key): Promise<PendingEdit[]> {
  const rows = await tx.query(
    'select op, set from _syncline.edit where entity = $1 and key = $2::text[] order by seq',
    [entity, key],
  )
  return rows as unknown as PendingEdit[]
}
