/** Reads a body, and not more of it than a bound. */

/** An answer that would not fit into the device's memory; asking again brings the same one. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError'
  readonly kind = 'too-large'
  constructor(maxBytes: number) {
    super(
      `The server's answer is larger than the ${Math.max(1, Math.round(maxBytes / 1024 / 1024))} MB that this device takes. Lower the server's page size, or raise maxAnswerBytes.`,
    )
  }
}

/** Null where the body is longer; then the rest of it is not read. */
export async function readBounded(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBytes) {
      // Who is cancelled may fail at it; the answer is the same.
      await reader.cancel().catch(() => undefined)
      return null
    }
    chunks.push(value)
  }
  if (chunks.length === 1 && chunks[0]) return chunks[0]
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
