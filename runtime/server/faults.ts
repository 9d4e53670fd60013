/**
 * What can be wrong with a request as a whole, and how a database's errors are told apart.
 */
import type { ErrorResponse } from '../protocol/messages'

/** Ends a request with an error that its sender may read. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault'
  constructor(
    readonly status: number,
    readonly kind: ErrorResponse['error']['kind'],
    message: string,
    /** How long to wait before trying again, where that is known. */
    readonly retryAfterMs?: number,
  ) {
    super(message)
  }
}

/** What PostgreSQL said of a statement that failed; names only, never values. */
export interface DatabaseComplaint {
  /** SQLSTATE. */
  readonly code: string
  readonly constraint: string | null
  readonly column: string | null
}

/** Null where the error does not come from PostgreSQL, for instance where the connection was lost. */
export function databaseComplaint(error: unknown): DatabaseComplaint | null {
  if (typeof error !== 'object' || error === null) return null
  // The postgres package and PGlite name the same fields differently.
  const fields = error as Readonly<Record<string, unknown>>
  const text = (...names: string[]) =>
    names.map((name) => fields[name]).find((value) => typeof value === 'string') ?? null
  const code = fields.code
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return null
  return {
    code,
    constraint: text('constraint_name', 'constraint') as string | null,
    column: text('column_name', 'column') as string | null,
  }
}
