/**
 * One exchange with the server: what is pending goes, what is new comes, in as few requests as it takes.
 *
 *   begin ─► POST /sync ─► settle outcomes ─► keep the page aside ─► … ─► the last one shows them all
 *                                     └─► ask for the next page meanwhile
 *
 * Invariants
 * - The pull rides on the last request of the push, so that a small sync is one round trip.
 * - Outcomes are taken in before anything else is done with the answer: an answer is never half used.
 * - Nothing is shown before the last page is there (L2); what was staged before a break is gone on with (L3).
 * - An answer that comes after its request was given up is dropped, as its promise is (L7).
 * - At most two pages are in memory: the one being kept aside, and the one on its way (D7).
 */
import type { SyncProgress } from '../contract'
import { SyncFailure } from '../core/sync-error'
import type { EndedConflict, Group, Outcome, Page, PullRequest, SyncResponse } from '../protocol/messages'
import type { AppliedPull, DecideConflict, DeviceStore, PullOptions, Settled } from '../storage/device-store'
import {
  isAnswerTooLarge,
  isTooLarge,
  isUnknownPlace,
  type Question,
  type RequestPorts,
  type Requests,
  requestsOf,
} from './request'
import { LIMITS } from './within-time'

export interface ExchangePorts extends RequestPorts {
  readonly store: DeviceStore
  /** Runs a call of the store: in bounded time, its failures as `SyncFailure`. */
  readonly stored: <T>(call: () => Promise<T>, limitMs?: number) => Promise<T>
  /** Decides the conflicts that the device's handlers decide. */
  readonly decide: DecideConflict
  /** Edits in the outbox, as far as is known. */
  readonly pending: () => number
  readonly progress: (progress: SyncProgress) => void
  /** Told of what the store took in. */
  readonly took: (taken: Pick<Settled, 'entities'> & Partial<Settled>) => void
}

export interface Exchange {
  readonly push: boolean
  /** Ids of entities. */
  readonly pull: readonly string[]
  readonly options?: PullOptions
}

export interface ExchangeResult {
  readonly pushedGroups: number
  readonly pulledRows: number
  /** Null where nothing was pulled. */
  readonly applied: AppliedPull | null
}

/** Bounds of one request: enough to fill a round trip, small enough to be repeated cheaply. */
const BOUNDS = { groups: 10_000, edits: 10_000, bytes: 4_000_000 }
/** What a device's handlers decide is sent at once; what then conflicts again, and again, waits for the next sync. */
const ROUNDS = 3
/** A server that never knows the place that it gave would otherwise be asked for ever. */
const RESTARTS = 2

/** Rejects with `SyncFailure`; whatever was settled or kept aside before that is kept. */
export async function runExchange(ports: ExchangePorts, exchange: Exchange): Promise<ExchangeResult> {
  let result = await runRound(ports, exchange)
  for (let round = 1; round < ROUNDS && result.resolved && exchange.push; round++) {
    const next = await runRound(ports, exchange)
    result = {
      ...next,
      pushedGroups: result.pushedGroups + next.pushedGroups,
      pulledRows: result.pulledRows + next.pulledRows,
    }
  }
  return result
}

interface Round extends ExchangePorts {
  readonly requests: Requests
  /** Counts what the round has done so far. */
  readonly done: { groups: number; edits: number; resolved: boolean }
  /** Conflicts of whose end the server is to be told. */
  ended: readonly EndedConflict[]
}

async function runRound(
  ports: ExchangePorts,
  { push, pull, options }: Exchange,
): Promise<ExchangeResult & { readonly resolved: boolean }> {
  const { store, stored } = ports
  const requests = requestsOf(ports)
  const early = options ? null : await askEarly(ports, requests, pull)
  const begun = await stored(() => store.begin({ ...BOUNDS, push, pull, ...(options && { options }) }))
  const { ended } = begun
  const round: Round = { ...ports, requests, done: { groups: 0, edits: 0, resolved: false }, ended }
  const isAsGuessed = early !== null && begun.groups.length + ended.length === 0 && isSame(begun, early)
  if (!isAsGuessed) requests.abort()
  // What is pending may have been drawn together.
  if (begun.groups.length > 0 || ports.pending() > 0) ports.took({ entities: [] })
  let { groups, more } = begun
  let place: Place = begun
  // An app that writes all the time would otherwise be sent for ever and never pull (L11).
  const limit = { ...BOUNDS, upTo: begun.upTo, onlySealed: !push }
  while (more) {
    await pushGroups(round, groups)
    ;({ groups, more } = await stored(() => store.nextGroups(limit)))
    // What was settled may have changed what is asked for: keys, and choices.
    if (!more) place = await placeOf(round, pull, options)
  }
  let applied: AppliedPull | null = null
  if (place.requests.length > 0) applied = await pullPages(round, place, groups, isAsGuessed ? early.answer : null)
  else if (groups.length + round.ended.length > 0) await pushGroups(round, groups)
  return {
    pushedGroups: round.done.groups,
    pulledRows: applied?.rows ?? 0,
    applied,
    resolved: round.done.resolved,
  }
}

interface EarlyRequest {
  readonly requests: readonly PullRequest[]
  readonly answer: Promise<SyncResponse>
}

/**
 * Where nothing was new the last time, and nothing is pending as far as is known, asks the same again before the store is
 * read: reading it takes as long as the way to the server. What was guessed wrong is dropped, and nothing is lost by it.
 */
async function askEarly(
  { store, stored, transport, pending }: ExchangePorts,
  { ask }: Requests,
  pull: readonly string[],
): Promise<EarlyRequest | null> {
  const { sent } = transport
  const requests = sent && pending() === 0 ? store.expected(pull) : null
  if (!sent || !requests) return null
  const answer = ask({ push: [], pull: requests, resume: null })
  // It is awaited only after the store was read; a failure until then is nobody's.
  answer.catch(() => {})
  await stored(sent)
  return { requests, answer }
}

