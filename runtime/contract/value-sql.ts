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

/** The value as it is synced, of the type that it has there. */
export function expressionSql(attribute: Pick<AttributeContract, 'column' | 'derived' | 'file'> | undefined): string {
  const derived = attribute?.derived
  if (derived === undefined) {
    const column = `b.${quoteName(attribute?.column ?? '')}`
    return attribute?.file === undefined ? column : `encode(sha256(${contentSql(column, attribute.file)}), 'hex')`
  }
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

/** The bytes of a file's column. */
export function contentSql(column: string, file: 'bytea' | 'text'): string {
  return file === 'bytea' ? column : `convert_to(${column}, 'UTF8')`
}

/** What the column gets where a name is written: the content that the user has uploaded, or the failure `NO_CONTENT`. */
export function writtenSql(user: string, name: string, file: 'bytea' | 'text'): string {
  const content = `syncline.file_content(${user}, ${name})`
  return file === 'bytea' ? content : `convert_from(${content}, 'UTF8')`
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
