/**
 * Gzip on the server's side of HTTP: unpacks requests, packs answers that are worth it.
 *
 * Invariant: nothing is unpacked ahead of its reader, so a bound on what is read holds for what a small packed body
 * would swell to (P7).
 */
import { ANSWER_TYPE } from '../protocol/answer-body'
import { RequestFault } from './faults'
import { bytesOf, WholeResponse } from './whole-body'

/** The body as its sender meant it; what is read of it must be bounded by the reader. */
export function unpackedBody(request: Request): ReadableStream<Uint8Array> | null {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || request.body === null) return request.body
  if (encoding !== 'gzip' || typeof DecompressionStream === 'undefined') {
    throw new RequestFault(
      415,
      'invalid-message',
      `The request is encoded as ${encoding}, which this server can't read. Send it as gzip or as it is.`,
    )
  }
  return request.body.pipeThrough(new DecompressionStream('gzip') as ReadableWritablePair<Uint8Array, Uint8Array>)
}

/** Smaller answers arrive in one go anyway: TCP sends ten packets before it waits for an answer. */
const PACK_FROM_BYTES = 12_000

const SYNC_BYTES = 32 * 1024

/** The response, packed where the caller takes gzip and it is an answer of some size. */
export async function packedResponse(request: Request, response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? ''
  const isAnswer = type.startsWith('application/json') || type === ANSWER_TYPE
  if (response.body === null || !isAnswer || !acceptsGzip(request)) return response
  const bytes = await bytesOf(response)
  const packed = bytes.length < PACK_FROM_BYTES ? null : await gzip(bytes)
  const headers = new Headers(response.headers)
  headers.append('vary', 'accept-encoding')
  if (packed) headers.set('content-encoding', 'gzip')
  const body = packed ?? bytes
  headers.set('content-length', String(body.length))
  return new WholeResponse(body, { status: response.status, headers })
}

function acceptsGzip(request: Request): boolean {
  const codings = (request.headers.get('accept-encoding') ?? '').toLowerCase().split(',')
  return codings.some((coding) => {
    const [name, ...parameters] = coding.split(';').map((part) => part.trim())
    return (name === 'gzip' || name === '*') && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}

/** Fast rather than small: level 1 halves the time of the default and gives nearly as much. Null where there is none. */
async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  const zlib = nodeZlib()
  if (zlib) {
    // A thread for little is more work than the little.
    if (bytes.length <= SYNC_BYTES) return new Uint8Array(zlib.gzipSync(bytes, { level: 1 }))
    return new Promise((resolve, reject) => {
      zlib.gzip(bytes, { level: 1 }, (error, packed) => (error ? reject(error) : resolve(new Uint8Array(packed))))
    })
  }
  if (typeof CompressionStream === 'undefined') return null
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

/** Asked for at run time, because the same server runs in browsers, where an import of it would fail. */
function nodeZlib(): typeof import('node:zlib') | null {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return null
  return process.getBuiltinModule('node:zlib') ?? null
}