function isSame({ requests, resume, staged }: Place, early: EarlyRequest): boolean {
  return resume === null && !staged && JSON.stringify(requests) === JSON.stringify(early.requests)
}

/** What is asked for, and where an earlier pull of it was broken off. */
interface Place {
  readonly requests: readonly PullRequest[]
  readonly resume: string | null
  /** True where pages of another pull are kept aside. */
  readonly staged: boolean
}

async function placeOf({ store, stored }: Round, pull: readonly string[], options?: PullOptions): Promise<Place> {
  const requests = await stored(() => store.pullRequests(pull, options))
  return { requests, resume: await stored(() => store.resumePoint(requests)), staged: true }
}

/** What is too much for the server at once is sent in halves; one group that is too much alone is refused (P3, P7). */
async function pushGroups(round: Round, groups: readonly Group[]): Promise<void> {
  tellPush(round, groups)
  try {
    await settle(round, groups, await ask(round, { push: groups, pull: [], resume: null }))
  } catch (error) {
    const [first] = groups
    if (!isTooLarge(error) || !first) throw error
    if (groups.length === 1) {
      if (isAnswerTooLarge(error)) throw error
      const refused: Outcome = { kind: 'refused', id: first.id, reason: 'too-large', message: TOO_LARGE, rows: [] }
      return take(round, groups, [refused])
    }
    const half = Math.ceil(groups.length / 2)
    await pushGroups(round, groups.slice(0, half))
    await pushGroups(round, groups.slice(half))
  }
}

const TOO_LARGE =
  'This transaction is larger than a request that the server accepts. Make its changes anew in smaller transactions, then discard it here.'

/** The groups go with the first request, unless that was asked before. */
async function pullPages(
  round: Round,
  place: Place,
  groups: readonly Group[],
  asked: Promise<SyncResponse> | null,
): Promise<AppliedPull> {
  const { store, stored, clock } = round
  const { requests: pull } = place
  let { resume } = place
  if (resume === null && place.staged) await stored(store.unstage)
  const askFor = (push: readonly Group[]) => ask(round, { push, pull, resume })
  let unsent = groups
  let restarts = 0
  let staged = 0
  if (unsent.length > 0) tellPush(round, unsent)
  else round.progress({ phase: 'pull', done: 0, total: null })
  let answer = asked ?? askFor(unsent)
  try {
    while (true) {
      const response = await answer.catch(async (error: unknown) => {
        if (isTooLarge(error) && unsent.length > 0) {
          await pushGroups(round, unsent)
          unsent = []
          return askFor(unsent)
        }
        // A server that was restored meanwhile does not know the place: the pull begins anew (L6).
        if (!isUnknownPlace(error) || resume === null || restarts++ >= RESTARTS) throw error
        await stored(store.unstage)
        resume = null
        staged = 0
        return askFor(unsent)
      })
      await settle(round, unsent, response)
      unsent = []
      const page = pageOf(response)
      staged += page.entities.reduce((sum, part) => sum + part.rowCount, 0)
      resume = page.next
      if (resume !== null) {
        answer = askFor([])
        // It is awaited only after the page is kept; a failure until then is nobody's.
        answer.catch(() => {})
        // Else the server would do nothing while the device puts the page in.
        if (round.transport.sent) await stored(round.transport.sent)
      }
      const isLast = page.cursors !== null
      round.progress(isLast ? { phase: 'apply', done: 0, total: staged } : { phase: 'pull', done: staged, total: null })
      const applied = await stored(() => store.receive(pull, page, clock.now()), isLast ? LIMITS.applyMs : undefined)
      if (applied === null) continue
      if (staged > 0) round.progress({ phase: 'apply', done: staged, total: staged })
      if (applied.entities.length > 0) round.took({ entities: applied.entities })
      return applied
    }
  } catch (error) {
    round.requests.abort()
    throw error
  }
}

function ask({ requests, ended }: Round, question: Question): Promise<SyncResponse> {
  return requests.ask(ended.length > 0 ? { ...question, ended } : question)
}

function pageOf({ page }: SyncResponse): Page {
  if (page !== null && (page.next === null) === (page.cursors !== null)) return page
  throw new SyncFailure(
    'invalid-message',
    "The server's answer to a pull neither ends it nor goes on with it. Check that it runs the same version.",
  )
}

async function settle(round: Round, groups: readonly Group[], response: SyncResponse): Promise<void> {
  const answered = new Set(response.outcomes.map((outcome) => outcome.id))
  // An answer that leaves a group out would let its edits be sent for ever.
  if (!groups.every((group) => answered.has(group.id)))
    throw new SyncFailure(
      'invalid-message',
      'The server has not said what became of some edits. They are kept and go with the next sync.',
    )
  if (groups.length > 0) await take(round, groups, response.outcomes)
  const { ended, store, stored } = round
  if (ended.length === 0) return
  await stored(() => store.forgetEnded(ended))
  round.ended = []
}

async function take(round: Round, groups: readonly Group[], outcomes: readonly Outcome[]): Promise<void> {
  const { store, stored, clock, decide, done } = round
  const settled = await stored(() => store.settle(outcomes, clock.now(), decide))
  done.groups += groups.length
  done.edits += countEdits(groups)
  done.resolved ||= settled.resolved
  round.took(settled)
}

function tellPush({ done, pending, progress }: Round, groups: readonly Group[]): void {
  progress({ phase: 'push', done: done.edits, total: Math.max(done.edits + countEdits(groups), pending()) })
}

function countEdits(groups: readonly Group[]): number {
  return groups.reduce((sum, group) => sum + group.edits.length, 0)
}
