/**
 * The API of a bundle as its users see it: what `device.js` and `server.js` export. Types only, so
 * that the client, the server and every generated `.d.ts` say the same thing.
 *
 * A copy of this file travels in every exported bundle (`src/runtime/`); it imports only its siblings.
 */
import type { Bundle, ConflictKind, NamedValues } from './bundle'
import type { Storage } from './storage'
import type { Input, JsonValue, KeyInput, ListOptions, Row } from './values'

// ── Ports: all that is not determined by the code ───────────────────────────────────────────────

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface Random {
  /** Uniformly random bytes. */
  readonly bytes: (length: number) => Uint8Array
}

export interface Timers {
  /** Runs `fn` once after `delayMs`; answers a function that cancels it. */
  readonly after: (delayMs: number, fn: () => void) => () => void
}

export interface Network {
  readonly online: () => boolean
  /** Null where it can't be known. */
  readonly type?: () => NetworkType | null
  /** Whether the connection costs by the byte; false where it can't be known. */
  readonly metered?: () => boolean
  /** Calls `fn` whenever one of these changes; answers a function that ends that. */
  readonly subscribe: (fn: () => void) => () => void
}

export type NetworkType = 'wifi' | 'cellular' | 'ethernet' | 'other' | 'none'

/** When the app comes back to the foreground. */
export interface Lifecycle {
  readonly subscribe: (onResume: () => void) => () => void
}

/**
 * Exclusion across the tabs (or workers) that share one storage. `request` runs `fn` while no other holder of the
 * name does; a holder that dies lets go. The browser's `navigator.locks` is one.
 */
export interface Locks {
  readonly request: <T>(name: string, options: { readonly signal?: AbortSignal }, fn: () => Promise<T>) => Promise<T>
}

/** Tells the other tabs of the same storage that rows or the outbox changed. */
export interface Broadcast {
  readonly post: (message: string) => void
  readonly subscribe: (fn: (message: string) => void) => () => void
  readonly close: () => void
}

/** A small place beside the database, such as `localStorage`: tells whether the database was lost. */
export interface Marker {
  readonly get: () => string | null
  readonly set: (value: string | null) => void
}

/** Keeps contents of files beside the tables, each under its name: its SHA-256, in hex. From `openFiles`. */
export interface FileStore {
  /** Null where it is not here. */
  readonly get: (name: string) => Promise<Uint8Array | null>
  /** Bytes of the content; null where it is not here. Where a store has no `size`, contents are read to learn it. */
  readonly size?: (name: string) => Promise<number | null>
  /** Resolves once the whole content will be there after a crash. */
  readonly put: (name: string, content: Uint8Array) => Promise<void>
  readonly remove: (name: string) => Promise<void>
  readonly names: () => Promise<readonly string[]>
}

/** Carries one request of the protocol to the server and its answer back. Rejects when it could not. */
export interface Transport {
  readonly sync: (body: unknown, options: { readonly signal: AbortSignal }) => Promise<TransportResponse>
  /** Resolves when what was asked last is on its way: until then the device gives way. Missing where it needs no turn of the event loop. */
  readonly sent?: () => Promise<void>
  /**
   * Listens for pokes until the signal aborts: resolves when the server ended it, rejects when it could not be reached.
   * `onOpen` tells that it stands. Without it, units that wait for pokes poll.
   */
  readonly events?: (options: {
    readonly signal: AbortSignal
    readonly onOpen: () => void
    /** Ids of the entities that changed; null where any may have. */
    readonly onPoke: (entities: readonly string[] | null) => void
  }) => Promise<void>
}

export interface TransportResponse {
  readonly status: number
  readonly body: unknown
  readonly bytesSent: number
  readonly bytesReceived: number
  /** From the header of that name, in milliseconds. */
  readonly retryAfterMs?: number
}

// ── Device ──────────────────────────────────────────────────────────────────────────────────────

export type { Storage } from './storage'
export type { Input, JsonValue, KeyInput, ListOptions, Row, Value } from './values'

