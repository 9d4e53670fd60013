/**
 * What a device needs of whatever keeps its rows: the outbox, the stages of a pull, and one way to
 * change rows without being captured. Each storage answers it in its own way; the client knows only this.
 *
 * Invariants
 * - Each function is one transaction of the store: killed at any moment, it happened or it did not (D1).
 * - No function here removes an edit but `settle`, which moves it to where the server's answer says.
 */
import type { Bundle, Database, DatabaseTransaction, QuarantinedGroup, Random } from '../contract'
import type { Group, Outcome, Page, PullRequest } from '../protocol/messages'

export interface DeviceStore {
  /** A random id made when this database was first opened. */
  readonly deviceId: string
  /** Runs the app's own statements as one local transaction, with the app's time. */
  readonly write: <T>(nowMs: number, fn: (tx: DatabaseTransaction) => Promise<T>) => Promise<T>
  /** Seals what is pending into groups and answers the oldest of them. */
  readonly nextGroups: (limit: GroupLimit) => Promise<NextGroups>
  /** Takes in what became of groups that were sent; answers the ids of entities whose rows changed. */
  readonly settle: (outcomes: readonly Outcome[], nowMs: number) => Promise<string[]>
  /** What to ask the server for, so that the given entities (by id) come up to date. */
  readonly pullRequests: (entities: readonly string[]) => Promise<PullRequest[]>
  /** The place at which an earlier pull of just these requests was broken off, or null. */
  readonly resumePoint: (requests: readonly PullRequest[]) => Promise<string | null>
  /** Keeps a page aside, with the place to go on from. */
  readonly stage: (requests: readonly PullRequest[], page: Page) => Promise<void>
  /** Forgets all pages that were kept aside. */
  readonly unstage: () => Promise<void>
  /** Shows all pages at once, under the local edits, and moves the cursors. */
  readonly apply: (requests: readonly PullRequest[], cursor: string, nowMs: number) => Promise<AppliedPull>
  readonly counts: () => Promise<StoreCounts>
  readonly quarantine: {
    readonly list: () => Promise<QuarantinedGroup[]>
    readonly retry: (id: string, nowMs: number) => Promise<void>
    readonly discard: (id: string) => Promise<void>
  }
  readonly close: () => Promise<void>
}

/** A first group is answered even where it alone is more than this. */
export interface GroupLimit {
  readonly groups: number
  readonly edits: number
  readonly bytes: number
  /** `editsMade` at the moment up to which edits count: what is written later waits for the next sync. */
  readonly upTo: number
}

export interface NextGroups {
  readonly groups: readonly Group[]
  /** True while younger groups are waiting. */
  readonly more: boolean
}

export interface AppliedPull {
  readonly rows: number
  /** Ids of entities of which rows came or went. */
  readonly entities: readonly string[]
}

export interface StoreCounts {
  readonly pendingEdits: number
  /** How many edits were ever captured: grows with every local write, and with nothing else. */
  readonly editsMade: number
  readonly quarantined: number
  /** Milliseconds since 1970. */
  readonly lastSyncedAt: number | null
}

export type OpenDeviceStore = (database: Database, bundle: Bundle, random: Random) => Promise<DeviceStore>

/** The device's database belongs to another bundle, and nothing was changed in it. */
export class IncompatibleStoreError extends Error {
  override readonly name = 'IncompatibleStoreError'
}
