/**
 * A push: groups in the order in which they were made, each applied whole or refused whole, exactly once.
 *
 *   answered before? ──► the recorded answer
 *   the others ─► some in one transaction ─► applied
 *                        │ something is odd: nothing was done
 *                        ├► a group is refused ─► those before it, it alone, those after it
 *                        └► a statement failed ─► one half, the other half … down to single groups
 *
 * Invariants
 * - Groups of one transaction are applied as they would be one by one; whatever makes a difference is found out one by one (C2, P2, P3).
 * - A recorded answer is its device's and user's, and tells of rows what the session may see by now (P4, L8).
 * - A refusal is recorded in a transaction of its own, with the rows as the session may see them now (P6).
 * - An error that says nothing about a group is not recorded: a lock that is held for long, a lost connection.
 */
import type { Group, Outcome } from '../../protocol/messages'
import { RequestFault } from '../faults'
import { IS_UNNOTED, UnnotedStart } from '../pull/moment'
import { AlreadyClaimed, applyGroups, claim, recordOutcomes } from './apply-groups'
import { openPush, type Push, type PushContext } from './push-context'
import { GroupRefusal, isBusy, isLostRace, isWorthRepeating, type Refusal, toRefusal } from './refusals'
import { createRefusedRows, type RefusedRows } from './refused-rows'
import { asVisibleNow, visibleRows } from './visible-rows'

export type { PushContext } from './push-context'

/** Enough to make single statements cheap, few enough that locks are soon free again. */
const GROUPS_AT_ONCE = 1000
const EDITS_AT_ONCE = 5000

/** Deadlocks and serialization failures pass; one that comes back this often has a busy database. */
const ATTEMPTS = 5

/** How long a device should wait when the database is busy. */
const RETRY_AFTER_MS = 2000

/** Answers the groups, in their order. Rejects where the database can't answer now; a `RequestFault` says when to come back. */
export async function pushGroups(context: PushContext, groups: readonly Group[]): Promise<Outcome[]> {
  if (groups.length === 0) return []
  const push = openPush(context)
  try {
    const outcomes = new Map<string, Outcome>()
    for (const answered of await recordedOutcomes(push, groups)) outcomes.set(answered.id, answered)
    for (const group of groups) {
      if (!outcomes.has(group.id) && group.edits.length > push.maxGroupEdits)
        outcomes.set(group.id, tooLarge(push, group))
    }
    const lost = createRefusedRows()
    for (const group of groups) {
      const known = outcomes.get(group.id)
      if (known) lost.note(group, known)
    }
    const open = distinct(groups.filter(({ id }) => !outcomes.has(id)))
    for (const some of portions(open))
      for (const outcome of await applySome(push, some, lost)) outcomes.set(outcome.id, outcome)
    return groups.flatMap(({ id }) => outcomes.get(id) ?? [])
  } catch (error) {
    if (!isBusy(error)) throw error
    throw new RequestFault(503, 'busy', 'The database is busy. Nothing is lost; try again soon.', RETRY_AFTER_MS)
  }
}

async function applySome(push: Push, groups: readonly Group[], lost: RefusedRows): Promise<Outcome[]> {
  const [only] = groups
  if (!only) return []
  const some = (from: number, to?: number) => applySome(push, groups.slice(from, to), lost)
  const refused = groups.findIndex((group) => lost.refusalOf(group) !== null)
  if (groups.length === 1) {
    const refusal = lost.refusalOf(only)
    const outcome = refusal ? await recordRefusal(push, only, refusal) : await applyOne(push, only)
    lost.note(only, outcome)
    return [outcome]
  }
  if (refused >= 0)
    return [...(await some(0, refused)), ...(await some(refused, refused + 1)), ...(await some(refused + 1))]
  try {
    return await push.database.transaction((tx) => applyGroups(tx, push, groups))
  } catch (error) {
    if (error instanceof GroupRefusal) {
      const { group } = error
      return [...(await some(0, group)), ...(await some(group, group + 1)), ...(await some(group + 1))]
    }
    // What has nothing to do with the groups would come back with each half.
    if (!(error instanceof AlreadyClaimed) && !isWorthRepeating(error) && toRefusal(error) === null) throw error
    const half = Math.ceil(groups.length / 2)
    return [...(await some(0, half)), ...(await some(half))]
  }
}

