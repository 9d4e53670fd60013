/** How a value is shown in a cell, and what an editor's text means for a column. */
import type { ColumnShape } from '../../device/messages'
import type { CellText } from './row-sql'

export type CellKind = 'text' | 'number' | 'boolean' | 'choice' | 'other'

export function cellKind(column: ColumnShape): CellKind {
  if (column.values !== null) return 'choice'
  const type = column.type.replace(/\(.*/, '')
  if (/\[\]$/.test(type)) return 'other'
  if (/^(smallint|integer|bigint|numeric|real|double precision|money)/.test(type)) return 'number'
  if (/^(text|character|character varying|varchar|bpchar|citext|name)/.test(type)) return 'text'
  return type === 'boolean' ? 'boolean' : 'other'
}

/**
 * An emptied field is the empty string where the column holds text. No other type has an empty value, so
 * there it means null; whether null is allowed the database says.
 */
export function editedValue(column: ColumnShape, text: string): CellText {
  return text === '' && cellKind(column) !== 'text' ? null : text
}

/**
 * Whether what was typed for a file leaves it as it is: nothing, or the name that the cell shows. A name is no
 * content that anybody means to write, and somebody who pastes it back wants what was there.
 */
export function keepsFile(name: CellText, typed: CellText): boolean {
  if (typed === null) return name === null
  return typed === '' || typed.trim().toLowerCase() === name
}

/** What a choice offers besides null. */
export function choicesOf(column: ColumnShape): readonly string[] {
  return column.values ?? (cellKind(column) === 'boolean' ? ['true', 'false'] : [])
}

/** A type's name as people write it in SQL, without its length. */
export function shortType(type: string): string {
  const plain = type.replace(/\(.*?\)/, '')
  const zone = /^(time|timestamp) (with|without) time zone(.*)$/.exec(plain)
  if (zone) return `${zone[1]}${zone[2] === 'with' ? 'tz' : ''}${zone[3]}`
  const long = Object.keys(SHORT_TYPES).find((name) => plain === name || plain === `${name}[]`)
  return long === undefined ? plain : plain.replace(long, SHORT_TYPES[long] ?? long)
}

const SHORT_TYPES: Readonly<Record<string, string>> = {
  'character varying': 'varchar',
  character: 'char',
  'double precision': 'float8',
}
