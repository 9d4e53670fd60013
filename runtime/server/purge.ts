/**
 * Forgets what is older than the retention, and remembers up to where: a cursor from before that gets everything, an
 * edit from before it counts as made without having seen anything.
 *
 *   mark: (time, snapshot) of each purge ─► the youngest mark older than the retention ─► horizon = its xmin
 *
 * Invariants
 * - A transaction before a mark's xmin had ended when the mark was made, so it is older than the mark. Transactions have
 *   no times of their own; how well the retention is met depends on how often this runs.
 * - A log entry is dropped before its time only where a later entry of the same key stands for it: one from a transaction
 *   that began after the mark, so that whoever has not seen the first has not seen the second either. Where a log keeps
 *   images of rows (for scopes), each stands for another state and all stay.
 */
import type { Database, DatabaseTransaction } from '../contract/api'
import type { Bundle } from '../contract/bundle'
import { hasFiles } from '../contract/file-schema-sql'
import { type TrackedTable, trackedTables } from '../contract/tracked-tables'

/** Answers how many records went. */
export async function purge(database: Database, bundle: Bundle, retentionDays: number): Promise<number> {
  if (!(retentionDays >= 0)) throw new Error(`retentionDays is ${retentionDays}. Give a number of days, 0 or more.`)
  return database.transaction(async (tx) => {
    const age = `make_interval(secs => $1::float8)`
    const params = [retentionDays * 24 * 60 * 60]
    const [before] = await tx.query(
      'select pg_snapshot_xmin(snapshot)::text as xmin, pg_snapshot_xmax(snapshot)::text as xmax from syncline.mark order by at desc limit 1',
    )
    await tx.query('insert into syncline.mark default values')
    const [meta] = await tx.query(
      `update syncline.meta set horizon = greatest(horizon, coalesce((
         select pg_snapshot_xmin(snapshot) from syncline.mark where at <= clock_timestamp() - ${age} order by at desc limit 1
       ), '0')) returning horizon::text`,
      params,
    )
    const horizon = String(meta?.horizon)
    let removed = 0
    for (const table of trackedTables(bundle).values()) {
      removed += await count(tx, `delete from ${table.track} where xid < $1::xid8`, [horizon])
      if (before && table.scopeColumns.length === 0)
        removed += await count(tx, supersededSql(table), [before.xmin, before.xmax])
      if (table.written) removed += await count(tx, forgottenTimesSql(table.written), params)
    }
    removed += await count(tx, `delete from syncline.conflict where at < now() - ${age}`, params)
    // Keys before groups: both ask which groups of the device are its last.
    for (const table of ['key_map', 'push_group']) removed += await count(tx, answeredForSql(table, age), params)
    if (hasFiles(bundle)) {
      removed += await count(tx, `delete from syncline.file f where ${pastUse('f', age)}`, params)
      removed += await count(tx, `delete from syncline.file_part p where ${pastUse('p', age)}`, params)
    }
    // The youngest mark behind the horizon is needed for the next purge, those before it no longer.
    await tx.query(
      `delete from syncline.mark where at < (select max(at) from syncline.mark where at <= clock_timestamp() - ${age})`,
      params,
    )
    return removed
  })
}

/** Where other programs' and devices' entries count apart, each origin keeps its last. */
function supersededSql({ track, keyColumns }: TrackedTable): string {
  const keys = keyColumns.map((_, index) => `k${index + 1}`)
  const partition = [...keys, 'origin'].join(', ')
  return `delete from ${track} where ctid = any(array(
    select ctid from (
      select ctid, xid, max(xid) over (partition by ${partition}) as last from ${track}
    ) entries where xid < $1::xid8 and last >= $2::xid8
  ))`
}

/**
 * What a device may still ask about stays, however old: the groups of its last pushes, whose answer it may never have
 * heard (P1, K1). A later push shows that it heard the answers to those before; one that follows within the hour may be
 * a part of the same.
 */
function answeredForSql(table: string, age: string): string {
  return `delete from syncline.${table} r where at < now() - ${age} and exists (
    select from syncline.push_group later where later.device = r.device and later.at > r.at + interval '1 hour'
  )`
}

/** A device sends a content right before the edit that names it; after a day only the record of a conflict may still speak of it. */
function pastUse(alias: string, age: string): string {
  return `${alias}.at < now() - least(${age}, interval '1 day') and not exists (
    select from syncline.conflict c where c.user_name = ${alias}.user_name and strpos(c.local, ${alias}.name) > 0
  )`
}

/** A time of a write that is older than the retention decides nothing: no edit is older. */
function forgottenTimesSql(written: string): string {
  return `delete from ${written} w where not exists (
    select from jsonb_each_text(w.at) as stamp (name, ms)
    where ms::numeric >= extract(epoch from now() - make_interval(secs => $1::float8)) * 1000
  )`
}

async function count(tx: DatabaseTransaction, sql: string, params: readonly unknown[]): Promise<number> {
  const [row] = await tx.query(`with gone as (${sql} returning 1) select count(*)::int as rows from gone`, params)
  return Number(row?.rows)
}
