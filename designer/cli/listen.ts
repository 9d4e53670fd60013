import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartError } from '@/designer/server/start-error'

export interface ListenOptions {
  /** 0 for any free one. */
  readonly port: number
  /** Null for loopback, by each of its addresses. */
  readonly host: string | null
  /** What the user types before a port to choose another. */
  readonly portOption: string
}

export interface Listening {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Longer than clients and proxies keep idle connections: whoever sends on one that was just given up is cut off. */
const KEEP_ALIVE_MS = 75_000

/**
 * Listens on loopback by both of its addresses, because `localhost` means ::1 to some programs and
 * 127.0.0.1 to others. A machine without IPv6 has the second alone.
 */
export async function listen(options: ListenOptions, listener: RequestListener): Promise<Listening> {
  const first = await open(options.host ?? '127.0.0.1', options.port, options, listener)
  const { port } = first.address() as AddressInfo
  const servers = [first]
  if (options.host === null) {
    try {
      servers.push(await open('::1', port, options, listener))
    } catch (error) {
      const taken = error instanceof StartError && options.port !== 0
      if (taken) {
        await close(first)
        throw error
      }
    }
  }
  return { port, close: async () => void (await Promise.all(servers.map(close))) }
}

function open(host: string, port: number, options: ListenOptions, listener: RequestListener): Promise<Server> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener)
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port, options.portOption)))
    server.listen(port, host, () => resolve(server))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    // Browsers keep idle connections open for minutes.
    server.closeAllConnections()
  })
}

function explain(error: NodeJS.ErrnoException, host: string, port: number, portOption: string): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} is in use by another program. Stop that one, or choose another port: ${portOption} ${port + 1}`,
      )
    case 'EACCES':
      return new StartError(`Port ${port} is reserved by the system. Choose one above 1023: ${portOption} 3000`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAFNOSUPPORT':
      return host === '::1'
        ? error
        : new StartError(`This machine has no address ${host}. Leave --host out for loopback.`)
    default:
      return error
  }
}
