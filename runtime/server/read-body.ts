/** Reads a request's JSON, and not more of it than the bound (P7). */
import { RequestFault } from './faults'

export async function readBody(request: Request, maxBytes: number): Promise<unknown> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBytes) throw tooLarge(maxBytes)
  const chunks: Uint8Array[] = []
  let size = 0
  // A body's declared length may be missing or wrong; what counts is what comes.
  const reader = request.body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBytes) {
      await reader.cancel()
      throw tooLarge(maxBytes)
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new RequestFault(
      400,
      'invalid-message',
      'The request is not JSON in UTF-8. Send the body that the protocol describes.',
    )
  }
}

function tooLarge(maxBytes: number): RequestFault {
  const megabytes = Math.max(1, Math.round(maxBytes / 1024 / 1024))
  return new RequestFault(
    413,
    'invalid-message',
    `The request is larger than the ${megabytes} MB that the server takes. Send fewer edits at once.`,
  )
}
