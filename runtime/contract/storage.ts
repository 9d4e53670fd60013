/**
 * What a device needs of whatever keeps its rows. PGlite, SQLite and memory each answer it; all that is decided
 * about edits, pulls and conflicts is decided once, above it, in `storage/device-store`.
 *
 *   app ─► write ─► rows, captured as edits          sync ─► rows, edits, shadows … as told, captured never
 *
 * Invariants
 * - `write` and `sync` are each one transaction: killed at any moment, it happened or it did not (D1).
 * - Every write that the app makes inside `write`, by whatever means, is captured in the same transaction (C1); in SQL
 *   stores so is every write that is made beside it.
 * - A row has a shadow (what the server last said of it) while it has edits: capture makes it with a row's first edit,
 *   and `removeEdits` takes it away with the last. Beside those, rows that are kept for the sake of others have one, which
 *   says that the server has no such row (`device-store/keep-references`).
 * - Inside `sync` nothing is captured and no reference acts on the rows that refer to what is written (L11).
 * - Keys and images are PostgreSQL's text form. The same value has the same text in every store.
 */
import type { AttributeContract, Bundle, EntityContract } from './bundle'
import type { Input, ListOptions, Row } from './values'

/** Opened by `openPGlite`, `openSqlite` or `openMemory`; `createDevice` does the rest. */
export interface Storage {
  readonly kind: 'pglite' | 'sqlite' | 'memory'
  /** Opens what a device of the bundle keeps here, making it or carrying it over from another bundle (S3). */
  readonly openTables: (bundle: Bundle, ports: StoragePorts) => Promise<DeviceTables>
  readonly close: () => Promise<void>
}

export interface StoragePorts {
  /** Uniformly random bytes: for ids and keys. */
  readonly randomBytes: (length: number) => Uint8Array
}

export interface DeviceTables {
  /** A random id made when this database was made. */
  readonly deviceId: string
  /** Runs the app's own statements; `nowMs` is what `now()` means in them, milliseconds since 1970. */
  readonly write: <T>(nowMs: number, fn: (tx: LocalTransaction) => Promise<T>) => Promise<T>
  readonly sync: <T>(fn: (tx: SyncTransaction) => Promise<T>) => Promise<T>
  /** Outside of any transaction, by one read: an empty sync costs no more. */
  readonly state: () => Promise<TableState>
  /** Removes everything of the device from the storage; the tables can't be used after it. */
  readonly wipe: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Entities by id, keys in key order as the API's values, values by attribute name. */
export interface LocalTransaction {
  /** Rejects where the store has no SQL. */
  readonly query: (text: string, params?: readonly unknown[]) => Promise<Row[]>
  readonly create: (entity: EntityContract, values: Input) => Promise<Row>
  /** Null where no row has the key. */
  readonly update: (entity: EntityContract, key: readonly unknown[], changes: Input) => Promise<Row | null>
  readonly remove: (entity: EntityContract, key: readonly unknown[]) => Promise<boolean>
  readonly get: (entity: EntityContract, key: readonly unknown[]) => Promise<Row | null>
  readonly list: (entity: EntityContract, options: ListOptions) => Promise<Row[]>
}

export type Key = readonly string[]
/** Attribute id to PostgreSQL's text form. */
export type Image = { readonly [attribute: string]: string | null }

export interface RowRef {
  readonly entity: string
  readonly key: Key
}

export type EditOperation = 'create' | 'update' | 'delete'

/**
 * What capture writes of an edit. `set`: a create has every writable attribute but nulls that no default of the device
 * stands behind, so that the server's default can act; an update has what it changed, or every writable attribute where
 * `capturesWholeRow(entity.pattern)`; a delete nothing. `was`: what the attributes of `set` were; the whole row, of
 * deletes too, where `capturesBase(entity.pattern)`.
 */
export interface NewEdit extends RowRef {
  readonly op: EditOperation
  readonly set: Image
  readonly was: Image
  /** The entity's cursor when the edit was made (C4). */
  readonly base: string | null
  readonly at: number
  readonly resolves: string | null
}

export interface StoredEdit extends NewEdit {
  /** Grows with each edit. */
  readonly seq: number
  /** The local transaction that made it; one group's edits share it, or follow each other. */
  readonly transaction: string
  /** Given once it is sealed to be sent. */
  readonly group: string | null
  /** Id of the parked conflict that holds it back. */
  readonly parkedBy: string | null
}

export interface SyncTransaction {
  // ── Small things ──
  readonly state: () => Promise<TableState>
  /** A value of `TableState.meta`; null removes it. */
  readonly setMeta: (name: string, value: string | null) => Promise<void>
  /** Null forgets it: the next pull brings everything. */
  readonly setCursors: (cursors: ReadonlyMap<string, string | null>) => Promise<void>

