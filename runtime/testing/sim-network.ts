/**
 * A network between devices and a server that one can look into and break: each device has a link
 * with its own conditions, and every message that crosses is told to whoever listens.
 *
 *   device ── request ──► [ link: offline? lost? late? ] ──► server
 *          ◄── answer ───                              ◄──
 *
 * Invariants
 * - All that happens by chance comes from the given random numbers, all that takes time from the given timers.
 * - A lost answer is lost after the server has done its work: that is what makes it worth simulating.
 */
import type { Clock, Network, Timers } from '../contract/api'
import type { SeededRandom } from './seeded-random'

export interface LinkConditions {
  readonly online: boolean
  /** Each way, in milliseconds. */
  readonly latencyMs: number
  /** Added to the latency: up to so many milliseconds more, by chance. */
  readonly jitterMs: number
  /** Chance in [0, 1] that a request never reaches the server. */
  readonly requestLoss: number
  /** Chance in [0, 1] that the server's answer never reaches the device. */
  readonly answerLoss: number
}

export const PERFECT_LINK: LinkConditions = { online: true, latencyMs: 0, jitterMs: 0, requestLoss: 0, answerLoss: 0 }

/** One message as it was seen on the wire. */
export interface LinkMessage {
  readonly link: string
  /** The same for a request and its answer. */
  readonly exchange: number
  readonly direction: 'request' | 'answer'
  readonly fate: 'delivered' | 'lost' | 'refused-offline'
  /** When it was sent, milliseconds of the given clock. */
  readonly atMs: number
  readonly path: string
  readonly status: number | null
  readonly bytes: number
  readonly body: string
}

export interface SimLink {
  readonly name: string
  readonly conditions: () => LinkConditions
  readonly set: (conditions: Partial<LinkConditions>) => void
  /** For `httpTransport(url, { fetch })`. */
  readonly fetch: (request: Request) => Promise<Response>
  /** For `createDevice({ network })`. */
  readonly network: Network
}

export interface SimNetwork {
  readonly link: (name: string, conditions?: Partial<LinkConditions>) => SimLink
  /** Calls `fn` for each message; answers a function that ends that. */
  readonly observe: (fn: (message: LinkMessage) => void) => () => void
}

export interface SimNetworkOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: SeededRandom
  /** The server's door. */
  readonly serve: (request: Request) => Promise<Response>
}

/** Makes a network without links; `link` adds them. */
export function createSimNetwork(options: SimNetworkOptions): SimNetwork {
  const observers = new Set<(message: LinkMessage) => void>()
  const tell = (message: LinkMessage) => {
    for (const observer of observers) observer(message)
  }
  let exchanges = 0
  return {
    link: (name, conditions) => createLink(name, { ...PERFECT_LINK, ...conditions }, options, tell, () => ++exchanges),
    observe: (fn) => {
      observers.add(fn)
      return () => observers.delete(fn)
    },
  }
}

function createLink(
  name: string,
  initial: LinkConditions,
  { clock, timers, random, serve }: SimNetworkOptions,
  tell: (message: LinkMessage) => void,
  nextExchange: () => number,
): SimLink {
  const chance = random.fork(name)
  const listeners = new Set<() => void>()
  /** Requests under way: going offline breaks them, as pulling the plug does. */
  const breakers = new Set<() => void>()
  let conditions = initial

  const travel = () => {
    const delayMs = conditions.latencyMs + conditions.jitterMs * chance.fraction()
    return delayMs === 0 ? Promise.resolve() : new Promise<void>((resolve) => timers.after(delayMs, resolve))
  }

  const exchange = async (request: Request): Promise<Response> => {
    const body = await request.text()
    const about = { link: name, exchange: nextExchange(), path: new URL(request.url).pathname }
    const sent = {
      ...about,
      direction: 'request',
      atMs: clock.now(),
      status: null,
      bytes: utf8Length(body),
      body,
    } as const
    if (!conditions.online) {
      tell({ ...sent, fate: 'refused-offline' })
      throw new TypeError(`The network of ${name} is off.`)
    }
    const lost = chance.fraction() < conditions.requestLoss
    tell({ ...sent, fate: lost ? 'lost' : 'delivered' })
    await travel()
    if (lost) throw new TypeError(`The request of ${name} was lost on the way to the server.`)
    const answer = await serve(
      new Request(request.url, { method: request.method, headers: request.headers, ...(body && { body }) }),
    )
    const text = await answer.text()
    const answerLost = !conditions.online || chance.fraction() < conditions.answerLoss
    tell({
      ...about,
      direction: 'answer',
      fate: answerLost ? 'lost' : 'delivered',
      atMs: clock.now(),
      status: answer.status,
      bytes: utf8Length(text),
      body: text,
    })
    await travel()
    if (answerLost) throw new TypeError(`The answer to ${name} was lost on its way.`)
    return new Response(text, { status: answer.status, headers: answer.headers })
  }

  return {
    name,
    conditions: () => conditions,
    set: (changes) => {
      const wasOnline = conditions.online
      conditions = { ...conditions, ...changes }
      if (conditions.online === wasOnline) return
      if (!conditions.online) for (const breakOff of [...breakers]) breakOff()
      for (const listener of [...listeners]) listener()
    },
    fetch: (request) =>
      new Promise<Response>((resolve, reject) => {
        const settle = (act: () => void) => {
          breakers.delete(breakOff)
          request.signal.removeEventListener('abort', abort)
          act()
        }
        const breakOff = () => settle(() => reject(new TypeError(`The connection of ${name} broke.`)))
        const abort = () => settle(() => reject(request.signal.reason))
        breakers.add(breakOff)
        request.signal.addEventListener('abort', abort)
        exchange(request).then(
          (response) => settle(() => resolve(response)),
          (error) => settle(() => reject(error)),
        )
      }),
    network: {
      online: () => conditions.online,
      subscribe: (fn) => {
        listeners.add(fn)
        return () => listeners.delete(fn)
      },
    },
  }
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}
