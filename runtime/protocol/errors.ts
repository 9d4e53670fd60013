/**
 * What can end a sync before its end, and what helps: one closed table for both sides and for whoever reads the
 * documentation, which is the comment of each entry. The server takes a kind's HTTP status from here, the device its recovery.
 *
 * Invariants
 * - Total over `SyncErrorKind` and over what the wire may carry; nothing else is ever thrown at an app by a sync.
 * - `retry` is given only to what can pass without anybody doing anything: only that is repeated by itself (D3).
 */
import type { Recovery, SyncError, SyncErrorKind } from '../contract/api'
import type { ErrorResponse } from './messages'

export type ServerErrorKind = ErrorResponse['error']['kind']

export interface ErrorEntry {
  /** With which the server answers it; null for what only a device can meet. */
  readonly status: number | null
  readonly recovery: Recovery
}

export const ERRORS: { readonly [Kind in SyncErrorKind | ServerErrorKind]: ErrorEntry } = {
  /** No answer came from the server: the network is down, the address is wrong, or the server is. */
  unreachable: { status: null, recovery: 'retry' },
  /** The server did not answer in time; what it may have done is learned with the next sync. */
  timeout: { status: null, recovery: 'retry' },
  /** The server does not know who is asking, or no longer; edits wait until somebody signs in. */
  unauthenticated: { status: 401, recovery: 'sign-in' },
  /** One side sent what the other can not read; a proxy in between may have, too. */
  'invalid-message': { status: 400, recovery: 'report' },
  /** There is a server at the address, but nothing of Syncline at this path of it. */
  'not-found': { status: 404, recovery: 'report' },
  /** Device and server are of versions that do not fit; edits are kept for the version that does. */
  incompatible: { status: 409, recovery: 'update' },
  /** A request is larger than the server takes; the device sends less at a time, as far as it can. */
  'too-large': { status: 413, recovery: 'report' },
  /** The server has too much to do, or its database met a conflict that passes; it may say how long to wait. */
  busy: { status: 503, recovery: 'retry' },
  /** The server could not complete the request; nothing of it was done, or what was done is recorded. */
  'server-failed': { status: 500, recovery: 'retry' },
  /** The device's own database failed, is full, or did not answer in time. */
  'storage-failed': { status: null, recovery: 'retry' },
  /** The unit's flow threw, or a step of it never ended. */
  'flow-failed': { status: null, recovery: 'report' },
  /** The bundle has no sync unit of that name. */
  'unknown-unit': { status: null, recovery: 'report' },
  /** The device was closed while the sync was under way. */
  closed: { status: null, recovery: 'report' },
}

/** The HTTP status of what a server answers; 500 for kinds that only a device meets. */
export function statusOf(kind: ServerErrorKind): number {
  return ERRORS[kind].status ?? 500
}

/** The error as the app gets it, with what helps. */
export function syncError(kind: SyncErrorKind, message: string): SyncError {
  return { kind, message, recovery: ERRORS[kind].recovery }
}

/** What a server's answer means where it is not a sync answer: by its own word, else by its status. */
export function kindOfAnswer(status: number, told: ServerErrorKind | null): SyncErrorKind {
  if (told === 'not-found') return 'invalid-message'
  if (told !== null) return told
  if (status === 401 || status === 403) return 'unauthenticated'
  if (status === 413) return 'too-large'
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'busy'
  if (status >= 500) return 'server-failed'
  return 'invalid-message'
}