  // ── Outbox ──
  /** Writes edits as capture would, all of one new transaction, and the shadow `image` where the row has none. */
  readonly addEdits: (edits: readonly (NewEdit & { readonly shadow: Image | null })[]) => Promise<void>
  /** Local transactions with unsealed edits that nothing holds back and that are no younger than `upTo`, oldest first. */
  readonly unsealed: (
    upTo: number,
    limit: number,
  ) => Promise<readonly { readonly transaction: string; readonly rows: readonly RowRef[] }[]>
  readonly seal: (groupOfTransaction: ReadonlyMap<string, string>) => Promise<void>
  /** Edits of the oldest sealed groups, in order, whole groups only; the first group even where it is beyond the limit. */
  readonly sealed: (limit: OutboxLimit) => Promise<readonly StoredEdit[]>
  /** Rows of which nothing is sealed, that were created here and then deleted, youngest first. */
  readonly cancelled: () => Promise<readonly RowRef[]>
  /** Those of the rows of whose key an unsealed edit of a row beside them speaks: a value of it is in its key or in its `set`. */
  readonly mentioned: (rows: readonly RowRef[]) => Promise<readonly RowRef[]>
  readonly editsOfGroups: (groups: readonly string[]) => Promise<readonly StoredEdit[]>
  readonly editsOfRows: (rows: readonly RowRef[]) => Promise<readonly StoredEdit[]>
  /** Removes the shadows of rows that are left without edits, too. */
  readonly removeEdits: (seqs: readonly number[]) => Promise<void>
  /**
   * Holds back what is unsealed of each row, parked edits included, and what of it is in one of the groups, which these
   * edits leave: a parked edit has no group.
   */
  readonly parkEdits: (
    rows: readonly (RowRef & { readonly conflict: string })[],
    groups: readonly string[],
  ) => Promise<void>
  /** True where edits no younger than `upTo` wait that are in none of the groups and not held back; `onlySealed`: in some group. */
  readonly hasMore: (exceptGroups: readonly string[], upTo: number, onlySealed: boolean) => Promise<boolean>

  // ── Shadows and rows ──
  /** A row without a shadow is not in the map; null is a shadow that says the server has no such row. */
  readonly shadows: (entity: string, keys: readonly Key[]) => Promise<ReadonlyMap<string, Image | null>>
  readonly putShadows: (entity: string, shadows: readonly (readonly [Key, Image | null])[]) => Promise<void>
  /** For rows that have no edits. */
  readonly removeShadows: (entity: string, keys: readonly Key[]) => Promise<void>
  /** Ids of the entities of which rows have shadows. */
  readonly shadowed: () => Promise<readonly string[]>
  readonly images: (entity: string, keys: readonly Key[]) => Promise<ReadonlyMap<string, Image>>
  /** Inserts or replaces. */
  readonly putImages: (entity: string, images: readonly Image[]) => Promise<void>
  readonly removeRows: (entity: string, keys: readonly Key[]) => Promise<void>
  /** Rows that were deleted here and that the server still has: their youngest edit is a delete, their shadow a row. */
  readonly deletedHere: () => Promise<readonly RowRef[]>
  /**
   * Those of the keys of `target` to which a shown row of `entity` refers by the attributes, which stand in the order of
   * the key; of an attribute that is a file, those of the names that a shown row has there.
   */
  readonly referredKeys: (
    target: string,
    keys: readonly Key[],
    entity: string,
    attributes: readonly string[],
  ) => Promise<readonly Key[]>
  /** Rows that have a shadow which says that the server has no such row, and no edits. */
  readonly keptRows: () => Promise<readonly RowRef[]>
  /** What shown rows of the entity that have edits have in the attributes: each once, and none of which a part is null. */
  readonly editedReferences: (entity: string, attributes: readonly string[]) => Promise<readonly Key[]>
  /** Every row as the server has it: shadows where there are some, rows elsewhere. In no order. */
  readonly serverImages: (entity: string, each: (images: readonly Image[]) => void | Promise<void>) => Promise<void>
  /** The digest of `serverImages`, of the attributes in the entity's order, where the store computes it faster than `core/digest` would. */
  readonly digest?: (entity: string) => Promise<{ readonly rows: number; readonly sum: string }>

