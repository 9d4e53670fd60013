/**
 * SQLite in browsers: the official WASM build, a peer that is loaded when a database is opened.
 *
 *   opfs://name   files of the origin, through the pool of access handles; in a worker only, one at a time
 *   memory://     gone with the page
 *
 * Invariant: data is never removed because a place could not be opened, for instance while another tab has it open.
 */
import type { Database, PreparedStatement, SAHPoolUtil, Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import type { SqliteDriver, SqliteParameters, SqliteValue } from './driver'

export async function openWasmDriver(target: string): Promise<SqliteDriver> {
  const { default: init } = await import('@sqlite.org/sqlite-wasm').catch((error: unknown) => {
    throw new Error(
      `SQLite could not be loaded: ${error instanceof Error ? error.message : String(error)} Install @sqlite.org/sqlite-wasm beside the bundle.`,
    )
  })
  const sqlite = await init()
  // It would write each refused statement to the console, beside the error that it throws.
  sqlite.config.warn = () => undefined
  if (!target.startsWith('opfs://')) return driverOf(sqlite, new sqlite.oo1.DB(':memory:'), () => undefined)
  const pool = await openPool(sqlite, target)
  const driver = driverOf(sqlite, new pool.OpfsSAHPoolDb('/device.sqlite'), () => void pool.pauseVfs())
  // One connection alone has the files, so that a rollback journal does; each commit is on the disk before it is answered.
  driver.execute('pragma journal_mode = truncate; pragma synchronous = full')
  return driver
}

async function openPool(sqlite: Sqlite3Static, target: string): Promise<SAHPoolUtil> {
  const name = `syncline-${target.slice('opfs://'.length)}`
  try {
    const options = {
      name,
      directory: `.${name.replaceAll('/', '-')}`,
      // Else the build would take the data for broken where another tab has it open, and remove it.
      preserveOnInitFailure: true,
      // The build remembers a failure; the other tab may be closed by now. Its types don't have this option.
      forceReinitIfPreviouslyFailed: true,
    }
    const pool = await sqlite.installOpfsSAHPoolVfs(options)
    // Closed before in this worker: its handles are taken anew.
    if (pool.isPaused()) await pool.unpauseVfs()
    return pool
  } catch (error) {
    throw new Error(
      `${target} could not be opened: ${error instanceof Error ? error.message : String(error)} ` +
        'It can be open in one worker at a time; close the other tab, or open the device in a worker.',
    )
  }
}

function driverOf(sqlite: Sqlite3Static, database: Database, afterClose: () => void): SqliteDriver {
  return {
    execute: (script) => void database.exec(script),
    prepare: (text) => {
      if (text.trim() === '') return null
      const statement = database.prepare(text)
      const step = (parameters: SqliteParameters) => {
        bind(sqlite, statement, parameters)
        const rows: SqliteValue[][] = []
        while (statement.step()) rows.push(statement.get([]) as SqliteValue[])
        return rows
      }
      const all = (parameters: SqliteParameters) => {
        try {
          return step(parameters)
        } finally {
          statement.reset(true)
        }
      }
      return {
        columns: () =>
          Array.from({ length: statement.columnCount }, (_, index) => ({
            name: statement.getColumnName(index) ?? '',
            type:
              statement.pointer === undefined ? null : sqlite.capi.sqlite3_column_decltype(statement.pointer, index),
          })),
        run: (parameters) => void all(parameters),
        all,
        finish: () => void statement.finalize(),
      }
    },
    defineFunction: (name, argumentCount, fn) =>
      void database.createFunction({
        name,
        xFunc: (_context: number, ...values: unknown[]) => fn(...(values as SqliteValue[])),
        arity: argumentCount,
      }),
    close: () => {
      database.close()
      afterClose()
    },
  }
}

/** By number: the build wants the names that the query has, and no others. */
function bind(sqlite: Sqlite3Static, statement: PreparedStatement, parameters: SqliteParameters): void {
  if (Array.isArray(parameters)) {
    if (parameters.length > 0) statement.bind([...(parameters as readonly SqliteValue[])])
    return
  }
  const { pointer } = statement
  if (pointer === undefined) return
  for (let index = 1; index <= statement.parameterCount; index += 1) {
    const name = sqlite.capi.sqlite3_bind_parameter_name(pointer, index)?.slice(1) ?? ''
    const value = (parameters as { readonly [number: string]: SqliteValue })[name]
    if (value === undefined) throw new Error(`The query has a parameter $${name}, and no value was given for it.`)
    statement.bind(index, value)
  }
}
