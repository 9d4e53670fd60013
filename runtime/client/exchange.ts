/**
 * One exchange with the server: what is pending goes, what is new comes, in as few requests as it takes.
 *
 *   groups? ─► POST /sync ─► settle outcomes ─► stage page ─► next page … ─► apply all with the cursor
 *
 * Invariants
 * - The pull rides on the last request of the push, so that a small sync is one round trip.
 * - Outcomes are taken in before anything else is done with the answer: an answer is never half used.
 * - Nothing is shown before the last page is there (L2); what was staged before a break is gone on with (L3).
 * - An answer that comes after its request was given up is dropped, as its promise is (L7).
 */
import type { Clock, SyncError, SyncProgress, Timers, Transport } from '../contract'
import { syncError } from '../core/sync-error'
import {
  ErrorResponse,
  type Group,
  type Outcome,
  PROTOCOL_VERSION,
  type PullRequest,
  SyncResponse,
} from '../protocol/messages'
import type { DeviceStore } from '../storage/device-store'

export interface ExchangePorts {
  readonly store: DeviceStore
  readonly transport: Transport
  readonly clock: Clock
  readonly timers: Timers
  readonly schemaHash: string
  /** Aborted when the device is closed or loses its network. */
  readonly signal: AbortSignal
  readonly progress: (progress: SyncProgress) => void
  /** Told the ids of entities whose rows changed. */
  readonly changed: (entities: readonly string[]) => void
}

export interface ExchangeResult {
  readonly pushedGroups: number
  readonly pulledRows: number
}

/** Why an exchange ended early; `error` is what the device's user may be told. */
export class ExchangeFailure extends Error {
  override readonly name = 'ExchangeFailure'
  constructor(readonly error: SyncError) {
    super(error.message)
  }
}

/** The server would not read a request of this size. */
class RequestTooLarge extends ExchangeFailure {}

/** Bounds of one request: enough to fill a round trip, small enough to be repeated cheaply. */
const GROUPS_PER_REQUEST = { groups: 500, edits: 5000, bytes: 2_000_000 }
const REQUEST_TIMEOUT_MS = 60_000

/** Rejects with `ExchangeFailure`; whatever was settled or staged before that is kept. */
export async function runExchange(
  ports: ExchangePorts,
  { push, pull }: { readonly push: boolean; readonly pull: readonly string[] },
): Promise<ExchangeResult> {
  const requests = await ports.store.pullRequests(pull)
  const pushed = push ? await pushAllButLast(ports) : { groups: [], last: [] }
  const pushedGroups = pushed.groups.length + pushed.last.length
  if (requests.length > 0) return { pushedGroups, pulledRows: await pullPages(ports, requests, pushed.last) }
  if (pushed.last.length > 0) await pushGroups(ports, pushed.last)
  return { pushedGroups, pulledRows: 0 }
}

/** Sends what is pending, but for the last batch, which goes with the pull. */
async function pushAllButLast(ports: ExchangePorts): Promise<{ groups: readonly Group[]; last: readonly Group[] }> {
  const sent: Group[] = []
  // An app that writes all the time would otherwise be sent for ever and never pull (L11).
  const { editsMade: upTo } = await ports.store.counts()
  while (true) {
    ports.progress({ phase: 'push', done: sent.length, total: null })
    const { groups, more } = await ports.store.nextGroups({ ...GROUPS_PER_REQUEST, upTo })
    if (!more) return { groups: sent, last: groups }
    await pushGroups(ports, groups)
    sent.push(...groups)
  }
}

/** What is too much for the server at once is sent in halves; one group that is too much alone is refused (P3, P7). */
async function pushGroups(ports: ExchangePorts, groups: readonly Group[]): Promise<void> {
  try {
    await settle(ports, groups, await send(ports, { push: groups, pull: [], resume: null }))
  } catch (error) {
    const [first] = groups
    if (!(error instanceof RequestTooLarge) || !first) throw error
    if (groups.length === 1) {
      const refused: Outcome = { kind: 'refused', id: first.id, reason: 'too-large', message: TOO_LARGE, rows: [] }
      await take(ports, [refused])
      return
    }
    const half = Math.ceil(groups.length / 2)
    await pushGroups(ports, groups.slice(0, half))
    await pushGroups(ports, groups.slice(half))
  }
}

const TOO_LARGE =
  'This transaction is larger than a request that the server accepts. Make its changes anew in smaller transactions, then discard it here.'

