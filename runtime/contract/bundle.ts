/**
 * What a bundle is: the data and the few functions that a compiler must produce and on which the
 * client and the server run. The runtime owns this format and knows nothing of graphs.
 *
 * Invariants
 * - Everything is known by a stable id; names are only what SQL and people see. A rename changes a
 *   name and never an id, on the wire, in the outbox and in a device's database.
 * - This file imports nothing, because a copy of it travels in every exported bundle (`src/runtime/`).
 */

/** Raised when a bundle of an older shape can no longer be run. */
export const BUNDLE_VERSION = 2

export interface Bundle {
  readonly bundleVersion: typeof BUNDLE_VERSION
  readonly projectId: string
  readonly projectName: string
  /** Changes whenever something changes that a device's database or the wire depends on. */
  readonly schemaHash: string
  /** Enum and domain types that the entities' attributes use, in an order in which they can be created. */
  readonly types: readonly TypeContract[]
  /** Parents before children where the references allow it. */
  readonly entities: readonly EntityContract[]
  readonly units: readonly UnitContract[]
  /** The conflict handlers that patterns name. */
  readonly handlers: readonly HandlerContract[]
}

export type TypeContract =
  | { readonly kind: 'enum'; readonly name: string; readonly values: readonly string[] }
  /** `baseType` is given as an attribute's `type` is. */
  | { readonly kind: 'domain'; readonly name: string; readonly baseType: string }

export interface EntityContract {
  readonly id: string
  /** The accessor in `device.entities`, PascalCase. */
  readonly name: string
  /** The table on the device, in schema `public`. */
  readonly table: string
  readonly server: ServerTableContract
  /** In the order of the columns. */
  readonly attributes: readonly AttributeContract[]
  /** Attribute ids of the key, in key order; never empty. */
  readonly key: readonly string[]
  readonly keyStrategy: KeyStrategy
  readonly direction: Direction
  readonly pattern: PatternContract
  /** References to other entities of this bundle whose attributes are all on the device. */
  readonly references: readonly ReferenceContract[]
  /** Sets of attribute ids that are unique on the server, besides the key. */
  readonly uniques: readonly (readonly string[])[]
  /** Indexes that the device keeps besides the key's. */
  readonly indexes: readonly IndexContract[]
  readonly scope: ScopeContract
}

export interface IndexContract {
  readonly attributes: readonly string[]
  readonly unique: boolean
}

/** Which rows a session reads and writes; null for no bound. */
export interface ScopeContract {
  readonly read: ScopeRule | null
  /** What a session may write must lie in `read` too: nobody changes what he can't see. */
  readonly write: ScopeRule | null
}

export interface ScopeRule {
  /**
   * An SQL condition over the server's row `b` and the session: `session.claims` (jsonb), `session.user_name`
   * (text) and `session.at` (timestamptz, the time of the pull or push). Null counts as false.
   */
  readonly where: string
  /** Columns of the server's table that it reads: their old values are kept when a row may have left the scope. */
  readonly columns: readonly string[]
  /** Claims that it reads, by name; a device whose claims change pulls the entity anew. Null: may be any. */
  readonly claims: readonly string[] | null
  /** Other tables that it reads; a change in one makes the next pull a full one. Null: may be any. */
  readonly tables: readonly ScopeTable[] | null
  /** True where it reads `session.at`, so that rows come and go with time alone. */
  readonly readsTime: boolean
}

export interface ScopeTable extends ServerTableContract {
  /** Columns of its key on the server; a table without one is tracked by its changes alone. */
  readonly key: readonly string[]
}

export interface ServerTableContract {
  /** Stable id of the server entity; names the tracking table. */
  readonly id: string
  readonly schema: string
  readonly table: string
}

/** Who makes the key of a new row: the device (UUID), the server (identity, serial), or the user. */
export type KeyStrategy = 'device-uuid' | 'server' | 'natural'

/** `down`: the device only reads. `up`: it only sends. */
export type Direction = 'both' | 'down' | 'up'

export interface AttributeContract {
  readonly id: string
  /** The column on the device. */
  readonly name: string
  /** The column on the server. */
  readonly column: string
  /** A PostgreSQL type as `format_type` prints it, or the name of one of the bundle's types. */
  readonly type: string
  readonly nullable: boolean
  /** An SQL expression that also holds on a device, or null. */
  readonly default: string | null
  /** True where the device may not write it: generated columns and whatever the model marks so. */
  readonly readOnly: boolean
  /** Encrypted on the device: its column there is text. Never part of a key, a reference, a unique set or an index. */
  readonly sensitive: boolean
  /** True where a device may not leave it empty in what it writes, although the server may. */
  readonly required?: boolean
  /** Where the value comes from, where `column` is no column of the server's table. Such an attribute is read-only. */
  readonly derived?: DerivedSource
  /**
   * The type of the server's column, where its value is a file: `type` is text then, and all that is synced is the
   * content's name, its SHA-256 in hex. Never part of a key, a reference, a unique set or an index, nor sensitive or derived.
   */
  readonly file?: 'bytea' | 'text'
}

/** A value that the server works out whenever it sends the row. */
export type DerivedSource =
  /** `column` of the table at the end of `path`; null where the path leads to no row. */
  | { readonly kind: 'joined'; readonly path: readonly JoinStep[]; readonly column: string }
  /** An SQL expression over the server's row `b` alone; `columns` are those that it reads. */
  | { readonly kind: 'computed'; readonly sql: string; readonly columns: readonly string[] }

/** One foreign key on the way from a row to what is read of another. */
export interface JoinStep {
  /** The table that it leads to. */
  readonly table: ScopeTable
  /** Columns of the table before, and the columns that they refer to. */
  readonly columns: readonly string[]
  readonly referencedColumns: readonly string[]
}

