/** What the worker does that judges SQL: it keeps an empty database open, and answers in the order of the requests. */
import { parentPort } from 'node:worker_threads'
import type { PGlite } from '@electric-sql/pglite'
import type { ServerSchema, SqlAnswers } from '@/designer/model'
import { extensionsOfTypes } from '../extensions'
import { openScratch } from '../scratch-database'
import { askPostgres } from './ask-postgres'
import type { SqlReply, SqlRequest } from './sql-messages'

let opened: { readonly db: PGlite; readonly extensions: ReadonlySet<string> } | null = null

/** Extensions can only be brought in when a database is opened. */
async function databaseFor(schema: ServerSchema): Promise<PGlite> {
  const types = Object.values(schema.serverEntities).flatMap(({ attributes }) => Object.values(attributes))
  const needed = [...extensionsOfTypes(types.map(({ type }) => type)).keys()]
  if (opened !== null && needed.every((name) => opened?.extensions.has(name))) return opened.db
  const extensions = new Set([...(opened?.extensions ?? []), ...needed])
  await close()
  const { db } = await openScratch(extensions)
  opened = { db, extensions }
  return db
}

async function close(): Promise<void> {
  const closing = opened
  opened = null
  await closing?.db.close()
}

async function answer({ schema, questions }: Omit<SqlRequest, 'id'>): Promise<SqlAnswers> {
  const wasOpen = opened !== null
  try {
    return { kind: 'answered', answers: await askPostgres(await databaseFor(schema), schema, questions) }
  } catch (error) {
    // What an earlier question left behind may be in the way: a new database is empty.
    await close()
    if (wasOpen) return answer({ schema, questions })
    return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) }
  }
}

let last: Promise<void> = Promise.resolve()
parentPort?.on('message', (request: SqlRequest) => {
  last = last.then(async () => {
    parentPort?.postMessage({ id: request.id, answers: await answer(request) } satisfies SqlReply)
  })
})