/** SQL over one database, used by both sides. */
export interface Database {
  readonly query: (text: string, params?: readonly unknown[]) => Promise<Row[]>
  /** Runs several statements without parameters. */
  readonly execute: (script: string) => Promise<void>
  /** Commits when `fn` resolves, rolls back when it rejects. */
  readonly transaction: <T>(fn: (tx: DatabaseTransaction) => Promise<T>, options?: TransactionOptions) => Promise<T>
  /** The rows of a query without parameters in COPY's text format, in UTF-8. */
  readonly copyOut: (query: string) => Promise<Uint8Array<ArrayBuffer>>
  /** Calls `fn` for each NOTIFY on the channel until the answered function is called. Missing where there is none. */
  readonly listen?: (channel: string, fn: (payload: string) => void) => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

export type DatabaseTransaction = Pick<Database, 'query' | 'execute' | 'copyOut'>

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
}

export interface Session {
  readonly user: string
  readonly claims?: { readonly [name: string]: JsonValue }
}

export interface DeviceOptions {
  readonly storage: Storage
  readonly transport: Transport
  readonly session: Session
  readonly clock?: Clock
  readonly random?: Random
  readonly timers?: Timers
  readonly network?: Network
  readonly lifecycle?: Lifecycle
  readonly locks?: Locks
  readonly broadcast?: Broadcast
  readonly marker?: Marker
  /** Needed where the bundle has sensitive attributes: 32 bytes, or an AES-GCM key. The app keeps it; without it they can't be read. */
  readonly encryptionKey?: Uint8Array | CryptoKey
  /** Needed where the bundle has attributes that are files. From `openFiles`. */
  readonly files?: FileStore
}

/** @typeParam Units the names of the bundle's sync units */
export interface Device<Entities = EntityActionsByName, Units extends string = string>
  extends DeviceTransaction<Entities> {
  /** Everything that `fn` does is one local transaction and reaches the server as one group. */
  readonly transaction: <T>(fn: (tx: DeviceTransaction<Entities>) => Promise<T>) => Promise<T>
  readonly sync: DeviceSync<Units>
  readonly quarantine: Quarantine
  readonly conflicts: Conflicts
  readonly demand: Demand
  /** Tells that the app came back to the foreground, where no `lifecycle` port does. */
  readonly resume: () => void
  /** Compares this device's rows, without its edits, with the server's. Rejects with `SyncFailure` where the server can't be reached. */
  readonly verify: () => Promise<Verification>
  /**
   * Removes all of this device's data and closes it. Rejects with `PendingEditsError` while edits, conflicts or
   * quarantined groups are left, unless forced.
   */
  readonly signOut: (options?: { readonly force?: boolean }) => Promise<void>
  /** Listens to an event; answers a function that ends it. */
  readonly on: <Name extends keyof DeviceEvents>(name: Name, fn: (event: DeviceEvents[Name]) => void) => () => void
  /** Ends a running sync, then closes the storage. */
  readonly close: () => Promise<void>
}

export interface DeviceTransaction<Entities = EntityActionsByName> {
  readonly entities: Entities
  /** Plain SQL; its writes are captured as those of the entity actions are. */
  readonly query: (text: string, params?: readonly unknown[]) => Promise<Row[]>
}

export type EntityActionsByName = { readonly [name: string]: EntityActions & Partial<FileActions> }

/**
 * Why an entity action rejected with `EntityError`, the same in every storage. Plain SQL rejects with the database's own error.
 */
export type EntityErrorKind =
  /** No row has the key: it may have been deleted. */
  | 'not-found'
  | 'unknown-entity'
  | 'unknown-attribute'
  /** The key is incomplete, not of its type, or not one that may be changed. */
  | 'bad-key'
  /** A value is missing, or not one of its attribute's type. */
  | 'bad-values'
  /** What a list was asked for. */
  | 'bad-options'
  /** There is a row with that key. */
  | 'duplicate-key'
  /** The row refers to one that is not here, or others refer to it. */
  | 'broken-reference'
  /** Only the server writes it. */
  | 'read-only'
  /** PGlite alone: an earlier call of the same transaction was refused, and nothing more is done in it. */
  | 'rolled-back'

/** Typed actions on one entity; one call is one local transaction, unless made inside `transaction`. Rejects with `EntityError`. */
export interface EntityActions<RowType = Row, CreateType = Input, UpdateType = Input, KeyType = KeyInput> {
  readonly create: (values: CreateType) => Promise<RowType>
  /** Rejects with `not-found` where no row has the key. */
  readonly update: (key: KeyType, changes: UpdateType) => Promise<RowType>
  /** True where there was a row to delete. */
  readonly delete: (key: KeyType) => Promise<boolean>
  readonly get: (key: KeyType) => Promise<RowType | null>
  readonly list: (options?: ListOptions<RowType>) => Promise<RowType[]>
}

