/**
 * What a device's shell needs of its storage: the outbox, the pull under way, and whatever waits for a person. One
 * implementation, `device-store/`, answers it over the `DeviceTables` of any storage.
 *
 *   begin ─► send ─► settle(outcomes) ─► receive(page) ─► next page … ─► shown, with the cursors
 *
 * Invariants
 * - Each function is one transaction of the store: killed at any moment, it happened or it did not (D1).
 * - Nothing here removes an edit but `settle`, `conflicts.resolve` and `quarantine.discard`, each as told (P3).
 * - A sync that has nothing to say and hears nothing new costs one read, and no write.
 */
import type {
  ConflictRecord,
  Decision,
  DeviceEvents,
  EntityVerification,
  Input,
  LocalTransaction,
  QuarantinedGroup,
  Row,
} from '../contract'
import type { ConflictReport, Digest, EndedConflict, Group, Outcome, Page, PullRequest } from '../protocol/messages'

export interface DeviceStore {
  /** A random id made when this database was first opened. */
  readonly deviceId: string
  /** Runs the app's own statements as one local transaction, with the app's time. */
  readonly write: <T>(nowMs: number, fn: (tx: LocalTransaction) => Promise<T>) => Promise<T>

  /** All that an exchange needs before its first request. Seals what is pending into groups, up to what is pending now. */
  readonly begin: (exchange: BeginExchange) => Promise<BegunExchange>
  /**
   * What `begin` would ask for if nothing has happened since an exchange of these entities found nothing new; null where
   * that is not known. A guess, for those who ask before they have looked.
   */
  readonly expected: (pull: readonly string[]) => readonly PullRequest[] | null
  /** The oldest groups that are not settled. To be called again after they were. */
  readonly nextGroups: (limit: GroupLimit) => Promise<NextGroups>
  /**
   * Takes in what became of groups that were sent. `decide` is asked about each conflict that the device's handler
   * decides; it answers `park` where the handler throws or does not end.
   */
  readonly settle: (outcomes: readonly Outcome[], nowMs: number, decide: DecideConflict) => Promise<Settled>
  /** The server has been told how these conflicts ended. */
  readonly forgetEnded: (told: readonly EndedConflict[]) => Promise<void>
  /** What to ask the server for, so that the given entities (by id) come up to date. Leaves out what is never pulled. */
  readonly pullRequests: (entities: readonly string[], options?: PullOptions) => Promise<PullRequest[]>
  /** The place at which an earlier pull of just these requests was broken off, or null. */
  readonly resumePoint: (requests: readonly PullRequest[]) => Promise<string | null>
  /**
   * Keeps a page aside, with the place to go on from; the last one shows all pages at once, under the local edits, and
   * moves the cursors. Null while pages are to come.
   */
  readonly receive: (requests: readonly PullRequest[], page: Page, nowMs: number) => Promise<AppliedPull | null>
  /** Forgets all pages that were kept aside; does nothing, and writes nothing, where there are none. */
  readonly unstage: () => Promise<void>

