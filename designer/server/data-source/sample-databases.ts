/**
 * PGlites that hold a project's start data, each in a worker: it blocks its thread while it works, and can be ended at
 * any moment. A few stay open, so that the next question is answered at once.
 */

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { projectRoot } from '@/designer/schema/worker-entry'
import { type Answers, DEADLINE_MS, type Question } from './answers'
import type { SampleAnswer, SampleQuestion, SampleWorkerData } from './sample-messages'

export interface SampleSource {
  /** Changes whenever the rows do. */
  readonly key: string
  readonly extensions: readonly string[]
  readonly bytes: () => Promise<Uint8Array>
}

export interface SampleDatabases {
  readonly ask: (source: SampleSource, questions: readonly Question[], signal?: AbortSignal) => Promise<Answers>
  readonly close: () => Promise<void>
}

interface Opened {
  readonly worker: Worker
  /** Questions that are not answered yet, also those that nobody waits for any more. */
  readonly pending: Set<number>
  answered: boolean
  idle: NodeJS.Timeout | null
}

/** Each takes some 100 MB. */
const MOST_OPEN = 2
const IDLE_MS = 60_000
/** The first question waits for PostgreSQL to start and to unpack the rows. */
const OPENING_MS = 60_000

export function createSampleDatabases(): SampleDatabases {
  const opened = new Map<string, Promise<Opened>>()
  let lastQuestion = 0

  const shut = (key: string): void => {
    const closing = opened.get(key)
    opened.delete(key)
    void closing?.then(
      ({ worker, idle }) => {
        if (idle !== null) clearTimeout(idle)
        return worker.terminate()
      },
      () => undefined,
    )
  }

  const open = (source: SampleSource): Promise<Opened> => {
    const known = opened.get(source.key)
    if (known !== undefined) {
      // The order in the map is that of use.
      opened.delete(source.key)
      opened.set(source.key, known)
      return known
    }
    for (const key of [...opened.keys()].slice(0, Math.max(0, opened.size - MOST_OPEN + 1))) shut(key)
    const starting = source.bytes().then((bytes): Opened => {
      const workerData: SampleWorkerData = { bytes, extensions: source.extensions }
      const worker = new Worker(
        join(/* turbopackIgnore: true */ projectRoot(), 'designer', 'server', 'data-source', 'sample-worker.mjs'),
        {
          workerData,
          execArgv: [],
        },
      )
      // An idle database must not keep a process alive that is done.
      worker.unref()
      const forget = () => opened.get(source.key) === starting && opened.delete(source.key)
      worker.on('error', forget)
      worker.on('exit', forget)
      const pending = new Set<number>()
      const database: Opened = { worker, pending, answered: false, idle: null }
      worker.on('message', ({ id }: SampleAnswer) => {
        pending.delete(id)
        database.answered = true
      })
      return database
    })
    opened.set(source.key, starting)
    starting.catch(() => opened.delete(source.key))
    return starting
  }

  return {
    ask: async (source, questions, signal) => {
      if (signal?.aborted === true) return { kind: 'cancelled' }
      let database: Opened
      try {
        database = await open(source)
      } catch (error) {
        return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) }
      }
      if (database.idle !== null) clearTimeout(database.idle)
      lastQuestion += 1
      const id = lastQuestion
      database.pending.add(id)
      const answers = await askWorker(database, id, questions, signal)
      // A question can't be interrupted: one that is in the way for too long ends with its database.
      if (answers.kind === 'unavailable') shut(source.key)
      else if (answers.kind === 'cancelled') {
        database.worker.postMessage({ id, questions: null } satisfies SampleQuestion)
        setTimeout(() => database.pending.has(id) && shut(source.key), deadlineOf(database)).unref()
      } else database.idle = setTimeout(() => database.pending.size === 0 && shut(source.key), IDLE_MS).unref()
      return answers
    },
    close: async () => {
      for (const key of [...opened.keys()]) shut(key)
    },
  }
}

const deadlineOf = ({ answered }: Opened): number => (answered ? DEADLINE_MS : OPENING_MS + DEADLINE_MS)

function askWorker(
  database: Opened,
  id: number,
  questions: readonly Question[],
  signal: AbortSignal | undefined,
): Promise<Answers> {
  const { worker } = database
  const deadlineMs = deadlineOf(database)
  return new Promise((resolve) => {
    const settle = (answers: Answers) => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
      signal?.removeEventListener('abort', onAbort)
      resolve(answers)
    }
    const onMessage = (message: SampleAnswer) => {
      if (message.id === id) settle({ kind: 'answered', answers: message.answers })
    }
    const onError = (error: Error) =>
      settle({ kind: 'unavailable', message: `The sample data can’t be opened: ${error.message}. Import it again.` })
    const onExit = () =>
      settle({ kind: 'unavailable', message: 'The sample data was closed before it answered. Try again.' })
    const onAbort = () => settle({ kind: 'cancelled' })
    const timer = setTimeout(
      () =>
        settle({
          kind: 'unavailable',
          message: `The sample data did not answer within ${deadlineMs / 1000} seconds. Make the condition simpler, or connect a database that has indexes for it.`,
        }),
      deadlineMs,
    )
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    signal?.addEventListener('abort', onAbort)
    worker.postMessage({ id, questions } satisfies SampleQuestion)
  })
}
