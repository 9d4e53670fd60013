/**
 * Values and rows as the API gives and takes them. Types only; a copy of this file travels in every exported bundle.
 */

/**
 * A value as the API gives it. Exactness comes first: what JavaScript can't hold is a string in
 * PostgreSQL's text form (numeric, dates, times, intervals, ranges), and an int8 beyond 2^53 a bigint.
 * JSON is parsed, so numbers in it are JavaScript's; where they must stay exact, select the column as text.
 * As a parameter of plain SQL a string is PostgreSQL's text form, for JSON columns too; entity actions take JSON values.
 */
export type Value = string | number | bigint | boolean | null | Uint8Array | JsonValue | readonly Value[]
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }
export type Row = { readonly [column: string]: Value }
/** What may be written: values, and dates as a convenience. */
export type Input = { readonly [column: string]: Value | Date | undefined }
/** The key's value, or for a composite key an object of its attributes. */
export type KeyInput = Value | Input

export interface ListOptions<RowType = Row> {
  /** Equality on each given attribute; null means "is null". */
  readonly where?: Partial<RowType>
  /** Attribute, or attribute and `desc`; the key follows, so that the order is always total. */
  readonly orderBy?: (keyof RowType & string) | readonly [keyof RowType & string, 'asc' | 'desc']
  readonly limit?: number
  readonly offset?: number
}
