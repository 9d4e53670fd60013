import { type ConflictSettings, RESOLUTIONS, type Resolution } from '@/designer/model/project'
import { Segmented } from '../../ui/segmented'
import { SwitchRow } from '../../ui/switch-row'

interface Props {
  readonly value: ConflictSettings
  readonly onChange: (settings: Partial<ConflictSettings>) => void
}

const RESOLUTION_WORDS: Readonly<Record<Resolution, { readonly label: string; readonly hint: string }>> = {
  park: {
    label: 'A person decides',
    hint: 'The edit waits on its device, and is listed there, until somebody resolves it.',
  },
  'keep-local': { label: 'Keep the edit', hint: 'The edit is written over what others wrote meanwhile.' },
  'keep-server': { label: 'Keep the server’s row', hint: 'The edit is given up.' },
  'merge-attributes': {
    label: 'Merge attributes',
    hint: 'Edits of different attributes are both kept; where both changed one, a person decides unless something else is said.',
  },
}

/** What happens to an edit that met a write its author had not seen. */
export function ConflictSettingsFields({ value, onChange }: Props) {
  return (
    <>
      <label className="field">
        <span className="label">On a conflict</span>
        <select
          className="select"
          value={value.resolution}
          onChange={(event) => {
            const resolution = RESOLUTIONS.find((candidate) => candidate === event.target.value)
            if (resolution) onChange({ resolution })
          }}
        >
          {RESOLUTIONS.map((resolution) => (
            <option key={resolution} value={resolution}>
              {RESOLUTION_WORDS[resolution].label}
            </option>
          ))}
        </select>
        <span className="hint">{RESOLUTION_WORDS[value.resolution].hint}</span>
      </label>
      {value.resolution !== 'park' && (
        <Segmented
          label="Decided on"
          value={value.handledOn}
          options={[
            { value: 'server', label: 'the server' },
            { value: 'device', label: 'the device' },
          ]}
          onChange={(handledOn) => onChange({ handledOn })}
        />
      )}
      <SwitchRow
        label="Block sync"
        hint="While a conflict of it waits for a person, its sync unit does not run on that device."
        checked={value.blocksSync}
        onChange={(blocksSync) => onChange({ blocksSync })}
      />
    </>
  )
}
