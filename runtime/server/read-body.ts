/** Reads a request's JSON, unpacked, and not more of it than the bound (P7). */
import { unpackedBody } from './compression'
import { RequestFault } from './faults'
import { WholeRequest } from './whole-body'

export async function readBody(request: Request, maxBytes: number): Promise<unknown> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > maxBytes) throw tooLarge(maxBytes)
  const isPlain = request instanceof WholeRequest && !request.headers.has('content-encoding')
  const bytes = isPlain ? request.whole : await readBytes(unpackedBody(request), maxBytes)
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw notJson()
  }
}

/** A body's declared length may be missing, wrong, or that of the packed one; what counts is what comes. */
async function readBytes(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
  while (reader) {
    const { done, value } = await reader.read().catch(() => {
      // What is no gzip, and a connection that broke; who sent the latter does not hear of it.
      throw notJson()
    })
    if (done) break
    size += value.byteLength
    if (size > maxBytes) {
      await reader.cancel().catch(() => undefined)
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
  return bytes
}

function notJson(): RequestFault {
  return new RequestFault(
    400,
    'invalid-message',
    'The request is not JSON in UTF-8, plain or as gzip. Send the body that the protocol describes.',
  )
}

function tooLarge(maxBytes: number): RequestFault {
  const megabytes = Math.max(1, Math.round(maxBytes / 1024 / 1024))
  return new RequestFault(
    413,
    'too-large',
    `The request is larger than the ${megabytes} MB that the server takes. Send fewer edits at once.`,
  )
}