/**
 * Of an entity with attributes that are files. A row has the content's name in such an attribute, or null; what is
 * written there is the content, as bytes, or the name of one that is known.
 */
export interface FileActions<KeyType = KeyInput, Name extends string = string> {
  /**
   * The content of the row's file, or of another content that the row had there, by its name; fetched from the server
   * where it is not here, and kept while the row has it. Null where the row has none. Rejects where it can't be fetched now.
   */
  readonly file: (key: KeyType, attribute: Name, name?: string) => Promise<Uint8Array | null>
}

export interface DeviceSync<Units extends string = string> {
  /**
   * Asks for a run of the unit and resolves when it has ended, however it ended; never rejects.
   * A method, so that a bundle's device may go where a device of any bundle is expected.
   */
  trigger(unit: Units, options?: { readonly discardPending?: boolean }): Promise<SyncOutcome>
  readonly status: SyncStatus
}

export type SyncOutcome =
  | {
      readonly kind: 'completed'
      readonly unit: string
      readonly pushedGroups: number
      readonly pulledRows: number
      readonly durationMs: number
    }
  | { readonly kind: 'offline'; readonly unit: string }
  | { readonly kind: 'failed'; readonly unit: string; readonly error: SyncError }
  /** A conflict of an entity that blocks sync is parked; resolve it first. */
  | { readonly kind: 'blocked'; readonly unit: string; readonly conflicts: number }
  /** It was waiting in the queue and a trigger with `discardPending`, or `close`, took it out. */
  | { readonly kind: 'discarded'; readonly unit: string }

export interface SyncError {
  readonly kind: SyncErrorKind
  /** What happened, why, and what to do. */
  readonly message: string
  readonly recovery: Recovery
}

export type SyncErrorKind =
  | 'unreachable'
  | 'timeout'
  | 'unauthenticated'
  | 'invalid-message'
  | 'incompatible'
  | 'too-large'
  | 'busy'
  | 'server-failed'
  | 'storage-failed'
  | 'flow-failed'
  | 'unknown-unit'
  | 'closed'

/** What helps: waiting and trying again, signing in, updating the app, or a person. */
export type Recovery = 'retry' | 'sign-in' | 'update' | 'report'

export interface SyncStatus {
  readonly online: boolean
  /** Name of the unit that is running. */
  readonly running: string | null
  readonly progress: SyncProgress | null
  /** Edits made here that the server has not yet answered for. */
  readonly pending: number
  readonly conflicts: number
  readonly quarantined: number
  /** Milliseconds since 1970. */
  readonly lastSyncedAt: number | null
  /** Why there is no progress although there should be. */
  readonly stalled: SyncError | null
  readonly networkType: NetworkType | null
  /** When the next repetition after an error is due, milliseconds since 1970; null where none is. */
  readonly retryAt: number | null
  /** True on the tab that runs the automatic triggers. */
  readonly leader: boolean
  /** True where this device had a database before and found a new, empty one: what was not sent is lost. */
  readonly storageLost: boolean
  /** True while edits wait in a storage that the browser may remove when it needs the space. */
  readonly evictable: boolean
}

export interface SyncProgress {
  readonly phase: 'push' | 'pull' | 'apply'
  readonly done: number
  /** Null while it is not known. */
  readonly total: number | null
  /** Of the files that the edits of this request bring, while they are sent. */
  readonly bytes?: { readonly done: number; readonly total: number }
}

export interface DeviceEvents {
  readonly syncStart: { readonly unit: string }
  readonly syncComplete: Extract<SyncOutcome, { kind: 'completed' }>
  readonly syncError: { readonly unit: string; readonly error: SyncError }
  readonly conflict: { readonly id: string }
  /** The server refused a group of edits: it is kept in quarantine until somebody decides. */
  readonly quarantine: { readonly id: string; readonly reason: RefusalReason; readonly message: string }
  readonly networkChange: { readonly online: boolean; readonly type: NetworkType | null }
  readonly status: SyncStatus
  readonly step: { readonly unit: string; readonly node: string }
  /** Rows changed on this device, by the app or by a sync. */
  readonly change: { readonly entities: readonly string[]; readonly origin: 'local' | 'sync' }
}

/** Groups of edits that the server refused: kept until somebody decides. */
export interface Quarantine {
  readonly list: () => Promise<QuarantinedGroup[]>
  /** Makes the group's edits again, on the rows as they are now, and queues them. */
  readonly retry: (id: string) => Promise<void>
  /** Forgets the group for good. */
  readonly discard: (id: string) => Promise<void>
}

