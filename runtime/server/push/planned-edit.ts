/**
 * An edit on its way into the database: checked, with the server's keys where they are known and placeholders for those
 * that the server makes in the same transaction.
 */
import type { Edit, WireValue, WireValues } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import type { PushRule } from './push-rules'

export interface PlannedEdit {
  /** The place of its group in the transaction. */
  readonly group: number
  readonly plan: EntityPlan
  readonly rule: PushRule
  readonly op: Edit['op']
  /** As the device knows it. */
  readonly sentKey: readonly string[]
  readonly key: readonly string[]
  /** Empty for a deletion. */
  readonly set: WireValues
  /** Empty for a creation. */
  readonly was: WireValues
  readonly base: string | null
  readonly at: number
  readonly resolves: string | null
  /** Key attributes that the server makes. */
  readonly made: readonly string[]
}

/** The value that the edit writes there, its key included; undefined where it writes none. */
export function writtenValue(edit: PlannedEdit, attribute: string): WireValue | undefined {
  const index = edit.plan.entity.key.indexOf(attribute)
  if (index >= 0 && edit.op === 'create') return edit.key[index]
  return edit.set[attribute]
}

/** The text by which a row is known in the transaction. */
export function rowName({ plan, key }: Pick<PlannedEdit, 'plan' | 'key'>): string {
  return JSON.stringify([plan.base, ...key])
}

/** The text by which references know a row: the values of the attributes that are referred to. */
export function referredName(
  entity: string,
  values: readonly (readonly [attribute: string, value: WireValue])[],
): string {
  return JSON.stringify([entity, ...values.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

/** The rows to which the edit's values refer, with the attributes that do. */
export function references(edit: PlannedEdit): { readonly target: string; readonly attributes: readonly string[] }[] {
  if (edit.op === 'delete') return []
  return edit.plan.entity.references.flatMap(({ attributes, entity, referencedAttributes }) => {
    const values = attributes.map((attribute) => writtenValue(edit, attribute))
    if (values.some((value) => value === undefined || value === null)) return []
    const pairs = referencedAttributes.map((referred, index) => [referred, values[index] ?? null] as const)
    return [{ target: referredName(entity, pairs), attributes }]
  })
}

/** How references know the row that the edit creates. */
export function createdName({ plan, key }: PlannedEdit): string {
  return referredName(
    plan.entity.id,
    plan.entity.key.map((attribute, index) => [attribute, key[index] ?? null] as const),
  )
}
