/**
 * How contents of files travel, beside the syncs that name them: by the same `POST /sync`, in parts, told from a sync by `file`.
 *
 *   device ── put: parts of contents ──► server        device ── get: a row's attribute, a place in it ──► server
 *          ◄── how much there is of each ──                   ◄── the part that begins there ──
 *
 * Invariants
 * - A name is the SHA-256 of the content: what arrives is checked against it, on both sides.
 * - A put may arrive twice, or be broken off; the next one is told where to go on.
 */
import * as z from 'zod/mini'
import { PROTOCOL_VERSION } from './version'

const Name = z.string().check(z.regex(/^[\da-f]{64}$/))
const Place = z.int().check(z.minimum(0))

const Put = z.object({
  kind: z.literal('put'),
  parts: z
    .array(
      z.object({
        name: Name,
        /** Bytes of the whole content. */
        total: Place,
        /** Where the part begins. An empty part asks how much is there. */
        offset: Place,
        content: z.base64(),
      }),
    )
    .check(z.maxLength(1000)),
})

const Get = z.object({
  kind: z.literal('get'),
  entity: z.string(),
  key: z.array(z.string()),
  attribute: z.string(),
  name: Name,
  offset: Place,
})

export const FileRequest = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  file: z.discriminatedUnion('kind', [Put, Get]),
})

export type PutRequest = z.infer<typeof Put>
export type GetRequest = z.infer<typeof Get>
export type FileRequest = z.infer<typeof FileRequest>

/** In the order of the parts: how many bytes the server has; null of what it does not take. */
export interface PutAnswer {
  readonly have: readonly (number | null)[]
  /** Bytes of the largest content that it takes. */
  readonly max?: number
}

/** Null where the session sees no such row, or the row has another file by now. */
export interface GetAnswer {
  readonly part: { readonly total: number; readonly content: string } | null
}