export interface QuarantinedGroup {
  readonly id: string
  readonly reason: RefusalReason
  readonly message: string
  /** Milliseconds since 1970. */
  readonly refusedAt: number
  readonly edits: readonly QuarantinedEdit[]
}

export interface QuarantinedEdit {
  readonly entity: string
  readonly op: 'create' | 'update' | 'delete'
  readonly key: Row
  /** Attributes written, in PostgreSQL's text form. */
  readonly set: { readonly [attribute: string]: string | null }
  /** The whole row as it was shown here when it was refused, with the edit in it; null where it was deleted here. */
  readonly local: NamedValues | null
  /** The row as the server had it when it refused; null where the session sees none. */
  readonly server: NamedValues | null
}

export type RefusalReason =
  | 'not-allowed'
  | 'unknown-entity'
  | 'row-deleted'
  | 'constraint'
  | 'invalid-value'
  | 'too-large'
  /** An attribute that is a file names a content which neither the server nor this device has. */
  | 'file-missing'

export interface Conflicts {
  /** Those that wait for a person. */
  readonly list: () => Promise<readonly ConflictRecord[]>
  /**
   * Ends a conflict: with the row as it is here, as the server has it, or with the given values over the server's row.
   * It is a normal write, based on the server's version that was listed: where the server has moved on, it is a new
   * conflict (F6). Rejects where there is no such conflict.
   */
  readonly resolve: (id: string, resolution: 'local' | 'server' | Input) => Promise<void>
}

export interface ConflictRecord {
  readonly id: string
  readonly entity: string
  readonly key: Row
  readonly kind: ConflictKind
  /** By attribute name, in PostgreSQL's text form; null where there is no such row. */
  readonly base: NamedValues | null
  readonly local: NamedValues | null
  readonly server: NamedValues | null
  /** Who wrote the server's version, where it is known. */
  readonly serverUser: string | null
  /** Milliseconds since 1970. */
  readonly serverAt: number | null
  readonly localAt: number
}

/** Which details an entity on demand keeps here. Entities by accessor; keys are those of the parent, or of the row itself. */
export interface Demand {
  /** The next sync brings them. */
  readonly choose: (entity: string, keys: readonly KeyInput[]) => Promise<void>
  /** The next sync takes them away. */
  readonly release: (entity: string, keys: readonly KeyInput[]) => Promise<void>
  readonly list: (entity: string) => Promise<readonly Row[]>
}

export interface Verification {
  readonly equal: boolean
  readonly entities: readonly EntityVerification[]
}

export interface EntityVerification {
  readonly entity: string
  readonly equal: boolean
  readonly rows: number
  readonly serverRows: number
  /** The keys of rows that differ, at most 100 of each kind. */
  readonly missing: readonly Row[]
  readonly surplus: readonly Row[]
  readonly different: readonly Row[]
}

// ── Server ──────────────────────────────────────────────────────────────────────────────────────

export interface ServerOptions {
  /** From `openPostgres` or `openPGlite`. */
  readonly database: Database
  /** Who is asking; null or a rejection is answered with 401. */
  readonly authenticate: (request: Request) => Session | null | Promise<Session | null>
  readonly random?: Random
  readonly clock?: Clock
  readonly timers?: Timers
  /**
   * How long records of deletions, pushes and conflicts are kept, in days; 90 if not given. A device that was away for
   * longer pulls everything anew.
   */
  readonly retentionDays?: number
  /** Bytes in the content of a file; 64 MB if not given. A larger one is not taken: what names it goes to quarantine as `too-large`. */
  readonly maxFileBytes?: number
}

export interface Server {
  /** Adds change tracking to the tables of the bundle; does nothing where it is there already. */
  readonly install: () => Promise<void>
  /** Removes all that `install` made. */
  readonly uninstall: () => Promise<void>
  /** Forgets what is older than the retention. To be called now and then; answers how many records went. */
  readonly purge: () => Promise<number>
  /** `POST /sync`, `GET /events`, `GET /health`. Never rejects: every fault becomes a response. */
  readonly fetch: (request: Request) => Promise<Response>
  readonly close: () => Promise<void>
}

export type CreateDevice = (bundle: Bundle, options: DeviceOptions) => Promise<Device>
export type CreateServer = (bundle: Bundle, options: ServerOptions) => Promise<Server>
