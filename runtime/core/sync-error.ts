/** The errors of a sync and what helps against each: one table, total over the kinds. */
import type { Recovery, SyncError, SyncErrorKind } from '../contract/api'

const RECOVERIES: Record<SyncErrorKind, Recovery> = {
  unreachable: 'retry',
  timeout: 'retry',
  'server-failed': 'retry',
  'storage-failed': 'retry',
  unauthenticated: 'sign-in',
  incompatible: 'update',
  'invalid-message': 'report',
  'unknown-unit': 'report',
  closed: 'report',
}

export function syncError(kind: SyncErrorKind, message: string): SyncError {
  return { kind, message, recovery: RECOVERIES[kind] }
}
