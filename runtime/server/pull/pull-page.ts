/**
 * One page of a pull.
 *
 *   nothing changed since the cursors, or few rows? ── a statement or two say so ────────► the page, new cursors
 *   else, in one REPEATABLE READ transaction:
 *   round 1: whole tables, or changes since the cursors ──┐ pages walk entity by entity, key by key
 *   round 2: changes since round 1 began                  │ what changed while round 1 was read
 *   round n: … until nothing changed since a round began: the snapshot is the new cursor
 *
 * Invariants
 * - All pages together, later rows over earlier ones, equal the scope at the cursor's snapshot (L2, L10). A page is of
 *   one round and one transaction, so no key comes twice in it.
 * - Each round's pages are twice as long as those before, so that a pull ends even under steady writes.
 * - The server keeps nothing between pages; a page that is asked for again is read again.
 * - Where a table that decides about an entity's rows changes between pages, what was sent can't be mended by a delta:
 *   the pull begins anew.
 */
import type { Database, DatabaseTransaction } from '../../contract/api'
import type { TrackedTable } from '../../contract/tracked-tables'
import { parseCopyText } from '../../core/copy-text'
import type { Digest, Page, PageEntity, PullRequest } from '../../protocol/messages'
import { databaseComplaint, RequestFault } from '../faults'
import type { EntityPlan, EntityPlans } from '../plan'
import { type ScopeSession, sessionParams, sessionSource } from '../scope'
import { type ChunkQuestion, departuresSql, digestSql, rowsSql } from './chunk-sql'
import {
  baseSnapshot,
  type ChangeQuestion,
  type Cursor,
  isOfHistory,
  joinedTables,
  type KnownServer,
  type Moment,
  parseCursor,
  readMoment,
  type Selection,
  tablesRead,
  toCursor,
} from './moment'
import { copyPage, type PageWriter, type WrittenEntity } from './page-writer'
import { decodeResumeToken, encodeResumeToken, type ResumeToken } from './resume-token'
import { signatureOf, UNTRACKED } from './signature'
import { hasSmallDelta, smallDeltaSql, toPageEntity } from './small-delta'

export interface PullQuestion {
  readonly planned: readonly PlannedRequest[]
  readonly resume: string | null
  readonly pageRows: number
  /** Who asks, and when. */
  readonly session: ScopeSession
  /** Kept between requests. */
  readonly server: KnownServer
}

export interface PlannedRequest {
  readonly request: PullRequest
  readonly plan: EntityPlan
}

export interface WrittenPage extends Omit<Page, 'entities'> {
  readonly entities: readonly WrittenEntity[]
}

const LONGEST_PAGE = 1_000_000

/** Each set of entities is a statement of its own that connections keep. */
const MOST_SMALL_DELTAS = 3

/** Pages of an entity whose rows other tables decide about are longer: the fewer, the less can change between them. */
const JOINED_PAGE_FACTOR = 10

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
    const { entity, attributes, chosenBy } = plan
    if (entity.direction === 'up') throw fault(`${entity.name} is only sent, never read.`)
    if (seen.has(entity.id)) throw fault(`The request pulls ${entity.name} twice.`)
    seen.add(entity.id)
    const unknown = request.attributes.find((id) => !attributes.has(id))
    if (unknown !== undefined) throw fault(`${entity.name} has no attribute "${unknown}".`)
    const missing = entity.key.find((id) => !request.attributes.includes(id))
    if (missing !== undefined) throw fault(`The request for ${entity.name} leaves out "${missing}" of its key.`)
    const parts = chosenBy?.length ?? 0
    if ((request.chosen ?? []).some((key) => key.length !== parts)) {
      throw fault(
        chosenBy === null
          ? `${entity.name} is not on demand, and rows of it were chosen.`
          : `${entity.name} is chosen by ${parts} values, and another number came.`,
      )
    }
    return { request, plan }
  })
}

/** Rejects with a `RequestFault` where the pull must begin anew, or what was chosen can't be read. */
export async function pullPage(database: Database, question: PullQuestion): Promise<WrittenPage> {
  try {
    return (
      (await smallPage(database, question)) ??
      (await database.transaction((tx) => readPage(tx, question), { isolation: 'repeatable read' }))
    )
  } catch (error) {
    const isUnreadable = databaseComplaint(error)?.code.startsWith('22') === true
    if (!isUnreadable || question.planned.every(({ request }) => request.chosen === null)) throw error
    throw new RequestFault(400, 'invalid-message', 'A chosen key is no value of its type. Release it on the device.')
  }
}