  readonly counts: () => Promise<StoreCounts>
  readonly quarantine: {
    readonly list: () => Promise<QuarantinedGroup[]>
    readonly retry: (id: string, nowMs: number) => Promise<ChangedEntities>
    readonly discard: (id: string) => Promise<void>
  }
  readonly conflicts: {
    readonly list: () => Promise<ConflictRecord[]>
    /** Ids of the entities that have parked conflicts, each once. */
    readonly entities: () => Promise<readonly string[]>
    readonly resolve: (id: string, resolution: 'local' | 'server' | Input, nowMs: number) => Promise<ChangedEntities>
  }
  /** Entities by id; keys are those of the choosing attributes, in their order, as the API's values. */
  readonly demand: {
    readonly choose: (entity: string, keys: readonly (readonly unknown[])[]) => Promise<void>
    readonly release: (entity: string, keys: readonly (readonly unknown[])[]) => Promise<void>
    readonly list: (entity: string) => Promise<Row[]>
  }
  /** Removes everything of the device from the storage; the store can't be used after it. */
  readonly wipe: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Ids of entities whose shown rows changed. */
export type ChangedEntities = readonly string[]

/** The report's images are by attribute id; its `local` is the row as it is here now, younger edits included. */
export type DecideConflict = (conflict: ConflictReport) => Decision | Promise<Decision>

export interface OutboxBounds {
  readonly groups: number
  readonly edits: number
  readonly bytes: number
}

/** A first group is answered even where it alone is more than this. */
export interface GroupLimit extends OutboxBounds {
  /** `BegunExchange.upTo`: what is written later waits for the next sync, so that a sync ends (L11). */
  readonly upTo: number
  /**
   * True: only groups that were sent before. An exchange that does not push asks for the outcomes of those all the same:
   * a row pulled while its edit's fate is unknown might count that edit twice, or show it over a newer row.
   */
  readonly onlySealed: boolean
}

export interface BeginExchange extends OutboxBounds {
  /** False: only groups that were sent before are answered (see `GroupLimit.onlySealed`). */
  readonly push: boolean
  /** Ids of entities. */
  readonly pull: readonly string[]
  readonly options?: PullOptions
}

export interface BegunExchange extends NextGroups {
  /** For `nextGroups` of the same exchange. */
  readonly upTo: number
  readonly requests: readonly PullRequest[]
  /** As `resumePoint(requests)`. */
  readonly resume: string | null
  /** True where pages of another pull are kept aside: `unstage` before the first page is received. */
  readonly staged: boolean
  /** Conflicts of whose end no edit tells: to be sent until a request with them was answered, then `forgetEnded` (F4). */
  readonly ended: readonly EndedConflict[]
}

export interface PullOptions {
  /** Asks for digests: the last page's `receive` compares them (`AppliedPull.digests`). */
  readonly verify?: boolean
  /** Asks for everything, whatever is here: the last page's `receive` tells what differed (`AppliedPull.differences`). */
  readonly whole?: boolean
}

export interface NextGroups {
  readonly groups: readonly Group[]
  /** True while younger groups are waiting. */
  readonly more: boolean
}

export interface Settled {
  readonly entities: ChangedEntities
  /** Ids of conflicts that now wait for a person. */
  readonly parked: readonly string[]
  /** Groups that were refused and are kept now. */
  readonly quarantined: readonly DeviceEvents['quarantine'][]
  /** True where handlers of the device made edits that wait to be sent. */
  readonly resolved: boolean
}

export interface AppliedPull {
  readonly rows: number
  /** Ids of entities of which rows came or went. */
  readonly entities: ChangedEntities
  /** For entities of which the server sent a digest: the device's own at the same cursor, edits aside. */
  readonly digests: readonly ComparedDigest[]
  /** By entity id, where the requests were made with `whole`: how the device's rows differed before. */
  readonly differences: ReadonlyMap<string, Pick<EntityVerification, 'missing' | 'surplus' | 'different'>>
}

export interface ComparedDigest {
  /** Id. */
  readonly entity: string
  readonly equal: boolean
  readonly device: Digest
  readonly server: Digest
}

export interface StoreCounts {
  /** Edits in the outbox, parked ones included. */
  readonly pendingEdits: number
  /** How many edits were ever captured: grows with every local write, and with nothing else. */
  readonly editsMade: number
  readonly quarantined: number
  readonly conflicts: number
  /** Milliseconds since 1970. */
  readonly lastSyncedAt: number | null
}

/** The device's database is of a kind that this version can't carry over; nothing was changed in it. */
export class IncompatibleStoreError extends Error {
  override readonly name = 'IncompatibleStoreError'
  /** By its name: the storages are linked apart from the device, each with a class of its own. */
  static override [Symbol.hasInstance](thrown: unknown): boolean {
    return thrown instanceof Error && thrown.name === 'IncompatibleStoreError'
  }
}
