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
export const BUNDLE_VERSION = 1

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
}

export type TypeContract =
  | { readonly kind: 'enum'; readonly name: string; readonly values: readonly string[] }
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
}

export type PatternContract = { readonly kind: 'read-only-delta' } | { readonly kind: 'last-write-wins' }

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
  /** The unit's flow, from its start node to its end. */
  readonly run: (flow: UnitFlow) => Promise<void>
}

export interface UnitTriggers {
  /** Run when the device comes back online. */
  readonly onOnline: boolean
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
