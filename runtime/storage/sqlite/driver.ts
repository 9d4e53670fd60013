/**
 * SQLite as the store uses it, so that the build for Node and the one for browsers are one thing to it. Calls are
 * synchronous: nothing else runs in the connection between two of them.
 */

export type SqliteValue = string | number | bigint | Uint8Array | null
/** By place for `?`, by number for `$1`. */
export type SqliteParameters = readonly SqliteValue[] | { readonly [number: string]: SqliteValue }

export interface SqliteStatement {
  /** The declared type is that of the table's column; null where the column is computed. */
  readonly columns: () => readonly { readonly name: string; readonly type: string | null }[]
  readonly run: (parameters: SqliteParameters) => void
  /** Whole numbers beyond 2^53 are bigint. */
  readonly all: (parameters: SqliteParameters) => SqliteValue[][]
  readonly finish: () => void
}

export interface SqliteDriver {
  /** Runs several statements without parameters. */
  readonly execute: (script: string) => void
  /** Of one statement; answers null where the text holds none. */
  readonly prepare: (text: string) => SqliteStatement | null
  /** Makes a function that SQL can call; it is not taken to answer the same twice. */
  readonly defineFunction: (name: string, argumentCount: number, fn: (...values: SqliteValue[]) => SqliteValue) => void
  readonly close: () => void
}
