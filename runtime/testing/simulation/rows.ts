/** Rows of a device and of the server, side by side: by entity, by key, each value as one text. */
import type { Row } from '../../contract/api'
import type { EntityContract } from '../../contract/bundle'
import { toText } from '../../storage/values'

/** Entity id, then key text, to row by attribute name. */
export type RowsByEntity = ReadonlyMap<string, ReadonlyMap<string, Row>>

export function rowsById(entity: EntityContract, rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [rowKey(entity, row), row]))
}

/** The key's values as one text. */
export function rowKey(entity: EntityContract, row: Row): string {
  return JSON.stringify(entity.key.map((id) => textOf(row[attributeName(entity, id)])))
}

export function attributeName(entity: EntityContract, id: string): string {
  const attribute = entity.attributes.find((one) => one.id === id)
  if (!attribute) throw new Error(`${entity.name} has no attribute ${id}.`)
  return attribute.name
}

/** A value as the API gives it, as text that is equal exactly where the values are. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'object' && !(value instanceof Uint8Array)) return JSON.stringify(value, canonical)
  return toText(value)
}

/** Objects with their keys in order, so that equal JSON has equal text. */
function canonical(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