// ── Little changed, or nothing ──────────────────────────────────────────────────────────────────

/**
 * By one statement, of few entities; else by one that says what changed and, where that is little, one that reads it. No
 * transaction: each statement has one snapshot. Null where there is more to read, or it can't be told so.
 */
async function smallPage(database: Database, question: PullQuestion): Promise<Page | null> {
  const { planned, resume, session, pageRows } = question
  const cursors = planned.map(({ request }) => parseCursor(request.cursor))
  const isPlain = planned.every(({ request, plan }) => !request.verify && !dependsOnMore(plan))
  if (resume !== null || !isPlain || cursors.includes(null)) return null
  const tables = distinctTables(planned)
  const since = (each: PlannedRequest) => cursors[planned.indexOf(each)]?.snapshot ?? ''
  const pageAt = (moment: Moment, entities: readonly PageEntity[]): Page | null =>
    planned.every((each) => usableCursor(each, session, moment) !== null)
      ? { entities: [...entities], next: null, cursors: cursorsAt(question, session.atMs, moment), digests: {} }
      : null

  let small = planned
  if (!fitTogether(planned)) {
    const asked = planned.map((each) => asksChanges([each.plan.table], since(each)))
    const others = planned.map((each) => asksChanges(otherTables(each.plan), since(each)))
    const { moment, changed } = await readMoment(
      database,
      tables,
      [...asked.flat(), ...others.flat()],
      undefined,
      question.server,
    )
    if (!changed.includes(true)) return pageAt(moment, [])
    small = planned.filter((_, index) => changed[index])
    // What other tables decide is not told by the entity's own log.
    if (changed.includes(true, planned.length) || !fitTogether(small) || pageAt(moment, []) === null) return null
  }
  const rest = planned.flatMap((each) =>
    asksChanges(small.includes(each) ? otherTables(each.plan) : tablesRead(each.plan), since(each)),
  )
  const { moment, changed, selected } = await readMoment(
    database,
    tables,
    rest,
    smallDeltas(small, session),
    question.server,
  )
  if (changed.includes(true) || selected.includes(null)) return null
  const entities = small.flatMap(({ plan, request }, index) => toPageEntity(plan, request, selected[index] ?? '') ?? [])
  const rows = entities.reduce((sum, { rowCount, deleted }) => sum + rowCount + deleted.length, 0)
  return rows <= pageRows ? pageAt(moment, entities) : null
}

function fitTogether(planned: readonly PlannedRequest[]): boolean {
  return planned.length <= MOST_SMALL_DELTAS && planned.every(({ plan }) => hasSmallDelta(plan))
}

function smallDeltas(changed: readonly PlannedRequest[], session: ScopeSession): Selection {
  return {
    expressions: (first) => {
      const source = sessionSource(first + changed.length - 1)
      const read = changed.map(({ plan }, index) => smallDeltaSql(plan, `$${first + index}::pg_snapshot`, source))
      // Every parameter must be somewhere in the text.
      return [...read, `(select session.user_name from ${source})`]
    },
    params: [...changed.map(({ request }) => parseCursor(request.cursor)?.snapshot ?? ''), ...sessionParams(session)],
  }
}

/** Whether rows come and go without a change that is tracked. */
function dependsOnMore({ entity }: EntityPlan): boolean {
  return entity.scope.read !== null && (entity.scope.read.readsTime || entity.scope.read.tables === null)
}

function asksChanges(tables: readonly TrackedTable[], since: string): ChangeQuestion[] {
  return tables.map((table) => ({ table, since }))
}

/** Tables that the entity's own log says nothing of. */
function otherTables(plan: EntityPlan): readonly TrackedTable[] {
  return [...plan.ruleTables, ...joinedTables(plan)]
}

function distinctTables(planned: readonly PlannedRequest[]): TrackedTable[] {
  return [...new Map(planned.flatMap(({ plan }) => tablesRead(plan)).map((table) => [table.id, table])).values()]
}

