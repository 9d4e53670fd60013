import { cwd } from 'node:process'
import { type Application, createApplication } from './application'
import { type OpenDatabase, openDatabase } from './database'
import { storageSettings } from './settings'

/**
 * One application for the process. Next gives each route its own copy of every module, while the
 * embedded database can be opened only once, so what is shared hangs on the global object.
 */
interface Shared {
  /** Put here by the start command, which opens the database before it serves. */
  database?: Promise<OpenDatabase>
  application?: Promise<Application>
}

const KEY = Symbol.for('syncline.process')

function shared(): Shared {
  const holder = globalThis as { [KEY]?: Shared }
  holder[KEY] ??= {}
  return holder[KEY]
}

/** Hands over a database that is open already. */
export function provideDatabase(opened: OpenDatabase): void {
  shared().database = Promise.resolve(opened)
}

export function processApplication(): Promise<Application> {
  const own = shared()
  own.application ??= open(own).catch((error: unknown) => {
    // The next request tries again: the cause may be gone by then.
    own.application = undefined
    own.database = undefined
    throw error
  })
  return own.application
}

/** Closes what is open; the next request would open it again. */
export async function closeDatabase(): Promise<void> {
  const own = shared()
  const opened = await own.database
  own.application = undefined
  own.database = undefined
  await opened?.close()
}

async function open(own: Shared): Promise<Application> {
  const settings = storageSettings(process.env, cwd())
  own.database ??= openDatabase(settings)
  const { database } = await own.database
  return createApplication(database, settings)
}
