/**
 * One group of a push: applied whole or refused whole, exactly once.
 *
 *   begin ─► claim the group's id ─► taken? ──► answer what is recorded
 *                    │ free
 *                    ▼
 *             edits in order ─► record the answer ─► commit
 *                    │ refused
 *                    ▼
 *             rollback ─► begin ─► claim ─► record the refusal ─► commit
 *
 * Invariants
 * - Effect and record commit together (P1). Of two requests with one group the second waits at the claim.
 * - No statement runs after one that failed: a refusal is recorded in a transaction of its own, which claims anew.
 * - An error that says nothing about the group is not recorded; it fails the request.
 */
import type { Database, DatabaseTransaction } from '../../contract/api'
import type { Group, KeyMapping, Outcome } from '../../protocol/messages'
import type { EntityPlans } from '../plan'
import { applyEdit, checkEdit } from './apply-edit'
import { loadKeyMap } from './key-map'
import { isWorthRepeating, type Refusal, toRefusal } from './refusals'
import { visibleRows } from './visible-rows'

export interface PushContext {
  readonly database: Database
  readonly plans: EntityPlans
  readonly device: string
  readonly maxGroupEdits: number
}

/** Deadlocks and serialization failures pass; one that comes back this often is a fault of the database. */
const ATTEMPTS = 5

export async function applyGroup(context: PushContext, group: Group): Promise<Outcome> {
  if (group.edits.length > context.maxGroupEdits) return tooLarge(context, group)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await context.database.transaction((tx) => applyOnce(tx, context, group))
    } catch (error) {
      if (isWorthRepeating(error) && attempt < ATTEMPTS) continue
      const refusal = toRefusal(error)
      if (!refusal) throw error
      return recordRefusal(context, group, refusal)
    }
  }
}

async function applyOnce(tx: DatabaseTransaction, { plans, device }: PushContext, group: Group): Promise<Outcome> {
  if (!(await claim(tx, device, group))) return recordedOutcome(tx, device, group)
  const planned = group.edits.map((edit) => ({ edit, plan: checkEdit(plans.get(edit.entity), edit) }))
  const keyMap = await loadKeyMap(tx, plans, device, group)
  const keys: KeyMapping[] = []
  for (const { edit, plan } of planned) {
    const mapping = await applyEdit(tx, plan, edit, keyMap)
    if (mapping) keys.push(mapping)
  }
  const outcome: Outcome = { kind: 'applied', id: group.id, keys }
  await record(tx, outcome)
  return outcome
}

async function recordRefusal(context: PushContext, group: Group, refusal: Refusal): Promise<Outcome> {
  const rows = await visibleRows(context, group)
  return context.database.transaction(async (tx) => {
    if (!(await claim(tx, context.device, group))) return recordedOutcome(tx, context.device, group)
    const outcome: Outcome = { kind: 'refused', id: group.id, reason: refusal.reason, message: refusal.message, rows }
    await record(tx, outcome)
    return outcome
  })
}

/** True where nobody has answered the group yet; from here on the triggers know who writes. */
async function claim(tx: DatabaseTransaction, device: string, group: Group): Promise<boolean> {
  const claimed = await tx.query(
    `insert into syncline.push_group (id, device) values ($1, $2) on conflict (id) do nothing
     returning set_config('syncline.device', device::text, true) as device`,
    [group.id, device],
  )
  return claimed.length > 0
}

async function record(tx: DatabaseTransaction, outcome: Outcome): Promise<void> {
  await tx.query('update syncline.push_group set outcome = $2 where id = $1', [outcome.id, JSON.stringify(outcome)])
}

async function recordedOutcome(tx: DatabaseTransaction, device: string, group: Group): Promise<Outcome> {
  const [row] = await tx.query('select device, outcome from syncline.push_group where id = $1', [group.id])
  if (row?.device === device && typeof row.outcome === 'string') return JSON.parse(row.outcome) as Outcome
  // Another device's answer is nobody else's business.
  return {
    kind: 'refused',
    id: group.id,
    reason: 'not-allowed',
    message: 'Another device has sent a group with this id. Make the edits anew.',
    rows: [],
  }
}

function tooLarge({ maxGroupEdits }: PushContext, { id, edits }: Group): Outcome {
  const message = `One transaction has ${edits.length} edits, and the server takes at most ${maxGroupEdits}. Make the change in smaller transactions.`
  return { kind: 'refused', id, reason: 'too-large', message, rows: [] }
}