/** Answers how many rows came. The groups go with the first request. */
async function pullPages(
  ports: ExchangePorts,
  requests: readonly PullRequest[],
  groups: readonly Group[],
): Promise<number> {
  const { store } = ports
  let resume = await store.resumePoint(requests)
  if (resume === null) await store.unstage()
  let unsent = groups
  let staged = 0
  while (true) {
    ports.progress({ phase: 'pull', done: staged, total: null })
    const response = await sendFrom(ports, { push: unsent, pull: requests, resume }).catch(async (error) => {
      if (!(error instanceof RequestTooLarge) || unsent.length === 0) throw error
      await pushGroups(ports, unsent)
      unsent = []
      return sendFrom(ports, { push: [], pull: requests, resume })
    })
    await settle(ports, unsent, response)
    unsent = []
    const { page } = response
    if (page === null)
      throw new ExchangeFailure(
        syncError(
          'invalid-message',
          'The server sent no rows although they were asked for. Check that it runs the same version.',
        ),
      )
    await store.stage(requests, page)
    staged += page.entities.reduce((sum, part) => sum + part.rows.length, 0)
    resume = page.next
    if (page.cursor === null) continue
    ports.progress({ phase: 'apply', done: 0, total: staged })
    const applied = await store.apply(requests, page.cursor, ports.clock.now())
    if (applied.entities.length > 0) ports.changed(applied.entities)
    return applied.rows
  }
}

/** A place that the server no longer knows, because it was restored meanwhile, is given up for the beginning (L6). */
async function sendFrom(ports: ExchangePorts, question: Question): Promise<SyncResponse> {
  try {
    return await send(ports, question)
  } catch (error) {
    const isUnknownPlace =
      error instanceof ExchangeFailure &&
      !(error instanceof RequestTooLarge) &&
      error.error.kind === 'invalid-message' &&
      question.resume !== null
    if (!isUnknownPlace) throw error
    await ports.store.unstage()
    return send(ports, { ...question, resume: null })
  }
}

async function settle(ports: ExchangePorts, groups: readonly Group[], response: SyncResponse): Promise<void> {
  assertAnswered(groups, response)
  await take(ports, response.outcomes)
}

async function take(ports: ExchangePorts, outcomes: readonly Outcome[]): Promise<void> {
  const changed = await ports.store.settle(outcomes, ports.clock.now())
  if (changed.length > 0) ports.changed(changed)
}

interface Question {
  readonly push: readonly Group[]
  readonly pull: readonly PullRequest[]
  readonly resume: string | null
}

async function send(ports: ExchangePorts, question: Question): Promise<SyncResponse> {
  const { store, transport, schemaHash } = ports
  const body = { protocol: PROTOCOL_VERSION, schemaHash, device: store.deviceId, ...question }
  const answer = await withinTime(ports, (signal) => transport.sync(body, { signal }))
  if (answer.status === 413) throw new RequestTooLarge(refusal(answer.status, answer.body))
  if (answer.status !== 200) throw new ExchangeFailure(refusal(answer.status, answer.body))
  const parsed = SyncResponse.safeParse(answer.body)
  if (parsed.success) return parsed.data
  throw new ExchangeFailure(
    syncError(
      'invalid-message',
      "The server's answer does not have the form of a sync answer. Check that the address is that of a Syncline server of the same version.",
    ),
  )
}

/** Gives the request up after its time, or when the device says so, even if the transport never settles (D6). */
function withinTime<T>({ timers, signal }: ExchangePorts, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  return new Promise<T>((resolve, reject) => {
    const giveUp = (error: SyncError) => {
      finish()
      reject(new ExchangeFailure(error))
      controller.abort()
    }
    const cancelTimer = timers.after(REQUEST_TIMEOUT_MS, () =>
      giveUp(
        syncError(
          'timeout',
          `The server has not answered for ${REQUEST_TIMEOUT_MS / 1000} seconds. The edits are kept; sync again.`,
        ),
      ),
    )
    const onAbort = () =>
      giveUp(syncError('unreachable', 'The connection was given up. The edits are kept and go with the next sync.'))
    const finish = () => {
      cancelTimer()
      signal.removeEventListener('abort', onAbort)
    }
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) return onAbort()
    start(controller.signal).then(
      (answer) => {
        finish()
        resolve(answer)
      },
      (error: unknown) => {
        finish()
        const reason = error instanceof Error ? error.message : String(error)
        reject(
          new ExchangeFailure(
            syncError(
              'unreachable',
              `The server could not be reached: ${reason} The edits are kept and go with the next sync.`,
            ),
          ),
        )
      },
    )
  })
}

function refusal(status: number, body: unknown): SyncError {
  const told = ErrorResponse.safeParse(body)
  const message = told.success ? told.data.error.message : `The server answered with status ${status}.`
  if (status === 401 || status === 403)
    return syncError('unauthenticated', `${message} Sign in again; the edits are kept.`)
  if (told.success && told.data.error.kind === 'incompatible') return syncError('incompatible', message)
  if (status >= 500 || status === 429)
    return syncError('server-failed', `${message} The edits are kept; sync again later.`)
  return syncError('invalid-message', message)
}

/** An answer that leaves a group out would let its edits be sent for ever. */
function assertAnswered(groups: readonly Group[], response: SyncResponse): void {
  const answered = new Set(response.outcomes.map((outcome) => outcome.id))
  if (groups.every((group) => answered.has(group.id))) return
  throw new ExchangeFailure(
    syncError(
      'invalid-message',
      'The server has not said what became of some edits. They are kept and go with the next sync.',
    ),
  )
}
