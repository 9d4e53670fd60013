/**
 * A delta of few rows, read by the one statement that also reads the moment: one snapshot without a transaction, and a
 * plan that is kept, where COPY would be planned anew each time.
 *
 *   log, in the order of its index ─► at most so many entries ─► their keys ─► the row by its key, if it is in scope
 *
 * Invariants
 * - It gives what the walk over pages would give (`chunk-sql`), or null where there is more than fits.
 * - Its text depends on the entity alone, so that a connection prepares it once; all else is a parameter.
 * - Every row is looked up by its key, whatever the planner thinks of the sizes of tables that nobody analyzed.
 */
import { quoteName } from '../../contract/sql-text'
import { valueSql } from '../../contract/value-sql'
import { formatCopyText } from '../../core/copy-text'
import type { PageEntity, PullRequest } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import { scopeTest } from '../scope'
import { wasThere } from './chunk-sql'
import { unseenSql } from './moment'

/** Entries of the log of one entity; a larger delta is worth its transaction. */
const MOST_ENTRIES = 500

/** Whether the entity's delta depends on nothing but its log, its rows and the session, as long as no other table changed. */
export function hasSmallDelta({ entity, chosenBy, keyColumns, joins, table }: EntityPlan): boolean {
  if (joins.some((join) => join.table.id === table.id)) return false
  return chosenBy === null && entity.scope.read?.readsTime !== true && keyColumns.length > 0
}

/**
 * An expression that gives JSON, all of it texts: for each changed key the key, whether its row is in scope, whether it
 * was, and the values. Null where there are too many. `snapshot` is an expression; `session` is what `sessionSource` makes, if there is one.
 */
export function smallDeltaSql(plan: EntityPlan, snapshot: string, session: string): string {
  const { entity, track, base, trackColumns, keyColumns, table } = plan
  const rule = scopeTest(plan, 'read')
  const scoped = rule === null ? '' : ` cross join ${session}`
  const image = table.scopeColumns.map((column, index) => `l.c${index + 1} as ${quoteName(column)}`).join(', ')
  const wasInScope = `exists (select from (select ${image}) b${scoped} where ${rule})`
  const keys = trackColumns.join(', ')
  const values = entity.attributes.map((attribute, index) => `${valueSql(attribute)} as v${index}`).join(', ')
  const shown = [
    ...trackColumns.map((column) => `t.${column}::text`),
    'r.there::text',
    't.left_scope::text',
    ...entity.attributes.map((_, index) => `r.v${index}`),
  ]
  const same = keyColumns.map((column, index) => `b.${column} = t.${trackColumns[index]}`).join(' and ')
  return `(
    with l as materialized (
      select * from ${track} l where ${unseenSql('l.xid', snapshot)} order by l.xid limit ${MOST_ENTRIES + 1}
    )
    select case when (select count(*) from l) <= ${MOST_ENTRIES} then coalesce(array_to_json(array_agg(array[${shown.join(', ')}] order by ${trackColumns.map((column) => `t.${column}`).join(', ')})), '[]')::text end
    from (
      select ${keys}, ${rule === null ? 'true' : `bool_or(${wasThere(plan)}${wasInScope})`} as left_scope
      from l where (select count(*) from l) <= ${MOST_ENTRIES} group by ${keys}
    ) t
    left join lateral (
      select true as there, ${values} from ${base} b${scoped} where ${same}${rule === null ? '' : ` and ${rule}`} limit 1
    ) r on true
  )`
}

/** What the expression gave, as part of a page; null where that part would be empty. */
export function toPageEntity(plan: EntityPlan, { attributes }: PullRequest, json: string): PageEntity | null {
  const keyLength = plan.trackColumns.length
  const ids = plan.entity.attributes.map(({ id }) => id)
  const places = attributes.map((id) => keyLength + 2 + ids.indexOf(id))
  const found = JSON.parse(json) as readonly (readonly (string | null)[])[]
  const rows = found
    .filter((each) => each[keyLength] === 'true')
    .map((each) => places.map((place) => each[place] ?? null))
  const deleted = found
    .filter((each) => each[keyLength] !== 'true' && each[keyLength + 1] === 'true')
    .map((each) => each.slice(0, keyLength).map((value) => value ?? ''))
  if (rows.length === 0 && deleted.length === 0) return null
  return { entity: plan.entity.id, full: false, rows: formatCopyText(rows), rowCount: rows.length, deleted }
}
