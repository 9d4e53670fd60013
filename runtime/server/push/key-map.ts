/**
 * Temporary keys of one device and the keys that the server made for them (K1).
 *
 *   temporary key ─► known: the server's key
 *                 └► created in this transaction: a placeholder, until the row is there
 *
 * Invariants
 * - A mapping commits together with the row it is about. A temporary key that comes again stands for the newer row:
 *   by then the device has put the older row's real key everywhere.
 * - Temporary keys are negative whole numbers, and a mapping is asked for only in
 *   attributes that can hold such a key.
 */
import type { DatabaseTransaction } from '../../contract/api'
import type { Edit, Group, WireValue } from '../../protocol/messages'
import type { EntityPlan, EntityPlans } from '../plan'

export interface KeyMap {
  /** The value as the server knows it, or a placeholder. */
  readonly translate: (plan: EntityPlan, attribute: string, value: WireValue) => WireValue
  /** Announces the creation of a row under a temporary key; answers the placeholder. */
  readonly expect: (entity: string, temporary: string) => string
  /** Tells the key of an announced row. */
  readonly fulfil: (placeholder: string, key: string) => void
  /** The key in a placeholder's place, the temporary one where there is no row; any other value as it is. */
  readonly resolve: <V extends WireValue>(value: V) => V | string
}

export interface NewKey {
  readonly entity: string
  readonly temporary: string
  readonly key: string
}

export function isTemporary(value: WireValue): value is string {
  return value !== null && /^-\d+$/.test(value)
}

/** A part of the key that the server makes, and not one that refers to a row whose key it makes. */
export function isMadeHere({ entity, keySources }: EntityPlan, attribute: string): boolean {
  const sources = keySources.get(attribute) ?? []
  return entity.keyStrategy === 'server' && sources.every((source) => source === entity.id)
}

/** Reads the mappings that the groups need. */
export async function loadKeyMap(
  tx: Pick<DatabaseTransaction, 'query'>,
  plans: EntityPlans,
  device: string,
  groups: readonly Pick<Group, 'edits'>[],
): Promise<KeyMap> {
  const keys = new Map<string, string>()
  const wanted = groups.flatMap(({ edits }) => edits.flatMap((edit) => temporaries(plans, edit)))
  if (wanted.length > 0) {
    const rows = await tx.query(
      'select entity, temporary, key from syncline.key_map where device = $1 and entity = any($2) and temporary = any($3)',
      [device, [...new Set(wanted.map(([entity]) => entity))], [...new Set(wanted.map(([, temporary]) => temporary))]],
    )
    for (const row of rows) keys.set(place(String(row.entity), String(row.temporary)), String(row.key))
  }
  const placeholders = new Map<string, string>()
  return {
    translate: (plan, attribute, value) => {
      if (!isTemporary(value)) return value
      const sources = plan.keySources.get(attribute) ?? []
      return sources.map((entity) => keys.get(place(entity, value))).find((key) => key !== undefined) ?? value
    },
    expect: (entity, temporary) => {
      const placeholder = `new ${placeholders.size} for ${temporary}`
      placeholders.set(placeholder, temporary)
      keys.set(place(entity, temporary), placeholder)
      return placeholder
    },
    fulfil: (placeholder, key) => void placeholders.set(placeholder, key),
    resolve: (value) => (value === null ? value : (placeholders.get(value) ?? value)),
  }
}

export async function saveKeys(tx: DatabaseTransaction, device: string, keys: readonly NewKey[]): Promise<void> {
  if (keys.length === 0) return
  // The last of several rows under one temporary key is the one that it stands for.
  const last = [...new Map(keys.map((key) => [place(key.entity, key.temporary), key])).values()]
  await tx.query(
    `insert into syncline.key_map (device, entity, temporary, key)
     select $1, v.* from unnest($2::text[], $3::text[], $4::text[]) v
     on conflict (device, entity, temporary) do update set key = excluded.key, at = excluded.at`,
    [device, last.map(({ entity }) => entity), last.map(({ temporary }) => temporary), last.map(({ key }) => key)],
  )
}

function temporaries(plans: EntityPlans, edit: Edit): (readonly [entity: string, temporary: string])[] {
  const plan = plans.get(edit.entity)
  if (!plan) return []
  const values = [
    ...plan.entity.key.map((attribute, index) => [attribute, edit.key[index] ?? null] as const),
    ...(edit.op === 'delete' ? [] : Object.entries(edit.set)),
    ...(edit.op === 'create' ? [] : Object.entries(edit.was)),
  ]
  return values.flatMap(([attribute, value]) =>
    isTemporary(value) ? (plan.keySources.get(attribute) ?? []).map((entity) => [entity, value] as const) : [],
  )
}

function place(entity: string, temporary: string): string {
  return JSON.stringify([entity, temporary])
}
