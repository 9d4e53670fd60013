/**
 * What crosses the wire: one request, one answer, both JSON, both refused as a whole unless they have
 * this shape.
 *
 *   device ── POST /sync { push: groups, pull: cursors } ──► server
 *          ◄── { outcomes: one a group, page: rows at one snapshot } ──
 *
 * Invariants
 * - Entities and attributes travel by stable id (S1).
 * - Every value is PostgreSQL's own text form or null, so that none is ever rounded or re-encoded (V1).
 * - The same request may arrive twice; the second changes nothing and is answered alike (P1).
 */
import * as z from 'zod/mini'
import { PROTOCOL_VERSION } from './version'

export { PROTOCOL_VERSION }

const Text = z.string()
const WireValue = z.nullable(z.string())
const WireKey = z.array(z.string())
const WireValues = z.record(z.string(), WireValue)

/** What every edit tells besides what it does. */
const made = {
  entity: Text,
  key: WireKey,
  /** The cursor of the entity when the edit was made: what its author saw. Null before the first pull. */
  base: WireValue,
  /** When it was made, milliseconds since 1970 by the device's clock. */
  at: z.int(),
  /** Id of the conflict that the edit resolves. */
  resolves: WireValue,
}

const Edit = z.discriminatedUnion('op', [
  z.object({ op: z.literal('create'), ...made, set: WireValues }),
  /** `was`: the written attributes as they were before; the whole row where the pattern handles conflicts. */
  z.object({ op: z.literal('update'), ...made, set: WireValues, was: WireValues }),
  z.object({ op: z.literal('delete'), ...made, was: WireValues }),
])

/** One local transaction: applied whole or not at all, but for rows that meet a conflict. */
const Group = z.object({ id: z.uuid(), edits: z.array(Edit).check(z.minLength(1)) })

const PullRequest = z.object({
  entity: Text,
  /** Which attributes the device keeps, and the order it wants them in. */
  attributes: z.array(Text),
  /** What the device's last pull of the entity ended with, unread; null asks for everything. */
  cursor: WireValue,
  /** For entities on demand: the values of the choosing attributes; null elsewhere. */
  chosen: z.nullable(z.array(WireKey)),
  /** Asks for the digest of the entity's rows at the pull's end. */
  verify: z.boolean(),
})

/** A conflict that the server had left to the device, and that ended there without an edit which would tell of it. */
const EndedConflict = z.object({
  id: z.uuid(),
  /**
   * `kept-server`: whoever decided took the server's version; `deleted`: the row is gone here and there; `replaced`: its
   * row met another conflict, which is listed in its place; `refused`: its resolution was refused, and is in quarantine.
   */
  decision: z.enum(['kept-server', 'deleted', 'replaced', 'refused']),
})

export const SyncRequest = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  schemaHash: Text,
  device: z.uuid(),
  /** The device's clock when it sent this, milliseconds since 1970: tells how long ago edits were made, whatever the clock shows. */
  sentAt: z.int(),
  push: z.array(Group),
  pull: z.array(PullRequest),
  /** The `next` of the page before, when this request continues a pull. */
  resume: WireValue,
  /** Told until a request with it was answered. */
  ended: z.optional(z.array(EndedConflict)),
})

const KeyMapping = z.object({ entity: Text, temporary: WireKey, key: WireKey })

/** A row as the session may see it, attributes by id; null where it sees none. */
const VisibleRow = z.object({ entity: Text, key: WireKey, row: z.nullable(WireValues) })

export const CONFLICT_KINDS = [
  'update-update',
  'update-delete',
  'delete-update',
  'key-taken',
  'unique-taken',
  'parent-missing',
  'children-left',
] as const

/** A row of a group that met a write that its author had not seen. Images by attribute id. */
const ConflictReport = z.object({
  id: z.uuid(),
  entity: Text,
  /** As the device knows it. */
  key: WireKey,
  kind: z.enum(CONFLICT_KINDS),
  base: z.nullable(WireValues),
  local: z.nullable(WireValues),
  server: z.nullable(WireValues),
  /** The cursor that sees the server's version: what a resolution is based on. */
  version: Text,
  localAt: z.int(),
  serverUser: z.nullable(Text),
  serverAt: z.nullable(z.int()),
  /** `parked`: a person decides; `device`: the device's handler does; the others are settled, and the pull brings the result. */
  decision: z.enum(['parked', 'device', 'kept-local', 'kept-server', 'resolved']),
})

const Outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('applied'),
    id: z.uuid(),
    /** Keys that the server made for rows created in this group. */
    keys: z.array(KeyMapping),
    /** Rows of which the server took less than was sent, because a later write stays; null for all attributes. */
    overruled: z.array(z.object({ entity: Text, key: WireKey, attributes: z.nullable(z.array(Text)) })),
    conflicts: z.array(ConflictReport),
  }),
  z.object({
    kind: z.literal('refused'),
    id: z.uuid(),
    reason: z.enum([
      'not-allowed',
      'unknown-entity',
      'row-deleted',
      'constraint',
      'invalid-value',
      'too-large',
      'file-missing',
    ]),
    message: Text,
    rows: z.array(VisibleRow),
  }),
])

const PageEntity = z.object({
  entity: Text,
  /** True when what the device holds beside these rows is to go: they are the whole. */
  full: z.boolean(),
  /**
   * In the text format of PostgreSQL's COPY: a line a row, values in the order of the request's `attributes`, parted by
   * tabs, `\N` for null, each line ended by a line feed. No key comes twice in one page.
   */
  rows: Text,
  rowCount: z.int().check(z.minimum(0)),
  deleted: z.array(WireKey),
})

/** The number of an entity's rows, and the sum of their digests (see `core/digest`), in decimal. */
const Digest = z.object({ rows: z.int(), sum: Text })

const Page = z.object({
  entities: z.array(PageEntity),
  /** Given while there is more: goes into the next request's `resume`. */
  next: WireValue,
  /** Given on the last page, by entity: the snapshot that all pages together show. */
  cursors: z.nullable(z.record(z.string(), Text)),
  /** Given on the last page for the entities that asked. */
  digests: z.record(z.string(), Digest),
})

export const SyncResponse = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  outcomes: z.array(Outcome),
  page: z.nullable(Page),
})

export const ErrorResponse = z.object({
  error: z.object({
    kind: z.enum([
      'unauthenticated',
      'invalid-message',
      'incompatible',
      'too-large',
      'busy',
      'server-failed',
      'not-found',
    ]),
    message: Text,
    /** How long to wait before trying again, where the server knows. */
    retryAfterMs: z.optional(z.int()),
  }),
})

export type Edit = z.infer<typeof Edit>
export type Group = z.infer<typeof Group>
export type PullRequest = z.infer<typeof PullRequest>
export type EndedConflict = z.infer<typeof EndedConflict>
export type SyncRequest = z.infer<typeof SyncRequest>
export type Outcome = z.infer<typeof Outcome>
export type KeyMapping = z.infer<typeof KeyMapping>
export type ConflictReport = z.infer<typeof ConflictReport>
export type Digest = z.infer<typeof Digest>
export type VisibleRow = z.infer<typeof VisibleRow>
export type Page = z.infer<typeof Page>
export type PageEntity = z.infer<typeof PageEntity>
export type SyncResponse = z.infer<typeof SyncResponse>
export type ErrorResponse = z.infer<typeof ErrorResponse>
export type WireValue = string | null
export type WireKey = readonly string[]
export type WireValues = { readonly [attribute: string]: WireValue }
