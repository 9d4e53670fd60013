/** Operations on the settings of one local attribute. Whether they fit its source is the check's to say. */
import type { LocalAttribute, Project } from '../project'
import { DONE, gone, type OperationResult } from './result'

/** Settings that are switched on and off. */
export type AttributeSwitch = 'readOnly' | 'sensitive' | 'required'

export function setAttributeSwitch(
  draft: Project,
  entityId: string,
  attributeId: string,
  name: AttributeSwitch,
  on: boolean,
): OperationResult {
  const attribute = draft.localEntities[entityId]?.attributes[attributeId]
  if (attribute === undefined) return gone('attribute')
  attribute[name] = on
  return DONE
}

/** Sets what a new row has on the device, as an SQL constant; null for the server's default. */
export function setAttributeDefault(
  draft: Project,
  entityId: string,
  attributeId: string,
  value: string | null,
): OperationResult {
  const attribute = draft.localEntities[entityId]?.attributes[attributeId]
  if (attribute === undefined) return gone('attribute')
  attribute.default = value
  return DONE
}

/** Sets whether a value comes with its row or when the app asks for it. */
export function setAttributeTransfer(
  draft: Project,
  entityId: string,
  attributeId: string,
  transfer: LocalAttribute['transfer'],
): OperationResult {
  const attribute = draft.localEntities[entityId]?.attributes[attributeId]
  if (attribute === undefined) return gone('attribute')
  attribute.transfer = transfer
  return DONE
}
