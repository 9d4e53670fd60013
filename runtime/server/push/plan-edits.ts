/**
 * From groups as they came to edits that can be made: checked, with translated keys, one a row where conflicts are
 * detected, parents first.
 */
import type { Edit, Group, WireValues } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import { checkEdit } from './check-edit'
import { isMadeHere, isTemporary, type KeyMap } from './key-map'
import { netEdits } from './net-edits'
import { orderEdits } from './order-edits'
import type { PlannedEdit } from './planned-edit'
import type { Push } from './push-context'
import { refusalOf } from './refusals'

/** Rejects with a `GroupRefusal` that names the first group in which an edit is at fault. */
export function planEdits(push: Push, keyMap: KeyMap, groups: readonly Group[]): PlannedEdit[] {
  const ranks = new Map(push.bundle.entities.map(({ id }, index) => [id, index]))
  return groups.flatMap((group, index) =>
    refusalOf(index, () => {
      const checked = group.edits.map((edit) => ({
        edit,
        plan: checkEdit(push.plans.get(edit.entity), push.rules.get(edit.entity), edit),
      }))
      // Announced before anything is translated: a child may stand before its parent.
      const announced = checked.map(({ edit, plan }) => announce(keyMap, plan, edit))
      const planned = checked.map(({ edit, plan }, at) =>
        planEdit(push, keyMap, plan, edit, index, announced[at] ?? []),
      )
      return orderEdits(netEdits(planned), (entity) => ranks.get(entity) ?? 0)
    }),
  )
}

/** Per part of the key its placeholder, or null where the server makes none. */
function announce(keyMap: KeyMap, plan: EntityPlan, edit: Edit): (string | null)[] {
  return plan.entity.key.map((attribute, index) => {
    const value = edit.key[index] ?? null
    // A temporary key that was used before is a new row all the same: a device may come to make it twice.
    const isNew = edit.op === 'create' && isMadeHere(plan, attribute) && isTemporary(value)
    return isNew ? keyMap.expect(plan.entity.id, value) : null
  })
}

function planEdit(
  push: Push,
  keyMap: KeyMap,
  plan: EntityPlan,
  edit: Edit,
  group: number,
  announced: readonly (string | null)[],
): PlannedEdit {
  const { entity } = plan
  const translated = (values: WireValues): WireValues =>
    Object.fromEntries(
      Object.entries(values).flatMap(([id, value]) =>
        plan.attributes.has(id) ? [[id, keyMap.translate(plan, id, value)]] : [],
      ),
    )
  const set = edit.op === 'delete' ? {} : translated(edit.set)
  const rule = push.rules.get(entity.id)
  if (!rule) throw new Error(`Entity ${entity.id} has no rule.`)
  return {
    group,
    plan,
    rule,
    op: edit.op,
    sentKey: edit.key,
    key: entity.key.map((id, index) => announced[index] ?? keyMap.translate(plan, id, edit.key[index] ?? null) ?? ''),
    // The key of a new row is said by the key alone.
    set:
      edit.op === 'create'
        ? Object.fromEntries(Object.entries(set).filter(([id]) => !entity.key.includes(id)))
        : withoutOldFiles(plan, edit, set),
    was: edit.op === 'create' ? {} : translated(edit.was),
    base: edit.base,
    at: edit.at,
    resolves: edit.resolves,
    made: entity.key.filter((_, index) => (announced[index] ?? null) !== null),
  }
}

/** A file is written where it was changed only: of one that was not, nobody need have the content. */
function withoutOldFiles({ attributes }: EntityPlan, edit: Edit, set: WireValues): WireValues {
  if (edit.op !== 'update') return set
  const isOld = (id: string) => attributes.get(id)?.file !== undefined && edit.set[id] === edit.was[id]
  return Object.fromEntries(Object.entries(set).filter(([id]) => !isOld(id)))
}
