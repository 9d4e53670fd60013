/**
 * The values of an entity's attributes as SQL over the server's row `b`, whether they are columns or derived.
 *
 *   b ─ foreign key ─► j1 ─ foreign key ─► j2: j2's column, or null where the way ends
 */
import type { AttributeContract, JoinStep } from './bundle'
import { quoteName } from './sql-text'

/** What the wire carries of an attribute: an expression over the row `b`, in PostgreSQL's text form (V1). */
export function valueSql(attribute: AttributeContract | undefined): string {
  return `${expressionSql(attribute)}::text`
}

/** The value itself, of its own type. */
export function expressionSql(attribute: Pick<AttributeContract, 'column' | 'derived'> | undefined): string {
  const derived = attribute?.derived
  if (derived === undefined) return `b.${quoteName(attribute?.column ?? '')}`
  switch (derived.kind) {
    case 'computed':
      return `(${derived.sql}\n)`
    case 'joined': {
      const [first] = derived.path
      if (!first) throw new Error('The bundle is broken: an attribute is joined along no path. Compile it again.')
      const { from, last } = walk(derived.path)
      // A foreign key finds one row at most; one that is not enforced might find more.
      return `(select ${last}.${quoteName(derived.column)} from ${from} where ${matches(first, 'b', 'j1')} limit 1)`
    }
  }
}

function walk(path: readonly JoinStep[]): { readonly from: string; readonly last: string } {
  const [first, ...rest] = path
  const start = first ? `${tableName(first)} j1` : ''
  return {
    from: [start, ...rest.map((step, index) => joined(step, index + 1))].join(' '),
    last: aliasAt(path.length),
  }
}

/** The step after `place` others. */
export function joined(step: JoinStep, place: number): string {
  return `join ${tableName(step)} ${aliasAt(place + 1)} on ${matches(step, aliasAt(place), aliasAt(place + 1))}`
}

function matches({ columns, referencedColumns }: JoinStep, from: string, to: string): string {
  return columns
    .map((column, index) => `${to}.${quoteName(referencedColumns[index] ?? '')} = ${from}.${quoteName(column)}`)
    .join(' and ')
}

export function aliasAt(place: number): string {
  return place === 0 ? 'b' : `j${place}`
}

function tableName({ table }: JoinStep): string {
  return `${quoteName(table.schema)}.${quoteName(table.table)}`
}
