/**
 * The outbox on its way out: local transactions become groups with ids, the oldest first.
 *
 * Invariants
 * - A group gets its random id before it is first sent, and keeps it (P1).
 * - A group that has its id is sent as it was, however often (C3).
 */
import type { Database, Random } from '../../contract'
import { coalesce } from '../../core/coalesce'
import { uuidFromBytes } from '../../core/uuid'
import type { Edit, Group } from '../../protocol/messages'
import type { GroupLimit, NextGroups } from '../device-store'

export async function nextGroups(database: Database, random: Random, limit: GroupLimit): Promise<NextGroups> {
  return database.transaction(async (tx) => {
    const unsealed = await tx.query(
      'select xid::text as xid from _syncline.edit where group_id is null group by xid order by min(seq) limit $1::int',
      [limit.groups],
    )
    if (unsealed.length > 0) {
      await tx.query(
        `update _syncline.edit e set group_id = u.id from unnest($1::text[], $2::text[]) as t(xid, id)
           cross join lateral (select t.xid::xid8 as xid, t.id::uuid as id) u
         where e.xid = u.xid and e.group_id is null`,
        [unsealed.map((row) => row.xid), unsealed.map(() => uuidFromBytes(random.bytes(16)))],
      )
    }
    const rows = await tx.query(
      `with chosen as (
         select group_id, min(seq) as first from _syncline.edit where group_id is not null group by group_id order by first limit $1::int
       )
       select e.group_id, e.entity, e.op, e.key, e.set, e.was, e.base
       from chosen join _syncline.edit e using (group_id) order by chosen.first, e.seq`,
      [limit.groups],
    )
    const all = groupRows(rows as unknown as EditRow[])
    const groups = withinEdits(
      all.filter((group) => group.edits.length > 0),
      limit.edits,
    )

    // A group that takes back all that it did has nothing to say (C3).
    const empty = all.filter((group) => group.edits.length === 0).map((group) => group.id)
    if (empty.length > 0) {
      await tx.query('delete from _syncline.edit where group_id = any ($1::uuid[])', [empty])
      await dropIdleShadows(tx)
    }
    const [left] = await tx.query(
      'select exists (select 1 from _syncline.edit where group_id is null or group_id <> all ($1::uuid[])) as more',
      [groups.map((group) => group.id)],
    )
    return { groups, more: left?.more === true }
  })
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

function groupRows(rows: readonly EditRow[]): Group[] {
  const groups = new Map<string, Edit[]>()
  for (const row of rows) {
    const edits = groups.get(row.group_id) ?? []
    edits.push(toEdit(row))
    groups.set(row.group_id, edits)
  }
  return [...groups].map(([id, edits]) => ({ id, edits: coalesce(edits) }))
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

/** As many whole groups as fit, at least one. */
function withinEdits(groups: readonly Group[], limit: number): Group[] {
  const chosen: Group[] = []
  let edits = 0
  for (const group of groups) {
    if (chosen.length > 0 && edits + group.edits.length > limit) break
    chosen.push(group)
    edits += group.edits.length
  }
  return chosen
}
