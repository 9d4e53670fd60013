/**
 * Lets Node's HTTP server be answered by a function from `Request` to `Response`, such as a Syncline server's `fetch`.
 *
 * Bodies stream both ways, but for small ones, which streams would cost more than all the rest; when the caller goes, the request's signal aborts and the answer's stream is cancelled.
 * It asks for Node's modules only when it is called: the file that has it also runs in browsers.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { bytesOf, WholeRequest } from './whole-body'

/** The listener for `http.createServer`. */
export function nodeListener(fetch: (request: Request) => Promise<Response>): RequestListener {
  return (incoming, outgoing) => {
    answer(fetch, incoming, outgoing).catch((error: unknown) => {
      // The caller has gone, or something failed after the head was sent: there is nobody to tell.
      if (!outgoing.headersSent) outgoing.writeHead(500).end()
      else outgoing.destroy(error instanceof Error ? error : undefined)
    })
  }
}

async function answer(
  fetch: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  outgoing.once('close', () => gone.abort())
  const length = Number(incoming.headers['content-length'])
  const body = length <= SMALL_BYTES ? await wholeBody(incoming) : null
  const response = await fetch(toRequest(incoming, gone.signal, body))
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) outgoing.end()
  // What has a length is whole already.
  else if (response.headers.has('content-length')) outgoing.end(await bytesOf(response))
  else {
    const { Readable, promises } = process.getBuiltinModule('node:stream')
    await promises.pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing)
  }
}

const SMALL_BYTES = 64 * 1024

/** Not more than was declared: Node reads no further. */
async function wholeBody(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal, body: Buffer<ArrayBuffer> | null): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
  }
  const method = incoming.method ?? 'GET'
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`)
  const init = { method, headers, signal }
  if (method === 'GET' || method === 'HEAD') return new Request(url, init)
  if (body) return new WholeRequest(url, init, body)
  const { Readable } = process.getBuiltinModule('node:stream')
  const streamed = { ...init, body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }
  return new Request(url, streamed)
}
