/**
 * The real network: one `POST /sync` over `fetch`. The `fetch` can be given, which is how a bundle's
 * server answers without a socket, and how tests put faults in.
 */
import type { Transport, TransportResponse } from '../contract/api'

export interface HttpTransportOptions {
  /** Added to each request; a function is asked anew each time, for tokens that expire. */
  readonly headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>)
  readonly fetch?: (request: Request) => Promise<Response>
}

/**
 * Makes a transport to the server at `url`, whose `/sync` it calls.
 * Its `sync` rejects when no answer came, and answers any status that did come.
 */
export function httpTransport(url: string, options: HttpTransportOptions = {}): Transport {
  const endpoint = syncEndpoint(url)
  const send = options.fetch ?? ((request: Request) => globalThis.fetch(request))
  return {
    sync: async (body, { signal }) => {
      const text = JSON.stringify(body)
      const headers = typeof options.headers === 'function' ? await options.headers() : options.headers
      const request = new Request(endpoint, {
        method: 'POST',
        body: text,
        signal,
        headers: { ...headers, 'content-type': 'application/json' },
      })
      const response = await send(request)
      return readResponse(response, text)
    },
  }
}

function syncEndpoint(url: string): string {
  const base = url.endsWith('/') ? url : `${url}/`
  return new URL('sync', base).href
}

async function readResponse(response: Response, sent: string): Promise<TransportResponse> {
  const text = await response.text()
  return {
    status: response.status,
    body: parseOrText(text),
    bytesSent: utf8Length(sent),
    bytesReceived: utf8Length(text),
  }
}

/** A proxy's error page isn't JSON; it goes on as text and is refused by the message's schema. */
function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}
