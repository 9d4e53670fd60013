/**
 * The place in a pull where the next page begins: the server keeps nothing, the device carries it, unread.
 *
 * Invariant: it is signed with a secret of the installation, because what it says, the time at which scopes are
 * evaluated among it, decides which rows are shown.
 */
import * as z from 'zod/mini'
import type { DatabaseTransaction } from '../../contract/api'

const Token = z.object({
  version: z.literal(3),
  /** The server that the pull began on. */
  server: z.string(),
  /** The start of its database at which this round began. */
  incarnation: z.string(),
  /** Entities of the pull, in its order. */
  parts: z
    .array(
      z.object({
        entity: z.string(),
        /** Of what is asked for; the pull can't go on when it is another. */
        signature: z.string(),
        /** True where the device gets the whole. */
        full: z.boolean(),
        /** What this round reads the changes since; null reads everything. */
        since: z.nullable(z.string()),
        /** The time of the cursor that the pull began with. */
        sinceMs: z.int(),
      }),
    )
    .check(z.minLength(1)),
  /** The snapshot at which this round began; what the round missed changed after it. */
  start: z.string(),
  /** What scopes mean by now, in all pages alike. */
  atMs: z.int(),
  /** Index of the part that is walked, whether its rows or its departures, and the key after which to go on. */
  at: z.int().check(z.minimum(0)),
  stage: z.enum(['rows', 'departures']),
  after: z.nullable(z.array(z.string())),
  pageRows: z.int().check(z.minimum(1), z.maximum(1_000_000)),
})

export type ResumeToken = z.infer<typeof Token>

export async function encodeResumeToken(tx: Pick<DatabaseTransaction, 'query'>, token: ResumeToken): Promise<string> {
  const body = encodeBase64(JSON.stringify(token))
  return `${body}.${await signature(tx, body)}`
}

/** Null where the text is no token of this version that this installation gave out. */
export async function decodeResumeToken(
  tx: Pick<DatabaseTransaction, 'query'>,
  text: string,
): Promise<ResumeToken | null> {
  const [body = '', signed] = text.split('.')
  if (!/^[A-Za-z0-9+/=]+$/.test(body) || signed !== (await signature(tx, body))) return null
  try {
    return Token.parse(JSON.parse(decodeBase64(body)))
  } catch {
    return null
  }
}

/** A hash over the secret and a hash over the secret and the text (as HMAC does, RFC 2104): it can't be extended. */
async function signature(tx: Pick<DatabaseTransaction, 'query'>, body: string): Promise<string> {
  const [row] = await tx.query(
    `select encode(sha256(convert_to(secret::text, 'UTF8') || sha256(convert_to(secret::text || $1::text, 'UTF8'))), 'hex') as signature
     from syncline.meta`,
    [body],
  )
  return String(row?.signature)
}

function encodeBase64(text: string): string {
  let binary = ''
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte)
  return btoa(binary)
}

function decodeBase64(text: string): string {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
