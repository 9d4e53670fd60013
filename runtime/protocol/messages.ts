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

/** Raised when a message changes so that the other side of an older version can't read it. */
export const PROTOCOL_VERSION = 1

const Text = z.string()
const WireValue = z.nullable(z.string())
const WireKey = z.array(z.string())
const WireValues = z.record(z.string(), WireValue)

const Edit = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('create'),
    entity: Text,
    key: WireKey,
    set: WireValues,
  }),
  z.object({
    /** The cursor of the entity when the edit was made: what its author saw. Null before the first pull. */
    op: z.literal('update'),
    entity: Text,
    key: WireKey,
    set: WireValues,
    /** What the written attributes were before. */
    was: WireValues,
    base: WireValue,
  }),
  z.object({
    op: z.literal('delete'),
    entity: Text,
    key: WireKey,
    base: WireValue,
  }),
])

/** One local transaction: applied whole or not at all. */
const Group = z.object({ id: z.uuid(), edits: z.array(Edit).check(z.minLength(1)) })

const PullRequest = z.object({
  entity: Text,
  /** Which attributes the device keeps, and the order it wants them in. */
  attributes: z.array(Text),
  /** What the device's last pull of the entity ended with, unread; null asks for everything. */
  cursor: WireValue,
})

export const SyncRequest = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  schemaHash: Text,
  device: z.uuid(),
  push: z.array(Group),
  pull: z.array(PullRequest),
  /** The `next` of the page before, when this request continues a pull. */
  resume: WireValue,
})

const KeyMapping = z.object({ entity: Text, temporary: WireKey, key: WireKey })

/** A row as the session may see it, attributes by id; null where it sees none. */
const VisibleRow = z.object({ entity: Text, key: WireKey, row: z.nullable(WireValues) })

const Outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('applied'),
    id: z.uuid(),
    /** Keys that the server made for rows created in this group. */
    keys: z.array(KeyMapping),
  }),
  z.object({
    kind: z.literal('refused'),
    id: z.uuid(),
    reason: z.enum(['not-allowed', 'unknown-entity', 'row-deleted', 'constraint', 'invalid-value', 'too-large']),
    message: Text,
    rows: z.array(VisibleRow),
  }),
])

const PageEntity = z.object({
  entity: Text,
  /** True when what the device holds beside these rows is to go: they are the whole. */
  full: z.boolean(),
  /** Values in the order of the request's `attributes`. */
  rows: z.array(z.array(WireValue)),
  deleted: z.array(WireKey),
})

const Page = z.object({
  entities: z.array(PageEntity),
  /** Given while there is more: goes into the next request's `resume`. */
  next: WireValue,
  /** Given on the last page: the snapshot that all pages together show. */
  cursor: WireValue,
})

export const SyncResponse = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  outcomes: z.array(Outcome),
  page: z.nullable(Page),
})

export const ErrorResponse = z.object({
  error: z.object({
    kind: z.enum(['unauthenticated', 'invalid-message', 'incompatible', 'server-failed', 'not-found']),
    message: Text,
  }),
})

export type Edit = z.infer<typeof Edit>
export type Group = z.infer<typeof Group>
export type PullRequest = z.infer<typeof PullRequest>
export type SyncRequest = z.infer<typeof SyncRequest>
export type Outcome = z.infer<typeof Outcome>
export type KeyMapping = z.infer<typeof KeyMapping>
export type VisibleRow = z.infer<typeof VisibleRow>
export type Page = z.infer<typeof Page>
export type PageEntity = z.infer<typeof PageEntity>
export type SyncResponse = z.infer<typeof SyncResponse>
export type ErrorResponse = z.infer<typeof ErrorResponse>
export type WireValue = string | null
export type WireKey = readonly string[]
export type WireValues = { readonly [attribute: string]: WireValue }
