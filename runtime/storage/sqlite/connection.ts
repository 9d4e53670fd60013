/**
 * One connection: prepared statements kept by their text, and transactions one after the other.
 *
 * Invariant: foreign keys are off exactly during a transaction of the sync. SQLite switches them only between
 * transactions, so a connection runs one at a time.
 */
import { createSerial } from '../serial'
import type { SqliteDriver, SqliteParameters, SqliteStatement, SqliteValue } from './driver'

export interface Connection {
  readonly driver: SqliteDriver
  readonly run: (text: string, parameters?: SqliteParameters) => void
  readonly all: (text: string, parameters?: SqliteParameters) => SqliteValue[][]
  /** The first row's first value. */
  readonly one: (text: string, parameters?: SqliteParameters) => SqliteValue | undefined
  readonly statement: (text: string) => SqliteStatement
  readonly transaction: <T>(kind: 'local' | 'sync', fn: () => Promise<T>) => Promise<T>
  /** Runs when no transaction does. */
  readonly alone: <T>(fn: () => T) => Promise<T>
  readonly close: () => Promise<void>
}

/** The app's own statements are many and different; those that were not used for long are prepared again. */
const MOST_STATEMENTS = 200

export function connectionOn(driver: SqliteDriver): Connection {
  const serial = createSerial()
  const statements = new Map<string, SqliteStatement>()
  let isClosed = false
  driver.execute('pragma recursive_triggers = on; pragma trusted_schema = on; pragma foreign_keys = on;')

  const statement = (text: string): SqliteStatement => {
    const known = statements.get(text)
    if (known) {
      statements.delete(text)
      statements.set(text, known)
      return known
    }
    const made = driver.prepare(text)
    if (!made) throw new Error('The query holds no statement. Write one.')
    statements.set(text, made)
    const [oldest] = statements.size > MOST_STATEMENTS ? statements : []
    if (oldest) {
      oldest[1].finish()
      statements.delete(oldest[0])
    }
    return made
  }
  const assertOpen = () => {
    if (isClosed) throw new Error('This database was closed. Open it again to go on.')
  }
  const all = (text: string, parameters: SqliteParameters = []) => statement(text).all(parameters)

  return {
    driver,
    statement,
    all,
    run: (text, parameters = []) => statement(text).run(parameters),
    one: (text, parameters) => all(text, parameters)[0]?.[0],
    transaction: (kind, fn) =>
      serial(async () => {
        assertOpen()
        if (kind === 'sync') driver.execute('pragma foreign_keys = off')
        try {
          begin(driver)
          try {
            const result = await fn()
            driver.execute('commit')
            return result
          } catch (error) {
            rollBack(driver)
            throw error
          }
        } finally {
          if (kind === 'sync') driver.execute('pragma foreign_keys = on')
        }
      }),
    alone: (fn) =>
      serial(async () => {
        assertOpen()
        return fn()
      }),
    close: () =>
      serial(async () => {
        if (isClosed) return
        isClosed = true
        for (const kept of statements.values()) kept.finish()
        statements.clear()
        driver.close()
      }),
  }
}

/** Whether somebody else holds what is asked for. */
export function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}

/** What is said while a program beside the device holds the file: of that one no lock is asked. */
export function heldElsewhere(cause: unknown): Error {
  return new Error(
    "Another program holds this device's database in a transaction of its own, and did not let go of it in time. Nothing was done; end that transaction, and try again.",
    { cause },
  )
}

function begin(driver: SqliteDriver): void {
  try {
    driver.execute('begin immediate')
  } catch (cause) {
    throw isBusy(cause) ? heldElsewhere(cause) : cause
  }
}

/** Some errors have rolled the transaction back already. */
function rollBack(driver: SqliteDriver): void {
  try {
    driver.execute('rollback')
  } catch {
    // There is nothing left to undo.
  }
}
