/** SQLite in Node: better-sqlite3, a peer that is loaded when a database is opened. */
import type { SqliteDriver, SqliteParameters, SqliteStatement, SqliteValue } from './driver'

/** @param path of a file, or `:memory:` */
export async function openNodeDriver(path: string): Promise<SqliteDriver> {
  const { default: Database } = await import('better-sqlite3').catch((error: unknown) => {
    throw new Error(
      `SQLite could not be loaded: ${error instanceof Error ? error.message : String(error)} Install better-sqlite3 beside the bundle.`,
    )
  })
  const database = new Database(path)
  return {
    execute: (script) => void database.exec(script),
    prepare: (text) => {
      const statement = database.prepare<[SqliteParameters]>(text)
      // Asked once: asking costs about as much as running a small statement.
      const isReader = statement.reader
      // bigint and safe at once costs a little; numbers that a double can't hold would be wrong otherwise (V1).
      if (isReader) statement.raw(true).safeIntegers(true)
      return {
        columns: () => (isReader ? statement.columns() : []),
        run: (parameters) => {
          if (isReader) statement.all(parameters)
          else statement.run(parameters)
        },
        all: (parameters) => {
          if (isReader) return (statement.all(parameters) as SqliteValue[][]).map(withNumbers)
          statement.run(parameters)
          return []
        },
        finish: () => undefined,
      } satisfies SqliteStatement
    },
    defineFunction: (name, argumentCount, fn) => {
      // The number of arguments is read off the function, which takes any number.
      const counted = Object.defineProperty((...values: SqliteValue[]) => fn(...values), 'length', {
        value: argumentCount,
      })
      database.function(name, counted)
    },
    close: () => void database.close(),
  }
}

function withNumbers(row: SqliteValue[]): SqliteValue[] {
  for (let index = 0; index < row.length; index += 1) {
    const value = row[index]
    if (typeof value === 'bigint' && value >= MIN_SAFE && value <= MAX_SAFE) row[index] = Number(value)
  }
  return row
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER)
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
