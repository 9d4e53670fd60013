/**
 * The real network: one `POST /sync` over `fetch`, and `GET /events` as a stream. The `fetch` can be given, which is
 * how a bundle's server answers without a socket, and how tests put faults in.
 *
 * Invariants
 * - Rejects only where no usable answer came; a status of any kind is an answer.
 * - Never reads more of an answer than the bound, whatever its sender says of its length (D7).
 * - Neither times out, repeats nor reconnects: that is the client's. The stream of events alone is given up when
 *   nothing, not even a heartbeat, comes for too long, since nobody else could tell.
 */
import type { Timers, Transport, TransportResponse } from '../contract/api'
import { ANSWER_TYPE, readAnswerBody } from '../protocol/answer-body'
import { AnswerTooLargeError, readBounded } from './bounded-body'
import { readEvents } from './event-stream'
import { gzipText } from './gzip'
import { retryAfter } from './retry-after'

export interface HttpTransportOptions {
  /** Added to each request; a function is asked anew each time, for tokens that expire. */
  readonly headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>)
  readonly fetch?: (request: Request) => Promise<Response>
  /**
   * Whether large requests and answers are compressed. If not given, they are unless the server is on this machine:
   * there compressing costs more time than it saves. Browsers ask for compressed answers in any case.
   */
  readonly gzip?: boolean
  /** Bytes of an answer, after unpacking, beyond which it is refused; 256 MB if not given. */
  readonly maxAnswerBytes?: number
  /** Milliseconds without a sign of life after which the stream of events counts as broken; 60 000 if not given. */
  readonly eventsIdleMs?: number
  readonly timers?: Timers
}

/** Below this, compressing costs more time than it saves on the way. */
const GZIP_FROM_CHARACTERS = 16 * 1024

/**
 * Makes a transport to the server at `url`, whose `/sync` and `/events` it calls.
 * Throws where that is no address of HTTP. Its `sync` rejects when no answer came, and answers any status that did come.
 */
export function httpTransport(url: string, options: HttpTransportOptions = {}): Transport {
  // `localhost:3000` is an address too: one of a protocol of that name.
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new TypeError(
      `httpTransport takes the server's whole address, such as https://sync.example.com/, and not ${String(url)}.`,
    )
  const {
    gzip = !isLoopback(url),
    maxAnswerBytes = 256 * 1024 * 1024,
    eventsIdleMs = 60_000,
    timers = realTimers,
  } = options
  const given = options.fetch
  // The platform's own makes a request of what it is given, even of a request.
  const send = (target: string, init: RequestInit) =>
    given ? given(new Request(target, init)) : globalThis.fetch(target, init)
  const headersNow = async () => (typeof options.headers === 'function' ? await options.headers() : options.headers)
  return {
    sync: async (body, { signal }) => {
      const text = JSON.stringify(body)
      const packed = gzip && text.length >= GZIP_FROM_CHARACTERS ? await gzipText(text) : null
      const bytes = packed ?? new TextEncoder().encode(text)
      const response = await send(endpoint(url, 'sync'), {
        method: 'POST',
        body: bytes,
        signal,
        headers: {
          ...(await headersNow()),
          'content-type': 'application/json',
          accept: `${ANSWER_TYPE}, application/json`,
          ...(packed ? { 'content-encoding': 'gzip' } : {}),
          ...(gzip ? {} : { 'accept-encoding': 'identity' }),
        },
      })
      return readResponse(response, bytes.length, maxAnswerBytes)
    },
    ...(given === undefined && typeof setImmediate === 'function' && { sent: nextTurn }),
    events: async ({ signal, onOpen, onPoke }) => {
      const idle = new AbortController()
      const either = AbortSignal.any([signal, idle.signal])
      const headers = { ...(await headersNow()), accept: 'text/event-stream' }
      const giveUp = () =>
        idle.abort(new Error(`Nothing came from ${url} for ${eventsIdleMs} ms, not even a sign of life.`))
      let cancelIdle = timers.after(eventsIdleMs, giveUp)
      try {
        const response = await send(endpoint(url, 'events'), { signal: either, headers })
        if (!response.ok || response.body === null) {
          await response.body?.cancel()
          throw new Error(`The server at ${url} does not send events: it answered ${response.status}.`)
        }
        onOpen()
        await readEvents(response.body, {
          onBytes: () => {
            cancelIdle()
            cancelIdle = timers.after(eventsIdleMs, giveUp)
          },
          onPoke,
          signal: either,
        })
        idle.signal.throwIfAborted()
      } finally {
        cancelIdle()
      }
    },
  }
}

/** Node writes a request's body only once whoever asked gives way. */
const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve))

/** Whether the server is on this machine, as far as its address says. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === '[::1]' || /^(.+\.)?localhost$|^127(\.\d+){3}$/.test(hostname)
}

function endpoint(url: string, path: string): string {
  return new URL(path, url.endsWith('/') ? url : `${url}/`).href
}

async function readResponse(response: Response, bytesSent: number, maxBytes: number): Promise<TransportResponse> {
  const bytes = await readBounded(response.body, maxBytes)
  if (bytes === null) throw new AnswerTooLargeError(maxBytes)
  const retryAfterMs = retryAfter(response.headers)
  return {
    status: response.status,
    body:
      response.headers.get('content-type') === ANSWER_TYPE
        ? readAnswerBody(bytes, parseOrText)
        : parseOrText(new TextDecoder().decode(bytes)),
    bytesSent,
    bytesReceived: bytesOnTheWire(response.headers) ?? bytes.length,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
}

/** `fetch` unpacks answers itself; what they were as they came, only their length header tells. */
function bytesOnTheWire(headers: Headers): number | null {
  const length = Number(headers.get('content-length') ?? Number.NaN)
  return headers.has('content-encoding') && Number.isSafeInteger(length) ? length : null
}

/** A proxy's error page isn't JSON; it goes on as text and is refused by the message's schema. */
function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const realTimers: Timers = {
  after: (delayMs, fn) => {
    const timer = setTimeout(fn, delayMs)
    return () => clearTimeout(timer)
  },
}
