/**
 * Finds the row for which a scope fails. PostgreSQL says what went wrong and never where, so the rows are asked about in
 * parts, in the order of their key, and the first part that fails in parts again.
 */
import type { ServerEntity, TestUser } from '@/designer/model'
import type { Question } from '../data-source/answers'
import type { DataSource } from '../data-source/data-source'
import { keyColumns, keyOfRowAt, SESSION, sessionParams, sliceOf } from './trial-sql'

export interface FailingScope {
  readonly root: ServerEntity
  readonly where: string
  readonly user: Pick<TestUser, 'name' | 'claims'>
  /** Of the table. */
  readonly rows: number
}

/** More would take longer than anybody waits for a message. */
const MOST_ROWS = 1_000_000
const PARTS = 8

/** The key of the first row that fails, as it is shown; null where it is not found. */
export async function firstFailingRow(
  source: DataSource,
  scope: FailingScope,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  if (scope.rows === 0 || scope.rows > MOST_ROWS || keyColumns(scope.root).length === 0) return null
  let from = 0
  let size = scope.rows
  while (size > 1) {
    const step = Math.ceil(size / PARTS)
    const starts = Array.from({ length: Math.ceil(size / step) }, (_, part) => from + part * step)
    const answers = await source.ask(
      starts.map((start) => questionOf(scope, start, Math.min(step, from + size - start))),
      signal,
    )
    if (answers.kind !== 'answered') return null
    const failing = answers.answers.findIndex(({ kind }) => kind === 'failed')
    const start = starts[failing]
    if (start === undefined || answers.answers.some((answer) => answer.kind === 'failed' && answer.code === 'timeout'))
      return null
    size = Math.min(step, from + size - start)
    from = start
  }
  const found = await source.ask([keyOfRowAt(scope.root, from)], signal)
  const [answer] = found.kind === 'answered' ? found.answers : []
  const key = answer?.kind === 'rows' ? answer.rows[0]?.['key'] : null
  return typeof key === 'string' ? key : null
}

function questionOf({ root, where, user }: FailingScope, from: number, rows: number): Question {
  return {
    sql: `select count(*) from ${sliceOf(root, from, rows)} cross join ${SESSION} where coalesce((${where}\n), false)`,
    params: sessionParams(user),
  }
}

/** Whether PostgreSQL failed with a value of a row, rather than with the question; 21000: a subquery gave several. */
export const isOfOneRow = (code: string): boolean => code.startsWith('22') || code === '21000'
