import { whyNotSensitive } from '@/designer/compiler/1-validate/sensitive'
import type { AttributeSwitch } from '@/designer/model/operations/attribute-settings'
import type { Project } from '@/designer/model/project'
import type { AttributeProps } from './types'

export interface SwitchState {
  readonly name: AttributeSwitch
  /** As it works out, whatever is written in the project. */
  readonly on: boolean
  /** Something else decides it; the hint says what. */
  readonly fixed: boolean
  readonly hint: string
}

/** How an attribute's switches stand, and why one is not free. */
export function switchStates(
  project: Pick<Project, 'localEntities' | 'serverEntities'>,
  props: AttributeProps,
): readonly SwitchState[] {
  return [required(props), readOnly(props), sensitive(project, props)]
}

function required({ entity, attribute, origin, role }: AttributeProps): SwitchState {
  const state = (on: boolean, hint: string): SwitchState => ({ name: 'required', on, fixed: true, hint })
  if (role.derived) return state(false, 'Nothing is written there on a device.')
  if (role.isKey) return state(true, 'It belongs to the key: each row has it.')
  if (entity.direction === 'down') return state(false, 'Rows only come to the device: nothing is written there.')
  if (attribute.transfer === 'on-demand') return state(false, 'It comes on demand, and is only read.')
  if (attribute.readOnly || role.madeByServer) return state(false, 'The server gives the value.')
  if (origin.kind === 'column' && !origin.server.nullable && origin.server.default === null) {
    return state(true, 'The server takes no row without it (NOT NULL).')
  }
  return {
    name: 'required',
    on: attribute.required,
    fixed: false,
    hint:
      origin.kind === 'column' && !origin.server.nullable
        ? 'The server has a default for rows without it. Switched on, a device has to give it.'
        : 'The server allows it to be empty. Switched on, a device may not leave it so.',
  }
}

function readOnly({ entity, attribute, origin, role }: AttributeProps): SwitchState {
  const state = (on: boolean, hint: string): SwitchState => ({ name: 'readOnly', on, fixed: true, hint })
  if (role.derived) {
    return state(
      true,
      origin.kind === 'computed' ? 'The server works it out from the row.' : 'It is a value of another row.',
    )
  }
  if (role.madeByServer) return state(true, 'Only the server can make its value.')
  if (attribute.transfer === 'on-demand') return state(true, 'It comes on demand, and is only read.')
  if (entity.direction === 'down') return state(true, 'Rows of this entity only come to the device.')
  if (role.isKey && !attribute.readOnly) {
    return state(
      false,
      entity.keyStrategy === 'natural'
        ? 'It belongs to the key, which whoever makes a row has to give.'
        : 'It belongs to the key, which is made once and never written again.',
    )
  }
  return {
    name: 'readOnly',
    on: attribute.readOnly,
    fixed: false,
    hint: 'A device shows it and never sends it.',
  }
}

function sensitive(
  project: Pick<Project, 'localEntities' | 'serverEntities'>,
  { entity, attribute }: AttributeProps,
): SwitchState {
  const why = whyNotSensitive(project, entity, attribute.id)
  if (attribute.transfer === 'file' && !attribute.sensitive) {
    return { name: 'sensitive', on: false, fixed: true, hint: 'It is a file, whose content is kept as it is.' }
  }
  return {
    name: 'sensitive',
    on: attribute.sensitive,
    // What is on although it can't be has to be free to be switched off.
    fixed: why !== null && !attribute.sensitive,
    hint:
      why === null
        ? 'Only entity actions read and write it; it can not be searched or sorted by on the device.'
        : `It ${why}, and what is encrypted can not be compared.`,
  }
}
