import { useMemo } from 'react'
import { type AttributeSwitch, setAttributeSwitch } from '@/designer/model/operations/attribute-settings'
import { useEdit, useProject } from '@/designer/stores/session'
import { SwitchRow } from '../../ui/switch-row'
import { switchStates } from './switch-states'
import type { AttributeProps } from './types'

const LABELS: Record<AttributeSwitch, string> = {
  required: 'Required on the device',
  readOnly: 'Read-only on the device',
  sensitive: 'Sensitive: encrypted at rest',
}

const STEPS: Record<AttributeSwitch, readonly [on: string, off: string]> = {
  required: ['Require', 'Do not require'],
  readOnly: ['Forbid writing', 'Allow writing'],
  sensitive: ['Encrypt', 'Do not encrypt'],
}

/** Who may write it, whether it may be empty, and whether it is encrypted. */
export function SwitchesSection({ entity, attribute, origin, role }: AttributeProps) {
  const localEntities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const edit = useEdit()
  const states = useMemo(
    () => switchStates({ localEntities, serverEntities }, { entity, attribute, origin, role }),
    [localEntities, serverEntities, entity, attribute, origin, role],
  )
  return (
    <div className="section gap-3">
      <h3 className="section-title">Values</h3>
      {states.map(({ name, on, fixed, hint }) => (
        <SwitchRow
          key={name}
          label={LABELS[name]}
          hint={hint}
          checked={on}
          fixed={fixed}
          onChange={(next) =>
            edit(`${STEPS[name][next ? 0 : 1]} “${entity.name}.${attribute.name}”`, (draft) =>
              setAttributeSwitch(draft, entity.id, attribute.id, name, next),
            )
          }
        />
      ))}
    </div>
  )
}
