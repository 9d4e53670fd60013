import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { acquireLock } from './lock'
import type { StorageSettings } from './settings'
import { StartError } from './start-error'

/** The tables of `tables.ts`, wherever they are kept. */
export type Database = PgDatabase<PgQueryResultHKT>

export interface OpenDatabase {
  readonly database: Database
  readonly close: () => Promise<void>
}

/**
 * Opens PostgreSQL where a URL is given, else PGlite in the folder, and brings the tables up to date.
 * Rejects with a StartError whose message can be shown as it is.
 */
export function openDatabase(settings: StorageSettings): Promise<OpenDatabase> {
  return settings.databaseUrl === null ? openEmbedded(settings) : openPostgres(settings, settings.databaseUrl)
}

async function openEmbedded(settings: StorageSettings): Promise<OpenDatabase> {
  const { directory } = settings
  const lock = await acquireLock(directory).catch((error: unknown) => {
    throw error instanceof StartError ? error : notWritable(directory, error)
  })
  const data = join(directory, 'db')
  let client: PGlite | undefined
  const close = async () => {
    await client?.close()
    await lock.release()
  }
  try {
    client = await PGlite.create(data)
    const database = drizzlePglite(client)
    await migratePglite(database, { migrationsFolder: settings.migrationsDirectory })
    return { database, close }
  } catch (error) {
    await close().catch(lock.release)
    throw new StartError(
      `The projects' database in ${data} can't be opened (${reason(error)}). ` +
        'It may have been damaged, or written by a newer Syncline. Move that folder away to start with an empty one, ' +
        'or put a copy of it back that worked.',
    )
  }
}

async function openPostgres(settings: StorageSettings, url: string): Promise<OpenDatabase> {
  try {
    const client = postgres(url, { max: 5, connect_timeout: 10, onnotice: () => undefined })
    try {
      const database = drizzlePostgres(client)
      await alone(client, () => migratePostgres(database, { migrationsFolder: settings.migrationsDirectory }))
      return { database, close: () => client.end({ timeout: 5 }) }
    } catch (error) {
      await client.end({ timeout: 1 })
      throw error
    }
  } catch (error) {
    throw new StartError(
      `The database that DATABASE_URL names can't be used (${reason(error)}). ` +
        'Check that it runs, that the address is right and that its user may create tables, ' +
        'or unset DATABASE_URL to keep projects in a folder.',
    )
  }
}

/** Any number; it keeps Synclines that start together from making the same tables. */
const MIGRATION_LOCK = 7_305_441_211

async function alone(client: postgres.Sql, work: () => Promise<void>): Promise<void> {
  const connection = await client.reserve()
  try {
    await connection`select pg_advisory_lock(${MIGRATION_LOCK})`
    await work()
    await connection`select pg_advisory_unlock(${MIGRATION_LOCK})`
  } finally {
    connection.release()
  }
}

/** The message for a folder in which nothing can be written. */
function notWritable(directory: string, error: unknown): StartError {
  return new StartError(
    `The folder ${directory} can't be written (${reason(error)}). ` +
      'Projects are kept there: make it writable, or set SYNCLINE_DIR to another folder.',
  )
}

/** The innermost cause says most: drizzle wraps the database's own error. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return reason(error.cause)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return error.message || code || error.name
}
