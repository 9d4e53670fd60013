/**
 * Which of two writes is the later one, where that is decided by the time at which they were made (F7).
 *
 * Invariants
 * - An edit whose author had seen the version that it replaces wins, whatever the times say.
 * - Of equal times the one that arrives later stays.
 * - A row's times never go back.
 */
import type { EntityPlan } from '../plan'
import { rowSource } from './column-types'
import type { PlannedEdit } from './planned-edit'
import type { PushWork } from './push-work'
import type { RowState, Times } from './read-rows'

/** The attributes of the edit that a later write overrules. */
export function overruledAttributes(edit: PlannedEdit, state: RowState, timeMs: number): string[] {
  const ids = Object.keys(edit.set)
  if (!state.unseen) return []
  if (edit.rule.kind === 'edit-time' && edit.rule.granularity === 'row') return lastTime(state) > timeMs ? ids : []
  return ids.filter((id) => timeOfColumn(state, columnOf(edit.plan, id)) > timeMs && state.row?.[id] !== edit.set[id])
}

/** When the row was last written, in whatever column. */
export function lastTime({ times }: RowState): number {
  return Math.max(0, ...Object.values(times))
}

export interface Stamp {
  readonly key: readonly string[]
  readonly timeMs: number
  /** Attributes that were written; null for all. */
  readonly attributes: readonly string[] | null
  /** Null for a new row. */
  readonly before: RowState | null
}

/** Notes the times of pushed writes; of other programs' writes the triggers do. */
export async function stampTimes(work: PushWork, plan: EntityPlan, stamps: readonly Stamp[]): Promise<void> {
  if (stamps.length === 0 || plan.written === null) return
  const names = plan.entity.key.map((_, index) => `k${index}`)
  const source = rowSource(
    [...names, 'times'],
    stamps.map((stamp) => [...stamp.key, JSON.stringify(timesAfter(plan, stamp))]),
  )
  const columns = plan.trackColumns.join(', ')
  const values = plan.entity.key.map((id, index) => `v.${names[index]}::${work.types.of(plan, id)}`)
  await work.tx.query(
    `insert into ${plan.written} as written (${columns}, at)
     select ${values.join(', ')}, v.times::jsonb from ${source.sql}
     on conflict (${columns}) do update set at = written.at || excluded.at`,
    source.params,
  )
}

function timesAfter(plan: EntityPlan, { timeMs, attributes, before }: Stamp): Times {
  // By row every write is a write of all columns; so is a creation.
  const asRow = attributes === null || plan.table.timedColumns.length === 0
  const columns = asRow ? ['*'] : attributes.map((id) => columnOf(plan, id))
  return Object.fromEntries(
    columns.map((column) => [column, before === null ? timeMs : Math.max(timeMs, timeOfColumn(before, column))]),
  )
}

function timeOfColumn({ times }: RowState, column: string): number {
  return Math.max(times[column] ?? 0, times['*'] ?? 0)
}

function columnOf(plan: EntityPlan, attribute: string): string {
  return plan.attributes.get(attribute)?.column ?? ''
}
