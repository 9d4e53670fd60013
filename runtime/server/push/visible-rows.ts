/**
 * The rows of a refused group as the session may see them now, so that the device stops showing what the server never
 * took (P6). Only mapped attributes leave the server (L8).
 */
import type { Database } from '../../contract/api'
import { quoteName } from '../../contract/sql-text'
import type { Group, VisibleRow } from '../../protocol/messages'
import { databaseComplaint } from '../faults'
import type { EntityPlan, EntityPlans } from '../plan'
import { keyCondition } from './apply-edit'
import { loadKeyMap } from './key-map'

interface Source {
  readonly database: Database
  readonly plans: EntityPlans
  readonly device: string
}

export async function visibleRows({ database, plans, device }: Source, group: Group): Promise<VisibleRow[]> {
  const keyMap = await loadKeyMap(database, plans, device, group)
  const rows = new Map<string, VisibleRow>()
  for (const { entity, key } of group.edits) {
    const plan = plans.get(entity)
    const place = JSON.stringify([entity, key])
    // What a device only sends it can't see; it keeps its own.
    if (!plan || plan.entity.direction === 'up' || key.length !== plan.entity.key.length || rows.has(place)) continue
    rows.set(place, { entity, key, row: await readRow(database, plan, keyMap.translateKey(plan, key)) })
  }
  return [...rows.values()]
}

async function readRow(
  database: Database,
  plan: EntityPlan,
  key: readonly string[],
): Promise<Record<string, string | null> | null> {
  const columns = plan.entity.attributes
    .map(({ column }, index) => `${quoteName(column)}::text as value_${index}`)
    .join(', ')
  const { sql, params } = keyCondition(plan, key, 0)
  try {
    const [row] = await database.query(`select ${columns} from ${plan.base} where ${sql}`, params)
    if (!row) return null
    return Object.fromEntries(
      plan.entity.attributes.map(({ id }, index) => [id, (row[`value_${index}`] ?? null) as string | null]),
    )
  } catch (error) {
    // A text that is no key of this type: no row has it.
    if (databaseComplaint(error)?.code.startsWith('22')) return null
    throw error
  }
}
