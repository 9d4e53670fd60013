/**
 * Which tables have changes that tracking may miss: a trigger that is gone or switched off, a partition that was added
 * since the last install, a table that was never installed (L12).
 */
import type { Database } from '../contract/api'
import type { Bundle } from '../contract/bundle'
import { quoteText } from '../contract/sql-text'
import { trackedTables } from '../contract/tracked-tables'
import { TRIGGERS } from '../contract/tracking-sql'

/** `schema.table` of each, with what to do: run install again. */
export async function trackingGaps(database: Pick<Database, 'query'>, bundle: Bundle): Promise<string[]> {
  const tables = [...trackedTables(bundle).values()]
  if (tables.length === 0) return []
  const rows = await database.query(
    `select distinct coalesce(m.relid::regclass::text, w.base) as name
     from unnest($1::text[], $2::text[]) as w (id, base)
     cross join lateral (select to_regclass(w.base) as relid union select relid from pg_partition_tree(to_regclass(w.base))) m
     where not exists (select from syncline.tracked t where t.id = w.id) or (
       select count(*) from pg_trigger t
       where t.tgrelid = m.relid and t.tgname in (${TRIGGERS.map(quoteText).join(', ')}) and t.tgenabled in ('O', 'A')
     ) < ${TRIGGERS.length}
     order by 1`,
    [tables.map(({ id }) => id), tables.map(({ base }) => base)],
  )
  return rows.map(({ name }) => String(name))
}
