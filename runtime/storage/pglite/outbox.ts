/** The outbox on PGlite: the table `_syncline.edit`, as `SyncTransaction` has it. */
import type { Key, RowRef, StoredEdit, SyncTransaction } from '../../contract'
import type { PGliteTransaction } from './database'

type Outbox = Pick<
  SyncTransaction,
  | 'addEdits'
  | 'unsealed'
  | 'seal'
  | 'sealed'
  | 'cancelled'
  | 'mentioned'
  | 'editsOfGroups'
  | 'editsOfRows'
  | 'removeEdits'
  | 'parkEdits'
  | 'hasMore'
>

/** Rows of the JSON in $1, one [entity, key] each. */
const ROWS = `rows as materialized (
  select r ->> 0 as entity, array(select jsonb_array_elements_text(r -> 1)) as key, r -> 2 as more from jsonb_array_elements($1::jsonb) r
)`
const EDIT =
  'e.seq, e.transaction, e.group_id, e.entity, e.op, e.key, e.set, e.was, e.base, e.at, e.resolves, e.parked_by'
const IS_UNSEALED = 'group_id is null and parked_by is null'
/**
 * The same, not as the partial index has it. Nothing analyzes a device's tables, and PostgreSQL takes nulls for rare: it
 * would rather walk that index for each row of a join than find the few rows by their transaction.
 */
const IS_UNSEALED_HERE = 'coalesce(e.group_id::text, e.parked_by) is null'

