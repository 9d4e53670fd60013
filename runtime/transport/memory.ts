/** A transport to a server in the same process: no socket, no compression. */
import type { Server, Transport } from '../contract/api'
import { type HttpTransportOptions, httpTransport } from './http'

/** Sends straight to the server's `fetch`. */
export function memoryTransport(
  server: Pick<Server, 'fetch'>,
  options: Pick<HttpTransportOptions, 'headers' | 'timers'> = {},
): Transport {
  return httpTransport('http://server.invalid', {
    ...options,
    gzip: false,
    fetch: (request) => server.fetch(request),
  })
}
