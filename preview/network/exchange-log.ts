/** Joins a request and its answer, as the simulated network saw them, to one line of the log. */
import type { LinkMessage, SimNetwork } from '@syncline/runtime/testing'
import { type AnswerSummary, type RequestSummary, summariseAnswer, summariseRequest } from './exchange-summary'

export type ExchangeFate = 'under-way' | 'answered' | 'failed' | 'request-lost' | 'answer-lost' | 'offline'

export interface Exchange {
  readonly id: number
  readonly device: string
  readonly path: string
  readonly atMs: number
  /** Null while it is under way and for requests that never arrived. */
  readonly durationMs: number | null
  readonly fate: ExchangeFate
  readonly status: number | null
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly request: RequestSummary | null
  readonly answer: AnswerSummary | null
  /** Cut at `SHOWN_BODY`. */
  readonly requestBody: string
  readonly answerBody: string
}

/** Enough to read; a first pull of 100,000 rows would otherwise stay in memory for each device. */
const SHOWN_BODY = 40_000

/** Calls `onExchange` when an exchange begins and again when it has ended; answers a function that ends that. */
export function logExchanges(network: SimNetwork, onExchange: (exchange: Exchange) => void): () => void {
  const open = new Map<number, Exchange>()
  return network.observe((message) => {
    const exchange =
      message.direction === 'request' ? begin(message) : end(open.get(message.exchange) ?? begin(message), message)
    if (exchange.fate === 'under-way') open.set(exchange.id, exchange)
    else open.delete(exchange.id)
    onExchange(exchange)
  })
}

function begin(message: LinkMessage): Exchange {
  const fates = { delivered: 'under-way', lost: 'request-lost', 'refused-offline': 'offline' } as const
  return {
    id: message.exchange,
    device: message.link,
    path: message.path,
    atMs: message.atMs,
    durationMs: null,
    fate: fates[message.fate],
    status: null,
    bytesSent: message.bytes,
    bytesReceived: 0,
    request: summariseRequest(message.body),
    answer: null,
    requestBody: message.body.slice(0, SHOWN_BODY),
    answerBody: '',
  }
}

function end(exchange: Exchange, message: LinkMessage): Exchange {
  const delivered = message.status !== null && message.status < 400 ? 'answered' : 'failed'
  return {
    ...exchange,
    durationMs: message.atMs - exchange.atMs,
    fate: message.fate === 'delivered' ? delivered : 'answer-lost',
    status: message.status,
    bytesReceived: message.bytes,
    answer: summariseAnswer(message.body),
    answerBody: message.body.slice(0, SHOWN_BODY),
  }
}
