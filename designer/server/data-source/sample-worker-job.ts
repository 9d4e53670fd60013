/** What a worker with sample data does: it opens the rows once and answers questions, each in a transaction that only reads. */
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { loadExtensions } from '@/designer/schema/extensions'
import { type Answer, failureOf, type Question, type Row } from './answers'
import type { SampleAnswer, SampleQuestion, SampleWorkerData } from './sample-messages'

// Typed by the only code that starts this file.
const { bytes, extensions } = workerData as SampleWorkerData

const opening = loadExtensions(extensions).then((loaded) =>
  PGlite.create({ loadDataDir: new Blob([new Uint8Array(bytes)]), extensions: loaded }),
)

async function answer(db: PGlite, { sql, params }: Question): Promise<Answer> {
  try {
    const rows = await db.transaction(async (transaction) => {
      await transaction.exec('set transaction read only')
      return (await transaction.query<Row>(sql, [...params])).rows
    })
    return { kind: 'rows', rows }
  } catch (error) {
    return failureOf(error)
  }
}

const calledOff = new Set<number>()

async function answerAll(id: number, questions: readonly Question[]): Promise<void> {
  const db = await opening
  const answers: Answer[] = []
  for (const question of questions) {
    if (calledOff.has(id)) break
    answers.push(await answer(db, question))
  }
  calledOff.delete(id)
  parentPort?.postMessage({ id, answers } satisfies SampleAnswer)
}

let last: Promise<void> = Promise.resolve()
parentPort?.on('message', ({ id, questions }: SampleQuestion) => {
  if (questions === null) calledOff.add(id)
  else last = last.then(() => answerAll(id, questions))
})