function usableCursor({ request, plan }: PlannedRequest, session: ScopeSession, now: Moment): Cursor | null {
  const cursor = parseCursor(request.cursor)
  if (cursor === null || baseSnapshot(request.cursor, plan, now, tablesRead(plan)) === null) return null
  const signature = signatureOf(plan, session, request.chosen, now)
  return signature !== UNTRACKED && cursor.signature === signature && cursor.atMs <= session.atMs ? cursor : null
}

function cursorsAt({ planned, session }: PullQuestion, atMs: number, now: Moment): Record<string, string> {
  return Object.fromEntries(
    planned.map(({ plan, request }) => {
      const signature = signatureOf(plan, session, request.chosen, now)
      // Only where it means something, so that a cursor stays the same text while nothing changes.
      const readAt = plan.entity.scope.read?.readsTime === true ? atMs : 0
      return [plan.entity.id, toCursor({ ...now, signature, atMs: readAt })]
    }),
  )
}

// ── Walking ─────────────────────────────────────────────────────────────────────────────────────

async function readPage(tx: DatabaseTransaction, question: PullQuestion): Promise<WrittenPage> {
  const { planned, session } = question
  const token = question.resume === null ? null : await decodeResumeToken(tx, question.resume)
  if (question.resume !== null && token === null) throw beginAnew()
  const since = planned.map(({ request }) => token?.start ?? parseCursor(request.cursor)?.snapshot ?? null)
  const asked = planned.flatMap(({ plan }, index) => {
    const snapshot = since[index] ?? null
    return snapshot === null ? [] : asksChanges(plan.ruleTables, snapshot)
  })
  const { moment: now, changed } = await readMoment(tx, distinctTables(planned), asked, INDEXES_ONLY, question.server)
  const joinedChanged = new Set(asked.flatMap(({ table }, index) => (changed[index] ? [table.id] : [])))
  const dependsOnChanged = ({ plan }: PlannedRequest) => plan.ruleTables.some(({ id }) => joinedChanged.has(id))

  if (token !== null && (!fits(token, question, now) || planned.some(dependsOnChanged))) throw beginAnew()
  const place = token ?? firstPlace(question, now, dependsOnChanged)
  const page = copyPage(tx, place.pageRows)
  return walk(tx, { ...question, session: { ...session, atMs: place.atMs } }, place, now, page)
}

async function walk(
  tx: DatabaseTransaction,
  question: PullQuestion,
  start: ResumeToken,
  now: Moment,
  page: PageWriter,
): Promise<WrittenPage> {
  const { planned, session } = question
  let place = start
  while (true) {
    const each = planned[place.at]
    const part = place.parts[place.at]
    if (!each || !part) {
      if (await isComplete(tx, question, place, now)) break
      // A page is of one round. The next one begins with the request that reads it: it ends when it fits into a page.
      if (!page.isEmpty()) return unfinished(tx, place, page)
      place = nextRound(place, now)
      continue
    }
    const isJoined = each.plan.ruleTables.length > 0
    const room = page.room(isJoined ? JOINED_PAGE_FACTOR : 1)
    if (room === 0) return unfinished(tx, place, page)

    const chunk = chunkOf(each, session, part)
    if (part.full) page.mention(part.entity)
    const { after } = place
    if (place.stage === 'rows') {
      const read = await page.rows(part, (limit) => rowsSql(chunk, { after, limit }), room)
      const last = read.lastLine === null ? null : keyOf(each, read.lastLine)
      place = read.isEnd ? afterRows(place, part.since !== null) : { ...place, after: last }
    } else {
      const snapshot = part.since ?? place.start
      const read = await page.departures(part, (limit) => departuresSql(chunk, snapshot, { after, limit }), room)
      place = read.isEnd
        ? { ...place, at: place.at + 1, stage: 'rows', after: null }
        : { ...place, after: read.lastKey }
    }
  }
  const digests = await digestsOf(tx, question)
  return { entities: page.entities(), next: null, cursors: cursorsAt(question, place.atMs, now), digests }
}

async function unfinished(tx: DatabaseTransaction, place: ResumeToken, page: PageWriter): Promise<WrittenPage> {
  return { entities: page.entities(), next: await encodeResumeToken(tx, place), cursors: null, digests: {} }
}

