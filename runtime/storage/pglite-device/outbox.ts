/**
 * The outbox on its way out: local transactions become groups with ids, the oldest first.
 *
 * Invariants
 * - A group gets its random id before it is first sent, and keeps it (P1).
 * - A group that has its id is sent as it was, however often (C3).
 */
import type { Database, DatabaseTransaction, Random } from '../../contract'
import { childrenFirst, coalesce } from '../../core/coalesce'
import { uuidFromBytes } from '../../core/uuid'
import type { Edit, Group } from '../../protocol/messages'
import type { GroupLimit, NextGroups } from '../device-store'

/** @param rank the place of an entity, by id, with parents before children */
export async function nextGroups(
  database: Database,
  random: Random,
  limit: GroupLimit,
  rank: (entity: string) => number,
): Promise<NextGroups> {
  return database.transaction(async (tx) => {
    await dropCancelled(tx)
    await sealGroups(tx, random, limit)
    // The window sums say how much comes before a group, so that the first group is always chosen.
    const rows = await tx.query(
      `with sized as (
         select group_id, min(seq) as first, count(*) as edits,
           sum(octet_length(set::text) + octet_length(was::text) + octet_length(key::text) + octet_length(coalesce(base, '')) + 100) as bytes
         from _syncline.edit where group_id is not null group by group_id order by first limit $1::int
       ), placed as (
         select group_id, first, sum(edits) over earlier as edits_before, sum(bytes) over earlier as bytes_before
         from sized window earlier as (order by first rows between unbounded preceding and 1 preceding)
       )
       select e.group_id, e.entity, e.op, e.key, e.set, e.was, e.base
       from placed join _syncline.edit e using (group_id)
       where coalesce(edits_before, 0) < $2::int and coalesce(bytes_before, 0) < $3::int
       order by placed.first, e.seq`,
      [limit.groups, limit.edits, limit.bytes],
    )
    const all = groupRows(rows as unknown as EditRow[], rank)
    const groups = all.filter((group) => group.edits.length > 0)

    // A group that takes back all that it did has nothing to say (C3).
    const empty = all.filter((group) => group.edits.length === 0).map((group) => group.id)
    if (empty.length > 0) {
      await tx.query('delete from _syncline.edit where group_id = any ($1::uuid[])', [empty])
      await dropIdleShadows(tx)
    }
    const [left] = await tx.query(
      `select exists (
         select 1 from _syncline.edit where seq <= $2::bigint and (group_id is null or group_id <> all ($1::uuid[]))) as more`,
      [groups.map((group) => group.id), limit.upTo],
    )
    return { groups, more: left?.more === true }
  })
}

/**
 * Gives the oldest local transactions that have none a random id; those that follow each other and wrote the same
 * rows share one, so that their edits are drawn together (C3).
 */
async function sealGroups(tx: DatabaseTransaction, random: Random, limit: GroupLimit): Promise<void> {
  const unsealed = await tx.query(
    `select xid::text as xid, jsonb_agg(distinct jsonb_build_array(entity, key))::text as rows
     from _syncline.edit where group_id is null and seq <= $2::bigint group by xid order by min(seq) limit $1::int`,
    [limit.groups, limit.upTo],
  )
  if (unsealed.length === 0) return
  const ids: string[] = []
  for (const [index, { rows }] of unsealed.entries()) {
    const shared = index > 0 && rows === unsealed[index - 1]?.rows ? ids.at(-1) : undefined
    ids.push(shared ?? uuidFromBytes(random.bytes(16)))
  }
  await tx.query(
    `update _syncline.edit e set group_id = t.id::uuid from unnest($1::text[], $2::text[]) as t(xid, id)
     where e.xid = t.xid::xid8 and e.group_id is null`,
    [unsealed.map((row) => row.xid), ids],
  )
}

/** Takes out rows that were created and deleted before anything of them was sent, unless other edits speak of their keys. */
async function dropCancelled(tx: DatabaseTransaction): Promise<void> {
  const cancelled = await tx.query(
    `select entity, key from _syncline.edit group by entity, key
     having bool_and(group_id is null) and (array_agg(op order by seq))[1] = 'create' and (array_agg(op order by seq desc))[1] = 'delete'
     order by min(seq) desc`,
  )
  // The youngest first: once a child is gone, nothing speaks of its parent any more.
  for (const { entity, key } of cancelled) {
    await tx.query(
      `delete from _syncline.edit where entity = $1 and key = $2::text[] and not exists (
         select 1 from _syncline.edit o where (o.entity <> $1 or o.key <> $2::text[]) and o.group_id is null
           and (o.key && $2::text[] or exists (select 1 from jsonb_each_text(o.set) v where v.value = any ($2::text[]))))`,
      [entity, key],
    )
  }
  if (cancelled.length > 0) await dropIdleShadows(tx)
}

/** Shadows of rows that have no edits any more. */
export async function dropIdleShadows(tx: Pick<Database, 'query'>): Promise<void> {
  await tx.query(
    'delete from _syncline.shadow h where not exists (select 1 from _syncline.edit e where e.entity = h.entity and e.key = h.key)',
  )
}

interface EditRow {
  readonly group_id: string
  readonly entity: string
  readonly op: Edit['op']
  readonly key: string[]
  readonly set: Record<string, string | null>
  readonly was: Record<string, string | null>
  readonly base: string | null
}

function groupRows(rows: readonly EditRow[], rank: (entity: string) => number): Group[] {
  const groups = new Map<string, Edit[]>()
  for (const row of rows) {
    const edits = groups.get(row.group_id) ?? []
    edits.push(toEdit(row))
    groups.set(row.group_id, edits)
  }
  return [...groups].map(([id, edits]) => ({ id, edits: childrenFirst(coalesce(edits), rank) }))
}

function toEdit({ op, entity, key, set, was, base }: EditRow): Edit {
  switch (op) {
    case 'create':
      return { op, entity, key, set }
    case 'update':
      return { op, entity, key, set, was, base }
    case 'delete':
      return { op, entity, key, base }
  }
}
