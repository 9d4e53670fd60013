/**
 * The rows whose derived values changed although they themselves did not (`contract/value-sql` has the values).
 *
 *   log of j2 ─► its changed keys ─► j1 ─► the keys of b
 *
 * Invariants
 * - What a row leads to is found by the columns of the row before it. Where those hold the key that the log has, a row that
 *   is gone still reaches those that refer to it; elsewhere the foreign key sees to it that they change with it.
 * - A row whose reference changed, on the way as well, is in a log itself.
 * - A path is followed once however many attributes take it, and a part of a path only as far as it goes (L10).
 */
import type { EntityContract, JoinStep } from '../../contract/bundle'
import { quoteName } from '../../contract/sql-text'
import type { TrackedTable } from '../../contract/tracked-tables'
import { aliasAt, joined } from '../../contract/value-sql'

/** A way from an entity's rows to a table whose changes are tracked by key. */
export interface Join {
  readonly steps: readonly JoinStep[]
  /** The table at its end. */
  readonly table: TrackedTable
}

/** The ways to the tables that the entity's values are read from; those to a table without a key are not among them. */
export function joinsOf({ attributes }: EntityContract, tables: ReadonlyMap<string, TrackedTable>): Join[] {
  const joins = new Map<string, Join>()
  for (const { derived } of attributes) {
    if (derived?.kind !== 'joined') continue
    derived.path.forEach((step, index) => {
      const table = tables.get(step.table.id)
      const steps = derived.path.slice(0, index + 1)
      if (table && table.keyColumns.length > 0) joins.set(nameOf(steps), { steps, table })
    })
  }
  return [...joins.values()]
}

/** The tables on the entity's paths that have no key: it is known that they changed, and not what. */
export function keylessTables(
  { attributes }: EntityContract,
  tables: ReadonlyMap<string, TrackedTable>,
): TrackedTable[] {
  const steps = attributes.flatMap(({ derived }) => (derived?.kind === 'joined' ? derived.path : []))
  return steps.flatMap(({ table }) => tables.get(table.id) ?? []).filter(({ keyColumns }) => keyColumns.length === 0)
}

/**
 * Keys of the rows of `base` that lead to a row of the join's table that changed, under the names that `slots` gives
 * them; `changed` is a condition over the log `l`.
 */
export function reachedSql(
  base: string,
  keys: readonly { readonly column: string; readonly slot: string }[],
  { steps, table }: Join,
  changed: string,
): string {
  const before = steps.slice(0, -1)
  const last = steps.at(-1)
  if (!last) return ''
  const log = `(select distinct ${table.keyColumns.map((_, index) => `l.k${index + 1}`).join(', ')} from ${table.track} l where ${changed})`
  const joins = before.map((step, index) => joined(step, index))
  // Where the reference is to the key that the log has, the row itself need not be there.
  const slots = last.referencedColumns.map((column) => table.keyColumns.indexOf(column))
  const isByKey = slots.length === table.keyColumns.length && !slots.includes(-1)
  const from = aliasAt(steps.length - 1)
  if (isByKey) {
    const same = last.columns.map((column, index) => `${from}.${quoteName(column)} = c.k${(slots[index] ?? 0) + 1}`)
    joins.push(`join ${log} c on ${same.join(' and ')}`)
  } else {
    const to = aliasAt(steps.length)
    const same = table.keyColumns.map((column, index) => `${to}.${quoteName(column)} = c.k${index + 1}`)
    joins.push(joined(last, steps.length - 1), `join ${log} c on ${same.join(' and ')}`)
  }
  return `select ${keys.map(({ column, slot }) => `b.${column} as ${slot}`).join(', ')} from ${base} b ${joins.join(' ')}`
}

function nameOf(steps: readonly JoinStep[]): string {
  return JSON.stringify(steps.map(({ table, columns, referencedColumns }) => [table.id, columns, referencedColumns]))
}
