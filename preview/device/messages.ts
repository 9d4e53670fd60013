/** What the page and a worker say to each other: one table of methods for each direction. */
import type {
  ConflictRecord,
  Input,
  KeyInput,
  QuarantinedGroup,
  Row,
  Session,
  SyncError,
  SyncOutcome,
  SyncStatus,
} from '@syncline/runtime/contract'

// ── Starting ────────────────────────────────────────────────────────────────────────────────────

/** The only message on the worker's own port: all further ones go over `port`, which the bundle never sees. */
export interface Boot {
  readonly kind: 'boot'
  readonly role: 'device' | 'server'
  readonly port: MessagePort
}

/** Compiled and fetched once by the page; a worker fetches nothing. */
export interface DatabaseParts {
  readonly pgliteModule: WebAssembly.Module
  readonly initdbModule: WebAssembly.Module
  readonly fileSystem: Blob
  /** A gzipped tar of a PostgreSQL data directory. */
  readonly dataDirectory: Blob
}

export interface StartDevice {
  readonly parts: DatabaseParts
  /** The bundle's `device.js`, loaded as it is. */
  readonly source: string
  /** The files beside it that it loads when it needs them. */
  readonly sourceParts: readonly { readonly path: string; readonly text: string }[]
  readonly name: string
  readonly seed: number
  readonly session: Session
  readonly online: boolean
}

export interface StartServer {
  readonly parts: DatabaseParts
  /** The bundle's `server.js`, loaded as it is. */
  readonly source: string
}

export interface Started {
  /** sha256 of the code that was imported, taken in the worker. */
  readonly sha256: string
  readonly tables: readonly TableShape[]
  readonly entities: readonly EntityShape[]
  /** Names of the sync units, in the order in which they run. */
  readonly units: readonly string[]
}

export type StartStep = 'database' | 'bundle' | 'install' | 'ready'

// ── Entities and tables ──────────────────────────────────────────────────────────────────────────────────────

export interface TableShape extends TableName {
  readonly columns: readonly ColumnShape[]
  /** Names of the key's columns, in key order; empty where the table has none. */
  readonly key: readonly string[]
}

/** What the bundle says of an entity. */
export interface EntityShape {
  readonly id: string
  readonly name: string
  readonly table: TableName
  readonly serverTable: TableName
  readonly columns: readonly EntityColumn[]
  readonly writable: boolean
  readonly pattern: string
  /** A condition over the server's row `b` and `session`, or null. */
  readonly scope: string | null
  /** False where rows are sent and never come back. */
  readonly pulled: boolean
  /** On demand: the server's columns by which rows are chosen. */
  readonly chosenBy: readonly string[] | null
}

export interface EntityColumn {
  readonly name: string
  /** The server's column; null where the value is read from another table, or computed. */
  readonly serverName: string | null
  /** Its value on the server, as an expression over the row `b`. */
  readonly serverValue: string
  /** Encrypted on the device, so that SQL there can't compare it. */
  readonly hidden: boolean
  /** A file: on the device the column has the content's name, and entity actions take the content. */
  readonly file: boolean
}

export interface TableName {
  readonly schema: string
  readonly name: string
}

export interface ColumnShape {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly hasDefault: boolean
  /** Generated columns and identity `always`. */
  readonly writable: boolean
  /** An enum's values. */
  readonly values: readonly string[] | null
}

// ── Calls ───────────────────────────────────────────────────────────────────────────────────────

export interface Statement {
  readonly text: string
  readonly params: readonly (string | null | readonly (string | null)[])[]
}

export interface CarriedRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

export interface CarriedResponse {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** What both roles answer. */
export type DatabaseMethods = {
  readonly query: (statement: Statement) => Promise<Row[]>
}

/** A write by the device's entity actions, as the app makes it; SQL can't write what is encrypted. */
export type EntityWrite = { readonly entity: string; readonly values: Input } & (
  | { readonly kind: 'create' }
  | { readonly kind: 'update'; readonly key: KeyInput }
)

/** A row's attribute that is a file; the entity by its accessor. */
export interface FilePlace {
  readonly entity: string
  readonly key: KeyInput
  readonly attribute: string
}

export type DeviceMethods = DatabaseMethods & {
  readonly start: (options: StartDevice) => Promise<Started>
  readonly write: (write: EntityWrite) => Promise<void>
  readonly file: (place: FilePlace) => Promise<Uint8Array | null>
  readonly sync: (unit: string) => Promise<SyncOutcome>
  readonly status: (nothing: null) => SyncStatus
  readonly setOnline: (online: boolean) => void
  /** Something changed on the server. */
  readonly poke: (nothing: null) => void
  readonly listConflicts: (nothing: null) => Promise<readonly ConflictRecord[]>
  readonly resolveConflict: (choice: {
    readonly id: string
    readonly resolution: 'local' | 'server' | Input
  }) => Promise<void>
  /** Keys chosen of an entity on demand, by its accessor. */
  readonly listChosen: (entity: string) => Promise<readonly Row[]>
  readonly choose: (choice: { readonly entity: string; readonly key: KeyInput }) => Promise<void>
  readonly release: (choice: { readonly entity: string; readonly key: KeyInput }) => Promise<void>
  readonly listQuarantine: (nothing: null) => Promise<QuarantinedGroup[]>
  readonly retryQuarantined: (id: string) => Promise<void>
  readonly discardQuarantined: (id: string) => Promise<void>
}

export type ServerMethods = DatabaseMethods & {
  readonly start: (options: StartServer) => Promise<Started>
  readonly fetch: (request: CarriedRequest) => Promise<CarriedResponse>
}

/** What a worker may ask of the page: a device the simulated network, the server the libraries of its database. */
export type PageMethods = {
  readonly carry: (request: CarriedRequest) => Promise<CarriedResponse>
  /** The library of an extension of PostgreSQL, or null where there is none of that name. */
  readonly extension: (name: string) => Promise<Blob | null>
}

export type WorkerEvent =
  | { readonly kind: 'starting'; readonly step: StartStep }
  | { readonly kind: 'status'; readonly status: SyncStatus }
  | { readonly kind: 'change'; readonly entities: readonly string[]; readonly origin: 'local' | 'sync' }
  | { readonly kind: 'sync-started'; readonly unit: string }
  | { readonly kind: 'sync-completed'; readonly outcome: Extract<SyncOutcome, { kind: 'completed' }> }
  | { readonly kind: 'sync-failed'; readonly unit: string; readonly error: SyncError }
  | { readonly kind: 'conflict'; readonly id: string }
  | { readonly kind: 'quarantined'; readonly message: string }
  | { readonly kind: 'step'; readonly unit: string; readonly node: string }
