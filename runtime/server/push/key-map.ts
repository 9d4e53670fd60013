/**
 * Temporary keys of one device and the keys that the server made for them (K1).
 *
 * Invariants
 * - A mapping commits together with the row it is about. A temporary key that comes again stands for the newer row:
 *   by then the device has put the older row's real key everywhere.
 * - Temporary keys are negative whole numbers, and a mapping is asked for only in
 *   attributes that can hold such a key.
 */
import type { DatabaseTransaction } from '../../contract/api'
import type { Edit, Group, WireKey, WireValue } from '../../protocol/messages'
import type { EntityPlan, EntityPlans } from '../plan'

export interface KeyMap {
  /** The value as the server knows it. */
  readonly translate: (plan: EntityPlan, attribute: string, value: WireValue) => WireValue
  readonly translateKey: (plan: EntityPlan, key: WireKey) => string[]
  readonly add: (tx: DatabaseTransaction, entity: string, temporary: string, key: string) => Promise<void>
}

export function isTemporary(value: WireValue): value is string {
  return value !== null && /^-\d+$/.test(value)
}

/** Reads the mappings that the group needs. */
export async function loadKeyMap(
  tx: Pick<DatabaseTransaction, 'query'>,
  plans: EntityPlans,
  device: string,
  group: Group,
): Promise<KeyMap> {
  const keys = new Map<string, string>()
  const wanted = group.edits.flatMap((edit) => temporaries(plans, edit))
  if (wanted.length > 0) {
    const rows = await tx.query(
      'select entity, temporary, key from syncline.key_map where device = $1 and entity = any($2) and temporary = any($3)',
      [device, [...new Set(wanted.map(([entity]) => entity))], [...new Set(wanted.map(([, temporary]) => temporary))]],
    )
    for (const row of rows) keys.set(place(String(row.entity), String(row.temporary)), String(row.key))
  }
  const translate = (plan: EntityPlan, attribute: string, value: WireValue): WireValue => {
    if (!isTemporary(value)) return value
    const sources = plan.keySources.get(attribute) ?? []
    return sources.map((entity) => keys.get(place(entity, value))).find((key) => key !== undefined) ?? value
  }
  return {
    translate,
    translateKey: (plan, key) =>
      plan.entity.key.map((attribute, index) => translate(plan, attribute, key[index] ?? null) ?? ''),
    add: async (writer, entity, temporary, key) => {
      await writer.query(
        `insert into syncline.key_map (device, entity, temporary, key) values ($1, $2, $3, $4)
         on conflict (device, entity, temporary) do update set key = excluded.key`,
        [device, entity, temporary, key],
      )
      keys.set(place(entity, temporary), key)
    },
  }
}

function temporaries(plans: EntityPlans, edit: Edit): (readonly [entity: string, temporary: string])[] {
  const plan = plans.get(edit.entity)
  if (!plan) return []
  const values = [
    ...plan.entity.key.map((attribute, index) => [attribute, edit.key[index] ?? null] as const),
    ...(edit.op === 'delete' ? [] : Object.entries(edit.set)),
  ]
  return values.flatMap(([attribute, value]) =>
    isTemporary(value) ? (plan.keySources.get(attribute) ?? []).map((entity) => [entity, value] as const) : [],
  )
}

function place(entity: string, temporary: string): string {
  return JSON.stringify([entity, temporary])
}
