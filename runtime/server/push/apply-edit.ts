/**
 * One edit of a group as one statement that checks and writes its row in one step (P5).
 *
 * Last write wins by arrival, by attribute: an edit writes the attributes that it names, whatever they were.
 */
import type { DatabaseTransaction } from '../../contract/api'
import { quoteName } from '../../contract/sql-text'
import type { Edit, KeyMapping, WireValue } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import { isTemporary, type KeyMap } from './key-map'
import { Refusal } from './refusals'

/** Finds fault with an edit before anything is written (P4). */
export function checkEdit(plan: EntityPlan | undefined, edit: Edit): EntityPlan {
  if (!plan) throw new Refusal('unknown-entity', `The server knows no entity "${edit.entity}". Update the app.`)
  const { entity, attributes } = plan
  if (entity.direction === 'down' || entity.pattern.kind === 'read-only-delta') {
    throw new Refusal('not-allowed', `${entity.name} can only be read on a device. Change it on the server instead.`)
  }
  if (edit.key.length !== entity.key.length) {
    throw new Refusal(
      'invalid-value',
      `A key of ${entity.name} has ${entity.key.length} parts, and ${edit.key.length} came. Update the app.`,
    )
  }
  const values = edit.op === 'delete' ? [] : Object.entries(edit.set)
  for (const [id] of values) {
    const attribute = attributes.get(id)
    if (!attribute) throw new Refusal('not-allowed', `${entity.name} has no attribute "${id}". Update the app.`)
    const isKeyOfNewRow = edit.op === 'create' && entity.key.includes(id)
    if (attribute.readOnly && !isKeyOfNewRow) {
      throw new Refusal(
        'not-allowed',
        `${entity.name}.${attribute.name} can only be read on a device. Leave it as it is.`,
      )
    }
  }
  // What is not Unicode would arrive as something else; PostgreSQL has no text with a zero character.
  for (const text of [...edit.key, ...values.map(([, value]) => value ?? '')]) {
    if (/[\uD800-\uDFFF]|\0/u.test(text)) {
      throw new Refusal('invalid-value', `A text in ${entity.name} has a character that can't be stored. Remove it.`)
    }
  }
  return plan
}

/** Answers the mapping where the server made the row's key; throws a `Refusal` where the row is gone. */
export async function applyEdit(
  tx: DatabaseTransaction,
  plan: EntityPlan,
  edit: Edit,
  keys: KeyMap,
): Promise<KeyMapping | null> {
  switch (edit.op) {
    case 'create':
      return create(tx, plan, edit, keys)
    case 'update': {
      await update(tx, plan, keys.translateKey(plan, edit.key), assignments(plan, edit.set, keys))
      return null
    }
    case 'delete': {
      const { sql, params } = keyCondition(plan, keys.translateKey(plan, edit.key), 0)
      await tx.query(`delete from ${plan.base} where ${sql}`, params)
      return null
    }
  }
}

interface Assignment {
  /** Quoted. */
  readonly column: string
  readonly value: WireValue
}

function assignments(plan: EntityPlan, set: Readonly<Record<string, WireValue>>, keys: KeyMap): Assignment[] {
  return Object.entries(set).map(([id, value]) => ({
    column: quoteName(plan.attributes.get(id)?.column ?? ''),
    value: keys.translate(plan, id, value),
  }))
}

async function update(
  tx: DatabaseTransaction,
  plan: EntityPlan,
  key: readonly string[],
  changes: readonly Assignment[],
): Promise<void> {
  if (changes.length === 0) return
  const { sql, params } = keyCondition(plan, key, changes.length)
  const set = changes.map(({ column }, index) => `${column} = $${index + 1}`).join(', ')
  const updated = await tx.query(`update ${plan.base} set ${set} where ${sql} returning 1 as done`, [
    ...changes.map(({ value }) => value),
    ...params,
  ])
  if (updated.length === 0) {
    throw new Refusal(
      'row-deleted',
      `The row of ${plan.entity.name} that was changed is no longer on the server. Discard the change, or create the row anew.`,
    )
  }
}

async function create(
  tx: DatabaseTransaction,
  plan: EntityPlan,
  edit: Extract<Edit, { op: 'create' }>,
  keys: KeyMap,
): Promise<KeyMapping | null> {
  const { entity } = plan
  const rest = assignments(
    plan,
    Object.fromEntries(Object.entries(edit.set).filter(([id]) => !entity.key.includes(id))),
    keys,
  )
  // A temporary key that was used before is a new row all the same: a device may come to make it twice.
  const temporaries = entity.key.filter((id, index) => isMadeHere(plan, id) && isTemporary(edit.key[index] ?? null))
  if (temporaries.length > 0) return createWithServerKey(tx, plan, edit.key, temporaries, rest, keys)

  const key = keys.translateKey(plan, edit.key)
  const all = [...plan.keyColumns.map((column, index) => ({ column, value: key[index] ?? '' })), ...rest]
  // A key that somebody else has taken is a conflict: the insert fails, and the group goes to quarantine (F2).
  await tx.query(
    `insert into ${plan.base} ${valuesSql(all)}`,
    all.map(({ value }) => value),
  )
  return null
}

/** A part of the key that the server makes, and not one that refers to a row whose key it makes. */
function isMadeHere({ entity, keySources }: EntityPlan, attribute: string): boolean {
  const sources = keySources.get(attribute) ?? []
  return entity.keyStrategy === 'server' && sources.every((source) => source === entity.id)
}

async function createWithServerKey(
  tx: DatabaseTransaction,
  plan: EntityPlan,
  temporary: readonly string[],
  temporaryAttributes: readonly string[],
  rest: readonly Assignment[],
  keys: KeyMap,
): Promise<KeyMapping> {
  const translated = keys.translateKey(plan, temporary)
  const given = plan.entity.key.flatMap((id, index) =>
    temporaryAttributes.includes(id) ? [] : [{ column: plan.keyColumns[index] ?? '', value: translated[index] ?? '' }],
  )
  const all = [...given, ...rest]
  const returning = plan.keyColumns.map((column, index) => `${column}::text as key_${index}`).join(', ')
  const [row] = await tx.query(
    `insert into ${plan.base} ${valuesSql(all)} returning ${returning}`,
    all.map(({ value }) => value),
  )
  const key = plan.keyColumns.map((_, index) => String(row?.[`key_${index}`]))
  for (const id of temporaryAttributes) {
    const index = plan.entity.key.indexOf(id)
    await keys.add(tx, plan.entity.id, temporary[index] ?? '', key[index] ?? '')
  }
  return { entity: plan.entity.id, temporary: [...temporary], key }
}

/** "Overriding" lets a given key into a column that is always generated, and means nothing elsewhere. */
function valuesSql(values: readonly Assignment[]): string {
  if (values.length === 0) return 'default values'
  const columns = values.map(({ column }) => column).join(', ')
  return `(${columns}) overriding system value values (${values.map((_, index) => `$${index + 1}`).join(', ')})`
}

/** `offset` is the number of parameters before these. */
export function keyCondition(
  plan: EntityPlan,
  key: readonly string[],
  offset: number,
): { readonly sql: string; readonly params: readonly string[] } {
  const sql = plan.keyColumns.map((column, index) => `${column} = $${offset + index + 1}`).join(' and ')
  return { sql, params: key }
}