  // ── Keys that the server made ──
  /**
   * Puts values in the place of others in one attribute of one entity: in rows, edits (`key`, `set`, `was`) and shadows.
   * Answers how many rows changed. What refers to the attribute, and what stands in records, is the caller's.
   */
  readonly replaceValues: (entity: string, attribute: string, values: ReadonlyMap<string, string>) => Promise<number>

  // ── A pull under way ──
  /** Keeps a page's part aside as it came; a later page's rows stand over an earlier one's. */
  readonly stage: (page: StagedPart) => Promise<void>
  readonly stagedEntities: () => Promise<readonly { readonly entity: string; readonly full: boolean }[]>
  readonly unstage: () => Promise<void>
  /**
   * Shows what is staged of the entity: rows that have no shadow are written by set; where `full`, rows that are neither
   * staged nor have a shadow go. Answers how many staged rows there were, and what the stage says of rows with a shadow:
   * `image` null where it says that the row is gone. Of a full stage, rows with a shadow that it does not mention are
   * answered as gone.
   */
  readonly applyStaged: (
    entity: string,
    full: boolean,
  ) => Promise<{
    readonly rows: number
    readonly edited: readonly { readonly key: Key; readonly image: Image | null }[]
  }>

  // ── What waits for a person, and what was chosen ──
  readonly putRecord: (kind: RecordKind, record: StoredRecord) => Promise<void>
  readonly records: (kind: RecordKind) => Promise<readonly StoredRecord[]>
  readonly removeRecord: (kind: RecordKind, id: string) => Promise<void>
}

/** `quarantine`: refused groups by group id; `conflict`: parked conflicts; `chosen`: keys chosen on demand. */
export type RecordKind = 'quarantine' | 'conflict' | 'chosen'

export interface StoredRecord {
  readonly id: string
  /** JSON. */
  readonly body: string
}

export interface OutboxLimit {
  readonly groups: number
  readonly edits: number
  readonly bytes: number
}

export interface StagedPart {
  readonly entity: string
  readonly attributes: readonly string[]
  readonly full: boolean
  /** COPY text, as the wire brings it. */
  readonly rows: string
  readonly rowCount: number
  readonly deleted: readonly Key[]
}

export interface TableState extends TableCounts {
  readonly cursors: ReadonlyMap<string, string>
  /** What `setMeta` wrote. */
  readonly meta: ReadonlyMap<string, string>
}

export interface TableCounts {
  /** Edits in the outbox, parked ones included. */
  readonly pendingEdits: number
  /** The seq of the youngest edit ever captured, 0 before the first. */
  readonly lastSeq: number
  readonly quarantined: number
  readonly conflicts: number
}

/** Whether an update's `set` names every writable attribute, so that the whole row is written. */
export function capturesWholeRow({ pattern }: EntityContract): boolean {
  return pattern.kind === 'last-write-wins' && pattern.granularity === 'row'
}

/** Whether an edit's `was` is the whole row: the conflict's base. */
export function capturesBase({ pattern }: EntityContract): boolean {
  return pattern.kind === 'conflict-detection' || pattern.kind === 'one-to-many'
}

/** Whether the attribute is a column of the server's table: what is derived is no part of edits and conflicts. */
export function isStored({ derived }: AttributeContract): boolean {
  return derived === undefined
}

/** The text by which maps know a key. */
export function keyText(key: Key): string {
  return JSON.stringify(key)
}
