/**
 * A device's way to the server: each request meets the fate that the script gives it.
 *
 *   device ── gate · killed? · offline? ──► fate ──► server ──► fate ── gate · killed? ──► device
 *
 * Invariants
 * - What crosses is JSON text: nobody shares an object with the other side.
 * - A lost answer is lost after the server has done its work. A late request reaches the server when the device has
 *   long given it up.
 * - Every exchange that the server answered is told, whether or not the device hears of it.
 */
import type { Network, Timers, Transport } from '../../contract/api'
import type { Hazard } from './hazard'
import { never, type Scheduler } from './scheduler'
import type { Fate } from './script'

export interface SimDeviceLink {
  readonly transport: (hazard: Hazard) => Transport
  readonly network: Network
  readonly setOnline: (online: boolean) => void
  readonly online: () => boolean
  /** The fates of the next requests; those beyond arrive. */
  readonly setFates: (fates: readonly Fate[]) => void
  /** How many messages are still on their way. */
  readonly late: () => number
}

export interface SimDeviceLinkOptions {
  readonly scheduler: Scheduler
  readonly timers: Timers
  /** The server's door; rejects when the connection breaks. */
  readonly serve: (body: string) => Promise<ServedAnswer>
  readonly onExchange: (request: string, answer: ServedAnswer) => void
  readonly onFate: (fate: Fate | 'offline') => void
}

export interface ServedAnswer {
  readonly status: number
  readonly body: string
}

/** Longer than any device waits for an answer. */
const LATE_MS = 150_000

export function createSimDeviceLink(options: SimDeviceLinkOptions): SimDeviceLink {
  const { scheduler, timers, onExchange, onFate } = options
  const listeners = new Set<() => void>()
  let online = true
  let fates: Fate[] = []

  const serve = async (body: string): Promise<ServedAnswer> => {
    const answer = await options.serve(body)
    onExchange(body, answer)
    return answer
  }
  let late = 0
  const later = () => {
    late += 1
    return new Promise<void>((resolve) =>
      timers.after(LATE_MS, () => {
        late -= 1
        resolve()
      }),
    )
  }

  const exchange = async (body: string): Promise<ServedAnswer> => {
    if (!online) {
      onFate('offline')
      throw new TypeError('There is no network.')
    }
    const fate = fates.shift() ?? 'ok'
    onFate(fate)
    switch (fate) {
      case 'ok':
        return serve(body)
      case 'lost':
        throw new TypeError('The request was lost.')
      case 'answer-lost':
        await serve(body)
        throw new TypeError('The answer was lost.')
      case 'doubled':
        await serve(body)
        return serve(body)
      case 'late-request':
        await later()
        return serve(body)
      case 'late-answer': {
        const answer = await serve(body)
        await later()
        return answer
      }
    }
  }

  return {
    transport: (hazard) => ({
      sync: async (message, { signal }) => {
        const body = JSON.stringify(message)
        await scheduler.gate(hazard)
        if (!hazard.pass('before a request')) return never()
        const answer = await orAborted(exchange(body), signal)
        await scheduler.gate(hazard)
        if (!hazard.pass('after an answer')) return never()
        return {
          status: answer.status,
          body: JSON.parse(answer.body) as unknown,
          bytesSent: body.length,
          bytesReceived: answer.body.length,
        }
      },
    }),
    network: {
      online: () => online,
      subscribe: (fn) => {
        listeners.add(fn)
        return () => listeners.delete(fn)
      },
    },
    setOnline: (now) => {
      if (now === online) return
      online = now
      for (const listener of [...listeners]) listener()
    },
    online: () => online,
    setFates: (next) => {
      fates = [...next]
    },
    late: () => late,
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
