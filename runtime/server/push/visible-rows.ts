/**
 * The rows of a refused group as the session may see them now, so that the device stops showing what the server never
 * took (P6). Only mapped attributes leave the server (L8), and only of rows in the session's scope (P4).
 */
import { quoteName } from '../../contract/sql-text'
import type { Group, VisibleRow, WireValues } from '../../protocol/messages'
import { databaseComplaint } from '../faults'
import type { EntityPlan } from '../plan'
import { scopeTest, sessionParams, sessionSource } from '../scope'
import { loadKeyMap } from './key-map'
import type { Push } from './push-context'
import { imageOf } from './read-rows'

export async function visibleRows(push: Push, group: Group): Promise<VisibleRow[]> {
  const keyMap = await loadKeyMap(push.database, push.plans, push.device, [group])
  const rows = new Map<string, VisibleRow>()
  for (const { entity, key } of group.edits) {
    const plan = push.plans.get(entity)
    const place = JSON.stringify([entity, key])
    // What a device only sends it can't see; it keeps its own.
    if (!plan || plan.entity.direction === 'up' || key.length !== plan.entity.key.length || rows.has(place)) continue
    const known = key.map((value, index) => keyMap.translate(plan, plan.entity.key[index] ?? '', value) ?? '')
    rows.set(place, { entity, key: [...key], row: await readRow(push, plan, known) })
  }
  return [...rows.values()]
}

async function readRow(push: Push, plan: EntityPlan, key: readonly string[]): Promise<WireValues | null> {
  const columns = plan.entity.attributes.map(({ column }, index) => `b.${quoteName(column)}::text as value_${index}`)
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
