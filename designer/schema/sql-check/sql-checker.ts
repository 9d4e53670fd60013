/**
 * A PostgreSQL that judges SQL: a PGlite in a worker, opened when somebody asks and closed when nobody has for a while.
 *
 * Invariants
 * - Whoever asks gets an answer in time: a database that does not give one is ended, and the next question opens another.
 * - It keeps no process alive.
 */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ServerSchema, SqlAnswers, SqlQuestion } from '@/designer/model'
import { projectRoot } from '../worker-entry'
import type { SqlReply, SqlRequest } from './sql-messages'

export interface SqlChecker {
  /** `schema` has the tables that the questions name. */
  readonly ask: (schema: ServerSchema, questions: readonly SqlQuestion[]) => Promise<SqlAnswers>
  readonly close: () => Promise<void>
}

interface Opened {
  readonly worker: Worker
  readonly waiting: Map<number, (answers: SqlAnswers) => void>
  idle: NodeJS.Timeout | null
}

/** The first question waits for PostgreSQL to start, on a busy machine too; each piece takes milliseconds. */
const DEADLINE_MS = 30_000
/** Opening it again takes seconds, and who designs one scope goes on to the next. */
const IDLE_MS = 300_000

export function createSqlChecker(): SqlChecker {
  let opened: Opened | null = null
  let lastId = 0

  const end = async (database: Opened, message: string): Promise<void> => {
    if (opened === database) opened = null
    if (database.idle !== null) clearTimeout(database.idle)
    for (const settle of database.waiting.values()) settle({ kind: 'unavailable', message })
    database.waiting.clear()
    await database.worker.terminate()
  }

  const open = (): Opened => {
    const path = join(
      /* turbopackIgnore: true */ projectRoot(),
      'designer',
      'schema',
      'sql-check',
      'sql-check-worker.mjs',
    )
    const worker = new Worker(path, { execArgv: [] })
    worker.unref()
    const database: Opened = { worker, waiting: new Map(), idle: null }
    worker.on('message', ({ id, answers }: SqlReply) => database.waiting.get(id)?.(answers))
    worker.on('error', (error) => void end(database, error.message))
    worker.on('exit', () => void end(database, 'It was closed before it answered.'))
    return database
  }

  return {
    ask: (schema, questions) => {
      if (questions.length === 0) return Promise.resolve({ kind: 'answered', answers: [] })
      opened ??= open()
      const database = opened
      if (database.idle !== null) clearTimeout(database.idle)
      lastId += 1
      const id = lastId
      return new Promise((resolve) => {
        const seconds = DEADLINE_MS / 1000
        const timer = setTimeout(() => void end(database, `It did not answer within ${seconds} seconds.`), DEADLINE_MS)
        database.waiting.set(id, (answers) => {
          clearTimeout(timer)
          database.waiting.delete(id)
          if (database.waiting.size === 0) database.idle = setTimeout(() => void end(database, ''), IDLE_MS).unref()
          resolve(answers)
        })
        database.worker.postMessage({ id, schema, questions } satisfies SqlRequest)
      })
    },
    close: async () => {
      if (opened !== null) await end(opened, 'It was closed.')
    },
  }
}
