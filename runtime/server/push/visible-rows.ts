/**
 * The rows of a group as the session may see them now: of a refused one, so that the device stops showing what the server
 * never took (P6), and of an answer that is given again, perhaps to a session that may see less. Only mapped attributes leave the server (L8), and only of rows in the session's scope (P4).
 */
import { valueSql } from '../../contract/value-sql'
import type { ConflictReport, Edit, Group, Outcome, VisibleRow, WireValues } from '../../protocol/messages'
import { databaseComplaint } from '../faults'
import type { EntityPlan } from '../plan'
import { scopeTest, sessionParams, sessionSource } from '../scope'
import { loadKeyMap } from './key-map'
import type { Push } from './push-context'
import { imageOf } from './read-rows'

export async function visibleRows(push: Push, group: Pick<Group, 'edits'>): Promise<VisibleRow[]> {
  const keyMap = await loadKeyMap(push.database, push.plans, push.device, [group])
  const rows = new Map<string, VisibleRow>()
  for (const { entity, key } of group.edits) {
    const plan = push.plans.get(entity)
    const place = placeOf({ entity, key })
    // What a device only sends it can't see; it keeps its own.
    if (!plan || plan.entity.direction === 'up' || key.length !== plan.entity.key.length || rows.has(place)) continue
    const known = key.map((value, index) => keyMap.translate(plan, plan.entity.key[index] ?? '', value) ?? '')
    rows.set(place, { entity, key: [...key], row: await readRow(push, plan, known) })
  }
  return [...rows.values()]
}

/** A recorded answer without what the session may no longer see. What the device sent itself stays. */
export async function asVisibleNow(push: Push, outcome: Outcome): Promise<Outcome> {
  const told = outcome.kind === 'refused' ? outcome.rows : outcome.conflicts.filter(({ server }) => server !== null)
  if (told.length === 0) return outcome
  const visible = new Map(
    (await visibleRows(push, { edits: told.map(asEdit) })).map((row) => [placeOf(row), row.row] as const),
  )
  const now = (row: Row) => visible.get(placeOf(row)) ?? null
  return outcome.kind === 'refused'
    ? { ...outcome, rows: outcome.rows.map((row) => ({ ...row, row: now(row) })) }
    : { ...outcome, conflicts: outcome.conflicts.map((report) => reportNow(report, now(report))) }
}

function reportNow(report: ConflictReport, row: WireValues | null): ConflictReport {
  if (report.server === null) return report
  const untold = { ...report, server: row, serverUser: null, serverAt: null }
  // An update of a row out of sight is told like one of a row that is gone.
  const isUpdate = report.base !== null && report.local !== null
  if (row === null) return { ...untold, kind: isUpdate ? 'update-delete' : report.kind }
  // What was settled was settled against the recorded version.
  const isOpen = report.decision === 'parked' || report.decision === 'device'
  return isOpen && !isSameImage(report.server, row) ? untold : report
}

function isSameImage(before: WireValues, now: WireValues): boolean {
  return Object.keys({ ...before, ...now }).every((id) => before[id] === now[id])
}

type Row = Pick<VisibleRow, 'entity' | 'key'>

/** An edit that names the row and nothing else. */
function asEdit({ entity, key }: Row): Edit {
  return { op: 'delete', entity, key, was: {}, base: null, at: 0, resolves: null }
}

function placeOf({ entity, key }: Row): string {
  return JSON.stringify([entity, key])
}

async function readRow(push: Push, plan: EntityPlan, key: readonly string[]): Promise<WireValues | null> {
  const columns = plan.stored.map((attribute, index) => `${valueSql(attribute)} as value_${index}`)
  const same = plan.keyColumns.map((column, index) => `b.${column} = $${index + 1}`).join(' and ')
  const read = scopeTest(plan, 'read')
  const session = read === null ? '' : ` cross join ${sessionSource(key.length)}`
  try {
    const [row] = await push.database.query(
      `select ${columns.join(', ')} from ${plan.base} b${session} where ${same}${read === null ? '' : ` and ${read}`}`,
      [...key, ...(read === null ? [] : sessionParams(push.scope))],
    )
    return row ? imageOf(plan, row) : null
  } catch (error) {
    // A text that is no key of this type: no row has it.
    if (databaseComplaint(error)?.code.startsWith('22')) return null
    throw error
  }
}
