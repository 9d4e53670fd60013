/**
 * One request to the server and its answer, in bounded time, with every way in which it can go wrong told as a
 * `SyncFailure` (D6).
 */
import type { Clock, Timers, Transport, TransportResponse } from '../contract'
import { reasonOf, SyncFailure } from '../core/sync-error'
import { kindOfAnswer } from '../protocol/errors'
import type { EndedConflict, Group, PullRequest, SyncResponse } from '../protocol/messages'
import { readErrorResponse, readSyncResponse } from '../protocol/read-answer'
import { PROTOCOL_VERSION } from '../protocol/version'
import { LIMITS, withinTime } from './within-time'

export interface RequestPorts {
  readonly transport: Transport
  readonly clock: Clock
  readonly timers: Timers
  readonly schemaHash: string
  readonly deviceId: string
  /** Aborted when the device is closed or loses its network. */
  readonly signal: AbortSignal
  /** Sends the contents of files that the groups name, before they go. */
  readonly upload?: Upload | undefined
}

/** Sends a message about files and answers the body of its answer. Rejects with `SyncFailure`. */
export type SendFile = (file: unknown) => Promise<unknown>
export type Upload = (groups: readonly Group[], send: SendFile) => Promise<void>

export interface Question {
  readonly push: readonly Group[]
  readonly pull: readonly PullRequest[]
  readonly resume: string | null
  readonly ended?: readonly EndedConflict[]
}

export interface Requests {
  /** Rejects with `SyncFailure`. */
  readonly ask: (question: Question) => Promise<SyncResponse>
  /** Gives up what is on its way. */
  readonly abort: () => void
}

export function requestsOf(ports: RequestPorts): Requests {
  const underWay = new Set<AbortController>()
  return {
    ask: async (question) => {
      const { schemaHash, deviceId: device, clock } = ports
      const controller = new AbortController()
      underWay.add(controller)
      try {
        if (question.push.length > 0) await ports.upload?.(question.push, (file) => sendFile(ports, file, controller))
        const body = { protocol: PROTOCOL_VERSION, schemaHash, device, sentAt: clock.now(), ...question }
        return read(await carry(ports, body, controller))
      } finally {
        underWay.delete(controller)
      }
    },
    abort: () => {
      for (const controller of underWay) controller.abort()
    },
  }
}

export async function sendFile(
  ports: Pick<RequestPorts, 'transport' | 'timers' | 'signal'>,
  file: unknown,
  controller = new AbortController(),
): Promise<unknown> {
  const { status, body, retryAfterMs } = await carry(ports, { protocol: PROTOCOL_VERSION, file }, controller)
  if (status !== 200) throw refusal(status, body, retryAfterMs)
  return body
}

/** The server would not read a request of this size. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof SyncFailure && error.error.kind === 'too-large'
}

/** The server does not know the place to go on from, or nothing of the request at all. */
export function isUnknownPlace(error: unknown): boolean {
  return error instanceof SyncFailure && error.error.kind === 'invalid-message'
}

async function carry(
  { transport, timers, signal }: Pick<RequestPorts, 'transport' | 'timers' | 'signal'>,
  body: unknown,
  controller: AbortController,
): Promise<TransportResponse> {
  try {
    return await withinTime(
      transport.sync(body, { signal: controller.signal }).catch((error: unknown) => {
        throw new SyncFailure(
          'unreachable',
          `The server could not be reached (${reasonOf(error)}). The edits are kept and go with the next sync.`,
        )
      }),
      {
        timers,
        limitMs: LIMITS.requestMs,
        late: () =>
          new SyncFailure(
            'timeout',
            `The server has not answered for ${LIMITS.requestMs / 1000} seconds. The edits are kept; sync again.`,
          ),
        signal,
        aborted: () =>
          new SyncFailure('unreachable', 'The connection was given up. The edits are kept and go with the next sync.'),
      },
    )
  } catch (error) {
    // Where it was given up, whatever it still does is for nobody.
    controller.abort()
    throw error
  }
}

function read({ status, body, retryAfterMs }: TransportResponse): SyncResponse {
  if (status !== 200) throw refusal(status, body, retryAfterMs)
  const answer = readSyncResponse(body)
  if (answer) return answer
  throw new SyncFailure(
    'invalid-message',
    "The server's answer does not have the form of a sync answer. Check that the address is that of a Syncline server of the same version.",
  )
}

function refusal(status: number, body: unknown, retryAfterMs?: number): SyncFailure {
  const error = readErrorResponse(body)?.error ?? null
  // The size is the one thing that helps whoever says it, a proxy too.
  const kind = status === 413 ? 'too-large' : kindOfAnswer(status, error?.kind ?? null)
  const message = error?.message ?? `The server answered with status ${status}.`
  const wait = error?.retryAfterMs ?? retryAfterMs ?? null
  switch (kind) {
    case 'unauthenticated':
      return new SyncFailure(kind, `${message} Sign in again; the edits are kept.`)
    case 'busy':
    case 'server-failed':
      return new SyncFailure(kind, `${message} The edits are kept; sync again later.`, wait)
    default:
      return new SyncFailure(kind, message, wait)
  }
}
