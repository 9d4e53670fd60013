import { type CommonRequirement, setRequirement } from '@/designer/model/operations/requirements'
import type { Requirements } from '@/designer/model/project'
import { ASSUMED, CONNECTIONS, type Connection } from '@/designer/patterns/advice'
import { useEdit, useProject } from '@/designer/stores/session'
import { CountShares } from './count-shares'
import { NumberField } from './number-field'

type Numbered = Exclude<CommonRequirement, 'connection'>

const FIELDS: readonly { readonly name: Numbered; readonly label: string; readonly assumed: string }[] = [
  { name: 'users', label: 'Users', assumed: `${ASSUMED.users} assumed` },
  { name: 'devicesPerUser', label: 'Devices per user', assumed: `${ASSUMED.devicesPerUser} assumed` },
  { name: 'editsPerDay', label: 'Edits a day, per entity', assumed: '1 % of rows' },
  { name: 'editorsPerRecord', label: 'Editors of one record', assumed: 'from edits' },
  { name: 'daysOffline', label: 'Days offline', assumed: `${ASSUMED.daysOffline} assumed` },
]

const CHOICES: readonly { readonly value: Connection; readonly label: string }[] = (['3g', '4g', 'wifi'] as const).map(
  (value) => ({ value, label: CONNECTIONS[value].label }),
)

/** What the team expects of its users; what is left open is assumed, and said to be. */
export function RequirementsForm() {
  const requirements = useProject((project) => project.requirements)
  const edit = useEdit()
  const set = <Name extends CommonRequirement>(name: Name, label: string, value: Requirements[Name]) =>
    edit(`Set “${label}”`, (draft) => setRequirement(draft, name, value))
  return (
    <section className="budget-form" aria-label="Requirements">
      <h3 className="section-title">Requirements</h3>
      <div className="grid grid-cols-2 items-end gap-x-2 gap-y-2.5">
        {FIELDS.map(({ name, label, assumed }) => (
          <NumberField
            key={name}
            label={label}
            value={requirements[name]}
            placeholder={assumed}
            onCommit={(value) => set(name, label, value)}
          />
        ))}
        <label className="field">
          <span className="label">Connection</span>
          <select
            className="select"
            value={requirements.connection ?? ASSUMED.connection}
            onChange={({ target }) => {
              const choice = CHOICES.find(({ value }) => value === target.value)
              if (choice) set('connection', 'Connection', choice.value)
            }}
          >
            {CHOICES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="hint">Edits are those of all users together, on any device and on the server.</p>
      <CountShares />
    </section>
  )
}
