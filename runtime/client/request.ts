/**
 * One request to the server and its answer, in bounded time, with every way in which it can go wrong told as a
 * `SyncFailure` (D6).
 */
import type { Clock, SyncProgress, Timers, Transport, TransportResponse } from '../contract'
import { reasonOf, SyncFailure } from '../core/sync-error'
import { kindOfAnswer } from '../protocol/errors'
import type { EndedConflict, Group, Outcome, PullRequest, SyncResponse } from '../protocol/messages'
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
  readonly upload?: ((groups: readonly Group[], send: SendFile) => ReturnType<Upload>) | undefined
}

/** Sends a message about files and answers the body of its answer. Rejects with `SyncFailure`. */
export type SendFile = (file: unknown) => Promise<unknown>
/** Answers the groups that are refused here, and not to be sent. */
export type Upload = (
  groups: readonly Group[],
  send: SendFile,
  tell: (bytes: NonNullable<SyncProgress['bytes']>) => void,
) => Promise<readonly Outcome[]>

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
      const send = async (asked: Question) =>
        read(
          await carry(
            ports,
            { protocol: PROTOCOL_VERSION, schemaHash, device, sentAt: clock.now(), ...asked },
            controller,
            question.push.length > 0,
          ),
        )
      underWay.add(controller)
      try {
        const { upload } = ports
        if (!upload || question.push.length === 0) return await send(question)
        const refused = await upload(question.push, (file) => sendFile(ports, file, controller, true))
        const push = question.push.filter(({ id }) => !refused.some((outcome) => outcome.id === id))
        const answer = await send({ ...question, push })
        return { ...answer, outcomes: [...refused, ...answer.outcomes] }
      } finally {
        underWay.delete(controller)
      }
    },
    abort: () => {
      for (const controller of underWay) controller.abort()
    },
  }
}

/** @param hasEdits whether edits wait for it */
export function sendFile(
  ports: Pick<RequestPorts, 'transport' | 'timers' | 'signal'>,
  file: unknown,
  controller = new AbortController(),
  hasEdits = false,
): Promise<unknown> {
  return carry(ports, { protocol: PROTOCOL_VERSION, file }, controller, hasEdits)
}

/** The server would not read a request of this size, or the device its answer. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof SyncFailure && error.error.kind === 'too-large'
}

/** It is the answer to it that this device does not take: the server may have done all that it was asked. */
export function isAnswerTooLarge(error: unknown): boolean {
  return error instanceof SyncFailure && error.cause !== undefined
}

/** The server does not know the place to go on from, or nothing of the request at all. */
export function isUnknownPlace(error: unknown): boolean {
  return error instanceof SyncFailure && error.error.kind === 'invalid-message'
}

/** Answers the body of an answer that is no refusal. `hasEdits`: what is lost with it are no edits, and that is said. */
async function carry(
  { transport, timers, signal }: Pick<RequestPorts, 'transport' | 'timers' | 'signal'>,
  body: unknown,
  controller: AbortController,
  hasEdits: boolean,
): Promise<unknown> {
  const next = hasEdits ? 'The edits are kept and go with the next sync.' : 'Try again later.'
  const given = (kind: 'unreachable' | 'timeout', what: string) => new SyncFailure(kind, `${what}. ${next}`)
  const answer = await withinTime(
    transport.sync(body, { signal: controller.signal }).catch((error: unknown) => {
      // The same answer would come again, and again be too large.
      if (error instanceof Error && 'kind' in error && error.kind === 'too-large')
        throw Object.assign(new SyncFailure('too-large', reasonOf(error)), { cause: error })
      throw given('unreachable', `The server could not be reached (${reasonOf(error)})`)
    }),
    {
      timers,
      limitMs: LIMITS.requestMs,
      late: () => given('timeout', `The server has not answered for ${LIMITS.requestMs / 1000} seconds`),
      signal,
      aborted: () => given('unreachable', 'The connection was given up'),
    },
  ).catch((error: unknown) => {
    // Where it was given up, whatever it still does is for nobody.
    controller.abort()
    throw error
  })
  if (answer.status !== 200) throw refusal(answer, hasEdits, next)
  return answer.body
}

function read(body: unknown): SyncResponse {
  const answer = readSyncResponse(body)
  if (answer) return answer
  throw new SyncFailure(
    'invalid-message',
    "The server's answer does not have the form of a sync answer. Check that the address is that of a Syncline server of the same version.",
  )
}

function refusal({ status, body, retryAfterMs }: TransportResponse, hasEdits: boolean, next: string): SyncFailure {
  const error = readErrorResponse(body)?.error ?? null
  // The size is the one thing that helps whoever says it, a proxy too.
  const kind = status === 413 ? 'too-large' : kindOfAnswer(status, error?.kind ?? null)
  const message = error?.message ?? `The server answered with status ${status}.`
  const wait = error?.retryAfterMs ?? retryAfterMs ?? null
  switch (kind) {
    case 'unauthenticated':
      return new SyncFailure(kind, `${message} Sign in again${hasEdits ? '; the edits are kept' : ''}.`)
    case 'busy':
    case 'server-failed':
      return new SyncFailure(kind, `${message} ${next}`, wait)
    default:
      return new SyncFailure(kind, message, wait)
  }
}