function chunkOf({ plan, request }: PlannedRequest, session: ScopeSession, part: Part): ChunkQuestion {
  const { attributes, chosen } = request
  return { plan, attributes, chosen, session, since: part.since, sinceMs: part.sinceMs }
}

type Part = ResumeToken['parts'][number]

/** Nothing that was read is out of date: nothing at all happened since the round began, or nothing to these tables. */
async function isComplete(tx: DatabaseTransaction, { planned }: PullQuestion, place: ResumeToken, now: Moment) {
  if (place.start === now.snapshot) return true
  const tables = distinctTables(planned)
  const { changed } = await readMoment(tx, [], asksChanges(tables, place.start))
  return !changed.includes(true)
}

function afterRows(place: ResumeToken, isDelta: boolean): ResumeToken {
  return isDelta
    ? { ...place, stage: 'departures', after: null }
    : { ...place, at: place.at + 1, stage: 'rows', after: null }
}

function keyOf({ plan, request }: PlannedRequest, line: string): string[] {
  const [values = []] = parseCopyText(line)
  return plan.entity.key.map((id) => values[request.attributes.indexOf(id)] ?? '')
}

function firstPlace(
  { planned, pageRows, session }: PullQuestion,
  now: Moment,
  dependsOnChanged: (each: PlannedRequest) => boolean,
): ResumeToken {
  const parts = planned.map((each): Part => {
    const { plan, request } = each
    const cursor = usableCursor(each, session, now)
    const isFull = cursor === null || plan.entity.scope.read?.tables === null || dependsOnChanged(each)
    return {
      entity: request.entity,
      signature: signatureOf(plan, session, request.chosen, now),
      full: isFull,
      since: isFull ? null : cursor.snapshot,
      sinceMs: isFull ? session.atMs : cursor.atMs,
    }
  })
  const { server, incarnation, snapshot: start } = now
  const beginning = { at: 0, stage: 'rows', after: null } as const
  return { version: 3, server, incarnation, parts, start, atMs: session.atMs, ...beginning, pageRows }
}

function nextRound(place: ResumeToken, now: Moment): ResumeToken {
  return {
    ...place,
    parts: place.parts.map((part) => ({ ...part, since: place.start, sinceMs: place.atMs })),
    incarnation: now.incarnation,
    start: now.snapshot,
    at: 0,
    stage: 'rows',
    after: null,
    pageRows: Math.min(place.pageRows * 2, LONGEST_PAGE),
  }
}

/** Whether the token is of this pull, and all that it was read under is as it was. */
function fits(token: ResumeToken, { planned, session }: PullQuestion, now: Moment): boolean {
  return (
    // The round began after what it reads the changes since.
    isOfHistory({ ...token, snapshot: token.start }, now) &&
    token.parts.length === planned.length &&
    planned.every(({ plan, request }, index) => {
      const part = token.parts[index]
      const at = { ...token, signature: '', snapshot: token.start }
      return (
        part?.entity === request.entity &&
        part.signature === signatureOf(plan, session, request.chosen, now) &&
        baseSnapshot(toCursor(at), plan, now, tablesRead(plan)) !== null
      )
    })
  )
}

function beginAnew(): RequestFault {
  return new RequestFault(
    400,
    'invalid-message',
    "The pull can't go on from where it was: the server, or what the session may see, is another now. Drop the pages that came and pull from the beginning.",
  )
}

async function digestsOf(tx: DatabaseTransaction, { planned, session }: PullQuestion): Promise<Record<string, Digest>> {
  const digests: Record<string, Digest> = {}
  for (const each of planned) {
    if (!each.request.verify) continue
    const part = { entity: '', signature: '', full: true, since: null, sinceMs: session.atMs }
    const [[rows, sum] = []] = parseCopyText(
      new TextDecoder().decode(await tx.copyOut(digestSql(chunkOf(each, session, part)))),
    )
    digests[each.plan.entity.id] = { rows: Number(rows), sum: sum ?? '0' }
  }
  return digests
}

/**
 * Without statistics the planner takes a third of the log for new, and would read whole tables, by several processes,
 * for a few rows. What is read in whole is read in the key's order, by its index as well.
 */
const INDEXES_ONLY: Selection = {
  expressions: () =>
    ['enable_seqscan', 'jit', 'max_parallel_workers_per_gather'].map((name) => `set_config('${name}', '0', true)`),
  params: [],
}
