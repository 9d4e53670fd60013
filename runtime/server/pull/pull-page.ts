/**
 * One page of a pull, in one REPEATABLE READ transaction.
 *
 *   round 1: whole tables, or changes since the cursors ──┐ pages walk entity by entity, key by key
 *   round 2: changes since round 1 began                  │ what changed while round 1 was read
 *   round n: … until a round begins and ends at one snapshot: that is the new cursor
 *
 * Invariants
 * - All pages together, later rows over earlier ones, equal the tables at the cursor's snapshot (L2, L10).
 * - Each round's pages are twice as long as those before, so that a pull ends even under steady writes.
 * - The server keeps nothing between pages; a page that is asked for again is read again.
 */
import type { Database, DatabaseTransaction } from '../../contract/api'
import type { Page, PullRequest } from '../../protocol/messages'
import { RequestFault } from '../faults'
import type { EntityPlan, EntityPlans } from '../plan'
import { cursorSnapshot, isPastSnapshot, type Moment, readMoment, toCursor } from './moment'
import { createPageBuilder } from './page-builder'
import { type ChunkRow, readChunk } from './read-chunk'
import { decodeResumeToken, encodeResumeToken, type ResumeToken } from './resume-token'

export interface PullQuestion {
  readonly planned: readonly PlannedRequest[]
  readonly resume: string | null
  readonly pageRows: number
}

/** Rows that are read at once, and characters after which a page ends early: rows may be large, memory is not. */
const CHUNK_ROWS = 500
const PAGE_CHARACTERS = 8_000_000
const LONGEST_PAGE = 1_000_000

export interface PlannedRequest {
  readonly request: PullRequest
  readonly plan: EntityPlan
}

/**
 * Finds fault with what is asked before anything is done. A device of another bundle that asks for what is not there
 * has to be updated; one of this bundle makes a mistake.
 */
export function planPull(
  plans: EntityPlans,
  requests: readonly PullRequest[],
  isSameBundle: boolean,
): PlannedRequest[] {
  const fault = (message: string) =>
    isSameBundle
      ? new RequestFault(400, 'invalid-message', message)
      : new RequestFault(409, 'incompatible', `${message} Update the app; the edits are kept.`)
  const seen = new Set<string>()
  return requests.map((request) => {
    const plan = plans.get(request.entity)
    if (!plan) throw fault(`The server knows no entity "${request.entity}".`)
    const { entity, attributes } = plan
    if (entity.direction === 'up') throw fault(`${entity.name} is only sent, never read.`)
    if (seen.has(entity.id)) throw fault(`The request pulls ${entity.name} twice.`)
    seen.add(entity.id)
    const unknown = request.attributes.find((id) => !attributes.has(id))
    if (unknown !== undefined) throw fault(`${entity.name} has no attribute "${unknown}".`)
    return { request, plan }
  })
}

export async function pullPage(database: Database, question: PullQuestion): Promise<Page> {
  return database.transaction(async (tx) => walk(tx, question, await readMoment(tx)), { isolation: 'repeatable read' })
}

async function walk(tx: DatabaseTransaction, question: PullQuestion, now: Moment): Promise<Page> {
  const { planned } = question
  let place = question.resume === null ? firstPlace(question, now) : resumedPlace(planned, question.resume, now)
  let rowsLeft = place.pageRows
  let charactersLeft = PAGE_CHARACTERS
  const page = createPageBuilder()
  while (true) {
    const { plan, request } = planned[place.at] ?? {}
    const part = place.entities[place.at]
    if (!plan || !request || !part) {
      if (place.start === now.snapshot) return page.finish({ next: null, cursor: toCursor(now) })
      place = nextRound(place, now)
      continue
    }
    if (rowsLeft <= 0 || charactersLeft <= 0) return page.finish({ next: encodeResumeToken(place), cursor: null })

    const limit = Math.min(rowsLeft, CHUNK_ROWS)
    const rows = await readChunk(tx, plan, {
      attributes: request.attributes,
      since: part.since,
      after: place.after,
      limit,
    })
    if (part.full) page.mention(part.entity, true)
    if (rows.length > 0) page.add(part.entity, part.full, rows)
    rowsLeft -= rows.length
    charactersLeft -= characters(rows)
    const last = rows.at(-1)
    place =
      last && rows.length === limit ? { ...place, after: [...last.key] } : { ...place, at: place.at + 1, after: null }
  }
}

function firstPlace({ planned, pageRows }: PullQuestion, now: Moment): ResumeToken {
  const entities = planned.map(({ request }) => {
    const since = cursorSnapshot(request.cursor, now)
    return { entity: request.entity, full: since === null, since }
  })
  return { version: 1, server: now.server, entities, start: now.snapshot, at: 0, after: null, pageRows }
}

function nextRound(place: ResumeToken, now: Moment): ResumeToken {
  return {
    ...place,
    entities: place.entities.map((part) => ({ ...part, since: place.start })),
    start: now.snapshot,
    at: 0,
    after: null,
    pageRows: Math.min(place.pageRows * 2, LONGEST_PAGE),
  }
}

function resumedPlace(planned: readonly PlannedRequest[], resume: string, now: Moment): ResumeToken {
  const place = decodeResumeToken(resume)
  const fits =
    place !== null &&
    place.server === now.server &&
    [place.start, ...place.entities.map(({ since }) => since ?? place.start)].every((snapshot) =>
      isPastSnapshot(snapshot, now),
    ) &&
    place.entities.length === planned.length &&
    place.entities.every(({ entity }, index) => entity === planned[index]?.request.entity) &&
    (place.after === null || place.after.length === planned[place.at]?.plan.entity.key.length)
  if (fits) return place
  throw new RequestFault(
    400,
    'invalid-message',
    "The pull can't go on from where it was: the server is another one now. Drop the pages that came and pull from the beginning.",
  )
}

function characters(rows: readonly ChunkRow[]): number {
  return rows.reduce(
    (sum, { values }) => sum + (values ?? []).reduce((length, value) => length + (value?.length ?? 4) + 3, 0),
    0,
  )
}
