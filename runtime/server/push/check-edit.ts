/** Finds fault with an edit before anything is read or written (P4). */
import type { Edit } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import type { PushRule } from './push-rules'
import { Refusal } from './refusals'

export function checkEdit(plan: EntityPlan | undefined, rule: PushRule | undefined, edit: Edit): EntityPlan {
  if (!plan || !rule)
    throw new Refusal('unknown-entity', `The server knows no entity "${edit.entity}". Update the app.`)
  const { entity } = plan
  if (rule.kind === 'refuse') {
    throw new Refusal('not-allowed', `${entity.name} can only be read on a device. Change it on the server instead.`)
  }
  if (rule.kind === 'arrival' && rule.createsOnly && edit.op !== 'create') {
    throw new Refusal(
      'not-allowed',
      `Rows of ${entity.name} are made on a device and not changed there. Change the row on the server instead.`,
    )
  }
  if (edit.key.length !== entity.key.length) {
    throw new Refusal(
      'invalid-value',
      `A key of ${entity.name} has ${entity.key.length} parts, and ${edit.key.length} came. Update the app.`,
    )
  }
  checkAttributes(plan, edit)
  checkTexts(plan, edit)
  return plan
}

function checkAttributes({ entity, attributes }: EntityPlan, edit: Edit): void {
  if (edit.op === 'delete') return
  for (const id of Object.keys(edit.set)) {
    const attribute = attributes.get(id)
    if (!attribute) throw new Refusal('not-allowed', `${entity.name} has no attribute "${id}". Update the app.`)
    const isKeyOfNewRow = edit.op === 'create' && entity.key.includes(id)
    if ((attribute.readOnly && !isKeyOfNewRow) || attribute.derived !== undefined) {
      throw new Refusal(
        'not-allowed',
        `${entity.name}.${attribute.name} can only be read on a device. Leave it as it is.`,
      )
    }
  }
}

/** What is not Unicode would arrive as something else; PostgreSQL has no text with a zero character. */
function checkTexts({ entity }: EntityPlan, edit: Edit): void {
  const values = [
    ...(edit.op === 'delete' ? [] : Object.values(edit.set)),
    ...(edit.op === 'create' ? [] : Object.values(edit.was)),
  ]
  for (const text of [...edit.key, ...values]) {
    if (text !== null && /[\uD800-\uDFFF]|\0/u.test(text)) {
      throw new Refusal('invalid-value', `A text in ${entity.name} has a character that can't be stored. Remove it.`)
    }
  }
}
