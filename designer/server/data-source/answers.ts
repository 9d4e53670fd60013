/** What is asked of a project's rows, and what comes back. */

export interface Question {
  readonly sql: string
  readonly params: readonly (string | null)[]
}

export type Row = Readonly<Record<string, unknown>>

export type Answer =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  /** What PostgreSQL says: `code` is its five letters, or `timeout`. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

export type Answers =
  | { readonly kind: 'answered'; readonly answers: readonly Answer[] }
  /** The data itself can't be had: why, and what to do. */
  | { readonly kind: 'unavailable'; readonly message: string }
  | { readonly kind: 'cancelled' }

/** A count that takes longer than this is of no use to somebody who waits for it. */
export const DEADLINE_MS = 10_000

/** What a driver threw, as an answer. */
export function failureOf(error: unknown): Extract<Answer, { kind: 'failed' }> {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'failed', code: code === CANCELLED ? 'timeout' : code, message }
}

/** `query_canceled`: nobody but the deadline cancels. */
const CANCELLED = '57014'
