/**
 * Some groups in one transaction: applied, with the record of it, or nothing at all.
 *
 *   claim the ids ─► plan ─► stretches ─► runs of alike edits, each by set ─► record conflicts and answers ─► (commit)
 *
 * Invariants
 * - Effect and record commit together (P1). Of two requests with one group the second waits at the claim.
 * - The groups' edits take effect in their order, or in one that nobody can tell from it (P2).
 * - No statement runs after one that failed.
 */
import type { DatabaseTransaction } from '../../contract/api'
import type { TrackedTable } from '../../contract/tracked-tables'
import type { Group, Outcome } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import { readMoment, tablesOf } from '../pull/moment'
import { stretches, takeAggregates } from './aggregates'
import { readColumnTypes } from './column-types'
import { loadKeyMap, saveKeys } from './key-map'
import { planEdits } from './plan-edits'
import { planRuns } from './plan-runs'
import type { PlannedEdit } from './planned-edit'
import type { Push } from './push-context'
import { isHeld, type PushWork, resolved } from './push-work'
import { markResolved, recordConflicts } from './record-conflicts'
import { takeCreations } from './take-creations'
import { takeDeletions } from './take-deletions'
import { takeUpdates } from './take-updates'

/** Of the groups another transaction has answered some: nothing was done. */
export class AlreadyClaimed extends Error {
  override readonly name = 'AlreadyClaimed'
}

/** Waiting longer than this for somebody else's lock would keep the device waiting for its answer. */
const LOCK_TIMEOUT_MS = 10_000

/** Rejects with a `GroupRefusal` where a group can't be applied, with the database's error where a statement fails. */
export async function applyGroups(tx: DatabaseTransaction, push: Push, groups: readonly Group[]): Promise<Outcome[]> {
  await claim(tx, push, groups)
  const keyMap = await loadKeyMap(tx, push.plans, push.device, groups)
  const edits = planEdits(push, keyMap, groups)
  const plans = [...new Set(edits.flatMap(({ plan }) => plansAround(push, plan)))]
  const work: PushWork = {
    tx,
    push,
    keyMap,
    scope: push.scope,
    device: push.device,
    types: await readColumnTypes(tx, plans),
    moment: (await readMoment(tx, distinctTables(plans))).moment,
    answers: groups.map(() => ({ keys: [], overruled: [], conflicts: [] })),
    newKeys: [],
    held: new Set(),
  }
  for (const stretch of stretches(edits)) await applyStretch(work, stretch)
  await saveKeys(tx, push.device, work.newKeys)
  await recordConflicts(work)
  await markResolved(work, edits)
  const outcomes = groups.map(({ id }, index): Outcome => {
    const { keys = [], overruled = [], conflicts = [] } = work.answers[index] ?? {}
    return { kind: 'applied', id, keys, overruled, conflicts }
  })
  await recordOutcomes(tx, outcomes)
  return outcomes
}

async function applyStretch(work: PushWork, edits: readonly PlannedEdit[]): Promise<void> {
  await takeAggregates(work, edits)
  for (const run of planRuns(edits)) {
    const ready = run.filter((edit) => !isHeld(work, edit)).map((edit) => resolved(work, edit))
    switch (run[0]?.op) {
      case 'create':
        await takeCreations(work, ready)
        break
      case 'update':
        await takeUpdates(work, ready)
        break
      case 'delete':
        await takeDeletions(work, ready)
        break
    }
  }
}

/** From here on the triggers know who writes. Rejects with `AlreadyClaimed` where a group was answered before. */
export async function claim(tx: DatabaseTransaction, push: Push, groups: readonly Pick<Group, 'id'>[]): Promise<void> {
  await tx.query(
    `select set_config('syncline.device', $1, true), set_config('syncline.user', $2, true),
       case when current_setting('lock_timeout') = '0' then set_config('lock_timeout', $3, true) end`,
    [push.device, push.session.user, String(LOCK_TIMEOUT_MS)],
  )
  const claimed = await tx.query(
    `insert into syncline.push_group (id, device, user_name) select id, $1, $3 from unnest($2::uuid[]) id
     on conflict (id) do nothing returning 1 as done`,
    [push.device, groups.map(({ id }) => id), push.session.user],
  )
  if (claimed.length < groups.length) throw new AlreadyClaimed('A group was answered before.')
}

export async function recordOutcomes(tx: DatabaseTransaction, outcomes: readonly Outcome[]): Promise<void> {
  await tx.query(
    `update syncline.push_group g set outcome = v.outcome
     from unnest($1::uuid[], $2::text[]) v(id, outcome) where g.id = v.id`,
    [outcomes.map(({ id }) => id), outcomes.map((outcome) => JSON.stringify(outcome))],
  )
}

/** The entity's own plan, those it refers to, and those of its aggregate. */
function plansAround(push: Push, plan: EntityPlan): readonly EntityPlan[] {
  const rule = push.rules.get(plan.entity.id)
  const referred = plan.entity.references.flatMap(({ entity }) => push.plans.get(entity) ?? [])
  return [plan, ...referred, ...(rule?.kind === 'detect' ? rule.children.map((child) => child.plan) : [])]
}

function distinctTables(plans: readonly EntityPlan[]): TrackedTable[] {
  return [...new Map(plans.flatMap(tablesOf).map((table) => [table.id, table])).values()]
}
