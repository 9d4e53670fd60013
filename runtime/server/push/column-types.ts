/**
 * The types of the server's columns, as casts: sets of values travel as arrays of text and become rows in the statement.
 *
 * They are the types without length or precision. A cast to those would cut a text that is too long; writing to the
 * column refuses it.
 */
import type { DatabaseTransaction } from '../../contract/api'
import { quoteName, quoteText } from '../../contract/sql-text'
import type { EntityPlan } from '../plan'

export interface ColumnTypes {
  /** Of an attribute; throws where the table has no such column. */
  readonly of: (plan: EntityPlan, attribute: string) => string
}

export async function readColumnTypes(tx: DatabaseTransaction, plans: readonly EntityPlan[]): Promise<ColumnTypes> {
  const bases = [...new Set(plans.map(({ base }) => base))]
  const rows = await tx.query(
    `select base, attname::text as name, format_type(atttypid, -1) as type
     from unnest($1::text[]) base join pg_attribute on attrelid = base::regclass and attnum > 0 and not attisdropped`,
    [bases],
  )
  const types = new Map(rows.map((row) => [JSON.stringify([row.base, row.name]), String(row.type)]))
  return {
    of: (plan, attribute) => {
      const column = plan.attributes.get(attribute)?.column ?? ''
      const type = types.get(JSON.stringify([plan.base, column]))
      if (type === undefined) throw new Error(`${plan.base} has no column ${quoteText(column)}.`)
      return type
    },
  }
}

/** Values as a row source `v`, with their place as `ord` from 0. */
export interface RowSource {
  readonly sql: string
  readonly params: readonly (readonly (string | null)[])[]
}

/** Columns of `v` are named by `columns`; `values[n]` are those of the n-th row. */
export function rowSource(
  columns: readonly string[],
  values: readonly (readonly (string | null)[])[],
  offset = 0,
): RowSource {
  const arrays = columns.map((_, index) => `$${offset + index + 1}::text[]`)
  return {
    sql: `unnest(${arrays.join(', ')}) with ordinality as v(${columns.join(', ')}, ord)`,
    params: columns.map((_, index) => values.map((row) => row[index] ?? null)),
  }
}

/** `alias."column" = v.name::type` for each attribute. */
export function matches(
  plan: EntityPlan,
  types: ColumnTypes,
  attributes: readonly string[],
  alias: string,
  names: readonly string[],
): string {
  return attributes
    .map((id, index) => {
      const column = quoteName(plan.attributes.get(id)?.column ?? '')
      return `${alias}.${column} = v.${names[index]}::${types.of(plan, id)}`
    })
    .join(' and ')
}
