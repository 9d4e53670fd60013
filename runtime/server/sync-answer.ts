/** A sync's answer in the form that the device takes: rows as the database wrote them, else all of it as JSON. */
import { joined } from '../core/join-bytes'
import { ANSWER_TYPE, answerPieces } from '../protocol/answer-body'
import { type Outcome, PROTOCOL_VERSION, type SyncResponse } from '../protocol/messages'
import type { WrittenPage } from './pull/pull-page'
import { wholeResponse } from './whole-body'

export function syncAnswer(request: Request, outcomes: readonly Outcome[], page: WrittenPage | null): Response {
  const answer = { protocol: PROTOCOL_VERSION, outcomes: [...outcomes], page: null } satisfies SyncResponse
  const takesBytes = (request.headers.get('accept') ?? '').includes(ANSWER_TYPE)
  if (page === null || !takesBytes || !page.entities.some(({ rows }) => typeof rows !== 'string')) {
    return jsonResponse(200, { ...answer, page: page && asText(page) } satisfies SyncResponse)
  }
  const rows = page.entities.map((part) => (typeof part.rows === 'string' ? encode(part.rows) : part.rows))
  const entities = page.entities.map((part, index) => ({ ...part, rows: rows[index]?.length }))
  const text = JSON.stringify({ ...answer, page: { ...page, entities } })
  return wholeResponse(200, joined(answerPieces(text, rows)), ANSWER_TYPE)
}

export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return wholeResponse(status, encode(JSON.stringify(body)), 'application/json', headers)
}

function asText(page: WrittenPage): SyncResponse['page'] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const entities = page.entities.map(({ rows, ...part }) => ({
    ...part,
    rows: typeof rows === 'string' ? rows : decoder.decode(rows),
  }))
  return { ...page, entities }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
