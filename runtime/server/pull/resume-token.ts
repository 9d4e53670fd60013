/**
 * The place in a pull where the next page begins: the server keeps nothing, the device carries it, unread.
 */
import * as z from 'zod/mini'

const Token = z.object({
  version: z.literal(1),
  /** The server that the pull began on. */
  server: z.string(),
  /** Entities of the pull, in its order; `full` where the device is to get the whole. */
  entities: z
    .array(z.object({ entity: z.string(), full: z.boolean(), since: z.nullable(z.string()) }))
    .check(z.minLength(1)),
  /** The snapshot at which this round began; what the round missed changed after it. */
  start: z.string(),
  /** Index of the entity that is walked, and the key after which to go on. */
  at: z.int().check(z.minimum(0)),
  after: z.nullable(z.array(z.string())),
  pageRows: z.int().check(z.minimum(1), z.maximum(1_000_000)),
})

export type ResumeToken = z.infer<typeof Token>

export function encodeResumeToken(token: ResumeToken): string {
  const bytes = new TextEncoder().encode(JSON.stringify(token))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Null where the text is not a token of this version. */
export function decodeResumeToken(text: string): ResumeToken | null {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    return Token.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return null
  }
}
