/** Questions to the live database: each in a read-only transaction of its own, which the server itself ends in time. */
import type postgres from 'postgres'
import { connect, disconnect } from '@/designer/schema/connect'
import { explainConnectionError, parseConnectionUrl } from '@/designer/schema/connection-url'
import { type Answer, type Answers, DEADLINE_MS, failureOf, type Question, type Row } from './answers'

export async function askLive(url: string, questions: readonly Question[], signal?: AbortSignal): Promise<Answers> {
  const target = parseConnectionUrl(url)
  if ('kind' in target) return { kind: 'unavailable', message: target.message }
  if (signal?.aborted === true) return { kind: 'cancelled' }
  let sql: postgres.Sql
  try {
    sql = await connect(url, { applicationName: 'syncline scopes' })
  } catch (error) {
    return { kind: 'unavailable', message: explainConnectionError(error, target).message }
  }
  // Ending the session ends what it runs.
  const end = () => void disconnect(sql)
  signal?.addEventListener('abort', end)
  try {
    const answers: Answer[] = []
    for (const question of questions) {
      if (wasAborted(signal)) return { kind: 'cancelled' }
      answers.push(await askOne(sql, question))
    }
    return wasAborted(signal) ? { kind: 'cancelled' } : { kind: 'answered', answers }
  } finally {
    signal?.removeEventListener('abort', end)
    await disconnect(sql)
  }
}

const wasAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/**
 * Never PostgreSQL's simple protocol, which takes several statements at once: the first could end the transaction that
 * only reads, and the second write.
 */
const ONE_STATEMENT = { prepare: false, simple: false }

async function askOne(sql: postgres.Sql, { sql: text, params }: Question): Promise<Answer> {
  try {
    const rows = await sql.begin('read only', async (session) => {
      await session.unsafe(`set local statement_timeout = ${DEADLINE_MS}`)
      return [...(await session.unsafe<Row[]>(text, [...params], ONE_STATEMENT))]
    })
    return { kind: 'rows', rows }
  } catch (error) {
    return failureOf(error)
  }
}
