/** How an error of a sync is thrown inside the runtime, and how anything else that was thrown becomes one. */
import type { SyncError, SyncErrorKind } from '../contract/api'
import { syncError } from '../protocol/errors'

export { syncError }

/** Ends a sync with an error that its user may be told. */
export class SyncFailure extends Error {
  override readonly name = 'SyncFailure'
  readonly error: SyncError
  constructor(
    kind: SyncErrorKind,
    message: string,
    /** How long the server asked to wait. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message)
    this.error = syncError(kind, message)
  }
}

/** What was thrown, in words. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