export function outboxOn(tx: PGliteTransaction): Outbox {
  return {
    addEdits: async (edits) => {
      if (edits.length === 0) return
      await tx.query(
        `insert into _syncline.shadow (entity, key, image)
           select e ->> 'entity', array(select jsonb_array_elements_text(e -> 'key')), nullif(e -> 'shadow', 'null') from jsonb_array_elements($1::jsonb) e
         on conflict do nothing`,
        [JSON.stringify(edits)],
      )
      // No transaction's own id ends so, and each call is a transaction of its own.
      await tx.query(
        `with made as materialized (select pg_current_xact_id() || '-' || nextval('_syncline.new_key') as transaction)
         insert into _syncline.edit (transaction, entity, op, key, set, was, base, at, resolves)
           select made.transaction, e ->> 'entity', e ->> 'op', array(select jsonb_array_elements_text(e -> 'key')),
             e -> 'set', e -> 'was', e ->> 'base', (e ->> 'at')::bigint, e ->> 'resolves'
           from made cross join jsonb_array_elements($1::jsonb) with ordinality as l(e, place) order by place`,
        [JSON.stringify(edits)],
      )
    },

    unsealed: async (upTo, limit) => {
      // The edits of a transaction follow each other, so that the first few hold the oldest transactions.
      const rows = await tx.query(
        `with oldest as (
           select distinct transaction from (
             select transaction from _syncline.edit where ${IS_UNSEALED} and seq <= $1::bigint order by seq limit $2::int * 3
           ) first
         )
         select e.transaction, jsonb_agg(distinct jsonb_build_array(e.entity, e.key)) as rows
         from oldest join _syncline.edit e using (transaction) where ${IS_UNSEALED_HERE}
         group by e.transaction order by min(e.seq) limit $2::int`,
        [upTo, limit],
      )
      return (rows as unknown as { transaction: string; rows: [string, Key][] }[]).map((row) => ({
        transaction: row.transaction,
        rows: row.rows.map(([entity, key]) => ({ entity, key })),
      }))
    },

    seal: async (groupOfTransaction) => {
      if (groupOfTransaction.size === 0) return
      await tx.query(
        `update _syncline.edit e set group_id = t.id::uuid from unnest($1::text[], $2::text[]) as t(transaction, id)
         where e.transaction = t.transaction and ${IS_UNSEALED_HERE}`,
        [[...groupOfTransaction.keys()], [...groupOfTransaction.values()]],
      )
    },

    sealed: async (limit) =>
      // The window sums say how much comes before a group, so that the first group is always chosen.
      storedEdits(
        await tx.query(
          `with sized as (
             select group_id, min(seq) as first, count(*) as edits,
               sum(octet_length(set::text) + octet_length(was::text) + octet_length(key::text) + octet_length(coalesce(base, '')) + 100) as bytes
             from _syncline.edit where group_id is not null group by group_id order by first limit $1::int
           ), placed as (
             select group_id, first, sum(edits) over earlier as edits_before, sum(bytes) over earlier as bytes_before
             from sized window earlier as (order by first rows between unbounded preceding and 1 preceding)
           )
           select ${EDIT} from placed join _syncline.edit e using (group_id)
           where coalesce(edits_before, 0) < $2::int and coalesce(bytes_before, 0) < $3::int
           order by placed.first, e.seq`,
          [limit.groups, limit.edits, limit.bytes],
        ),
      ),

    cancelled: async () =>
      rowRefs(
        await tx.query(
          `select entity, key from _syncline.edit e join (
             select distinct entity, key from _syncline.edit where op = 'delete' and ${IS_UNSEALED}
           ) deleted using (entity, key)
           group by entity, key
           having bool_and(${IS_UNSEALED}) and (array_agg(op order by seq))[1] = 'create' and (array_agg(op order by seq desc))[1] = 'delete'
           order by min(seq) desc`,
        ),
      ),

    mentioned: async (rows) =>
      rows.length === 0
        ? []
        : rowRefs(
            await tx.query(
              `with ${ROWS}, said as materialized (
                 select distinct v.value from _syncline.edit e
                 cross join lateral (select unnest(e.key) as value union all select s.value from jsonb_each_text(e.set) s) v
                 where e.group_id is null and v.value in (select unnest(key) from rows)
                   and not exists (select 1 from rows r where r.entity = e.entity and r.key = e.key)
               )
               select entity, key from rows where key && array(select value from said)`,
              [rowsJson(rows)],
            ),
          ),

    editsOfGroups: async (groups) =>
      storedEdits(
        await tx.query(`select ${EDIT} from _syncline.edit e where e.group_id = any ($1::uuid[]) order by e.seq`, [
          groups,
        ]),
      ),

    editsOfRows: async (rows) =>
      rows.length === 0
        ? []
        : storedEdits(
            await tx.query(
              `with ${ROWS} select ${EDIT} from rows join _syncline.edit e using (entity, key) order by e.seq`,
              [rowsJson(rows)],
            ),
          ),

    removeEdits: async (seqs) => {
      if (seqs.length === 0) return
      await tx.query(
        `with removed as (delete from _syncline.edit where seq = any ($1::bigint[]) returning entity, key)
         delete from _syncline.shadow h using (select distinct entity, key from removed) r
         where h.entity = r.entity and h.key = r.key and not exists (
           select 1 from _syncline.edit e where e.entity = r.entity and e.key = r.key and e.seq <> all ($1::bigint[]))`,
        [seqs],
      )
    },

    parkEdits: async (rows, groups) => {
      if (rows.length === 0) return
      await tx.query(
        `with ${ROWS} update _syncline.edit e set parked_by = r.more #>> '{}', group_id = null from rows r
         where e.entity = r.entity and e.key = r.key and (e.group_id is null or e.group_id = any ($2::uuid[]))`,
        [JSON.stringify(rows.map(({ entity, key, conflict }) => [entity, key, conflict])), groups],
      )
    },

    hasMore: async (exceptGroups, upTo, onlySealed) => {
      const [row] = await tx.query(
        `select exists (select 1 from _syncline.edit where group_id is not null and group_id <> all ($1::uuid[]))
           or (not $3::boolean and exists (select 1 from _syncline.edit where ${IS_UNSEALED} and seq <= $2::bigint)) as more`,
        [exceptGroups, upTo, onlySealed],
      )
      return row?.more === true
    },
  }
}

function rowsJson(rows: readonly RowRef[]): string {
  return JSON.stringify(rows.map(({ entity, key }) => [entity, key]))
}

function rowRefs(rows: readonly object[]): RowRef[] {
  return rows as RowRef[]
}

function storedEdits(rows: readonly object[]): StoredEdit[] {
  return (rows as EditRow[]).map(({ group_id, parked_by, seq, at, ...edit }) => ({
    ...edit,
    seq: Number(seq),
    at: Number(at),
    group: group_id,
    parkedBy: parked_by,
  }))
}

interface EditRow extends Omit<StoredEdit, 'group' | 'parkedBy'> {
  readonly group_id: string | null
  readonly parked_by: string | null
}