async function applyOne(push: Push, group: Group): Promise<Outcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [outcome] = await push.database.transaction((tx) => applyGroups(tx, push, [group]))
      if (outcome) return outcome
    } catch (error) {
      if (error instanceof AlreadyClaimed) return recordedOutcome(push, group)
      if (isWorthRepeating(error) && attempt < ATTEMPTS) continue
      // Whoever took the value or the parent has committed: the next attempt finds it, and meets the conflict.
      if (isLostRace(error) && attempt === 1 && detects(push, group)) continue
      const refusal = toRefusal(error)
      if (!refusal) throw error
      return recordRefusal(push, group, refusal)
    }
  }
}

async function recordRefusal(push: Push, group: Group, refusal: Pick<Refusal, 'reason' | 'message'>): Promise<Outcome> {
  const rows = await visibleRows(push, group)
  const outcome: Outcome = { kind: 'refused', id: group.id, reason: refusal.reason, message: refusal.message, rows }
  try {
    await push.database.transaction(async (tx) => {
      await claim(tx, push, [group])
      await recordOutcomes(tx, [outcome])
    })
    return outcome
  } catch (error) {
    if (error instanceof AlreadyClaimed) return recordedOutcome(push, group)
    throw error
  }
}

async function recordedOutcome(push: Push, group: Group): Promise<Outcome> {
  const [outcome] = await recordedOutcomes(push, [group])
  if (!outcome) throw new Error('A group was claimed and has no record.')
  return outcome
}

async function recordedOutcomes(push: Push, groups: readonly Group[]): Promise<Outcome[]> {
  const rows = await push.database.query(
    `select id::text as id, device = $2::uuid and coalesce(user_name = $3, true) as own, outcome, null as unnoted
     from syncline.push_group where id = any($1::uuid[])
     union all select null, null, null, true where ${IS_UNNOTED}`,
    [groups.map(({ id }) => id), push.device, push.session.user],
  )
  // Before anything is written: a start's first transaction is the one from which cursors tell it.
  if (rows.some(({ unnoted }) => unnoted === true)) throw new UnnotedStart('The database was started.')
  const sent = new Map(groups.map(({ id }) => [id.toLowerCase(), id]))
  const outcomes: Outcome[] = []
  for (const row of rows) {
    const id = sent.get(String(row.id)) ?? String(row.id)
    if (row.own === true && typeof row.outcome === 'string') {
      outcomes.push(await asVisibleNow(push, { ...(JSON.parse(row.outcome) as Outcome), id }))
      continue
    }
    // Another device's or user's answer is nobody else's business.
    const message = 'Another device has sent a group with this id. Make the edits anew.'
    outcomes.push({ kind: 'refused', id, reason: 'not-allowed', message, rows: [] })
  }
  return outcomes
}

/** A group that comes twice in one request is applied once. */
function distinct(groups: readonly Group[]): Group[] {
  return [...new Map(groups.map((group) => [group.id, group])).values()]
}

function portions(groups: readonly Group[]): Group[][] {
  const portions: Group[][] = []
  let edits = 0
  for (const group of groups) {
    const last = portions.at(-1)
    const fits = last && last.length < GROUPS_AT_ONCE && edits + group.edits.length <= EDITS_AT_ONCE
    if (fits) last.push(group)
    else portions.push([group])
    edits = fits ? edits + group.edits.length : group.edits.length
  }
  return portions
}

function detects({ rules }: Push, { edits }: Group): boolean {
  return edits.some(({ entity }) => rules.get(entity)?.kind === 'detect')
}

function tooLarge({ maxGroupEdits }: Push, { id, edits }: Group): Outcome {
  const message = `One transaction has ${edits.length} edits, and the server takes at most ${maxGroupEdits}. Make the change in smaller transactions.`
  return { kind: 'refused', id, reason: 'too-large', message, rows: [] }
}