export type PatternContract =
  /** The whole, each time: staged and swapped. */
  | { readonly kind: 'read-only' }
  | { readonly kind: 'read-only-delta' }
  | {
      readonly kind: 'last-write-wins'
      /** Which of two writes is the last: the one that reaches the server later, or the one that was made later. */
      readonly decidedBy: 'arrival' | 'edit-time'
      /** `row`: an edit writes every attribute as its author saw it; `attribute`: only those that it changed. */
      readonly granularity: 'row' | 'attribute'
    }
  | ({ readonly kind: 'conflict-detection'; readonly granularity: 'row' | 'attribute' } & ConflictSettings)
  /** A row and the rows of `children` that refer to it are one whole; last write wins but for what would tear it. */
  | ({ readonly kind: 'one-to-many'; readonly children: readonly string[] } & ConflictSettings)
  /** Rows are made on the device, sent, and forgotten there once the server has them. */
  | { readonly kind: 'append-only' }
  /** Writes of different devices are put together, by attribute id; an attribute without a policy is `latest`. */
  | { readonly kind: 'merge'; readonly policies: { readonly [attribute: string]: MergePolicy } }
  /** Only rows whose `chosenBy` attributes (a reference to a parent, or the key) have values that the app chose. */
  | { readonly kind: 'on-demand'; readonly chosenBy: readonly string[] }

/** `counter`: differences add up; `set`: elements of an array come and go one by one; `latest`: the last write stays. */
export type MergePolicy = 'counter' | 'set' | 'latest'

export interface ConflictSettings {
  /** Id of the bundle's handler. */
  readonly handler: string
  readonly handledOn: 'server' | 'device'
  /** True: while a conflict of the entity is parked on a device, its units that pull or push the entity do not run there. */
  readonly blocksSync: boolean
}

/** Decides a conflict: pure, and the same on device, server and preview. */
export interface HandlerContract {
  readonly id: string
  readonly name: string
  /** Changes with what it does. */
  readonly version: string
  readonly decide: (conflict: ConflictCase) => Decision
}

/**
 * `update-update`: both changed the row; `update-delete`: changed here, deleted there; `delete-update`: the other way
 * round; `key-taken`, `unique-taken`: created here with a value that another row has; `parent-missing`: it refers to
 * a row that is gone; `children-left`: deleted here, but rows that the device does not know refer to it.
 */
export type ConflictKind =
  | 'update-update'
  | 'update-delete'
  | 'delete-update'
  | 'key-taken'
  | 'unique-taken'
  | 'parent-missing'
  | 'children-left'

/** Attribute name on the device to PostgreSQL's text form. */
export type NamedValues = { readonly [name: string]: string | null }

export interface ConflictCase {
  readonly kind: ConflictKind
  readonly entity: string
  /** The row as the edit's author saw it, as he left it, and as the server has it; null where there is none. */
  readonly base: NamedValues | null
  readonly local: NamedValues | null
  readonly server: NamedValues | null
  readonly localUser: string
  /** Milliseconds since 1970: when the edit was made, by the server's clock. */
  readonly localAt: number
  /** Who wrote the server's version, where it is known. */
  readonly serverUser: string | null
  readonly serverAt: number | null
}

export type Decision =
  | { readonly kind: 'keep-local' }
  | { readonly kind: 'keep-server' }
  /** The given values over the server's row, or over the local one where the server has none. */
  | { readonly kind: 'resolve'; readonly values: NamedValues }
  | { readonly kind: 'park' }

export interface ReferenceContract {
  readonly attributes: readonly string[]
  /** Id of the entity that is referred to. */
  readonly entity: string
  readonly referencedAttributes: readonly string[]
  readonly onDelete: ReferentialAction
}

export type ReferentialAction = 'no-action' | 'restrict' | 'cascade' | 'set-null' | 'set-default'

export interface UnitContract {
  readonly id: string
  readonly name: string
  /** Ids of the unit's entities. */
  readonly entities: readonly string[]
  readonly triggers: UnitTriggers
  readonly retry: UnitRetry
  /** Of the units that wait, the one with the highest runs first. */
  readonly priority: number
  /** `unmetered`: triggers other than the app's own wait for a connection that costs nothing. */
  readonly network: 'any' | 'unmetered'
  /** The unit's flow, from its start node to its end. */
  readonly run: (flow: UnitFlow) => Promise<void>
}

export interface UnitTriggers {
  /** Run when the device comes back online. */
  readonly onOnline: boolean
  /** Run when the device is opened with a session. */
  readonly onLogin: boolean
  /** Run when the app comes back to the foreground. */
  readonly onResume: boolean
  /** Run again and again while online; null for never. */
  readonly intervalMs: number | null
  /** Run this long after the last of some local changes; null for never. */
  readonly afterLocalChangeMs: number | null
  /** Run when the server says that something changed. */
  readonly onPoke: boolean
}

export interface UnitRetry {
  /** Whether a run that failed for a reason that may pass is repeated by itself. */
  readonly onError: boolean
  /** Before the first repetition. */
  readonly intervalMs: number
  /** `exponential` doubles the interval each time, up to an hour. */
  readonly backoff: 'fixed' | 'exponential'
}

/** What a unit's compiled flow can do. Entities are given by id. */
export interface UnitFlow {
  /** Announces the node that runs next: for traces, breakpoints and crash tests. */
  readonly step: (nodeId: string) => Promise<void>
  /**
   * One `POST /sync`: sends what is pending (when `push` is set) and applies what came back for the
   * entities of `pull`, all of them at one server snapshot and in one local transaction.
   */
  readonly exchange: (exchange: { readonly push: boolean; readonly pull: readonly string[] }) => Promise<void>
}
