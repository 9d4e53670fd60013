import type { ServerEntity } from '@/designer/model/project'
import { useProject } from '@/designer/stores/session'

interface Props {
  readonly root: ServerEntity | undefined
  readonly value: string | null
  readonly onChange: (foreignKey: string | null) => void
}

/** By what the app chooses the rows that are on the device. */
export function ParentSettings({ root, value, onChange }: Props) {
  const serverEntities = useProject((project) => project.serverEntities)
  const keys = Object.values(root?.foreignKeys ?? {})
  return (
    <label className="field">
      <span className="label">Rows are chosen by</span>
      <select className="select" value={value ?? ''} onChange={(event) => onChange(event.target.value || null)}>
        <option value="">their own key</option>
        {keys.map(({ id, attributes, entity }) => (
          <option key={id} value={id}>
            {serverEntities[entity]?.name} ({attributes.map((part) => root?.attributes[part]?.name).join(', ')})
          </option>
        ))}
      </select>
      <span className="hint">
        The app calls <code>device.demand.choose</code> with the keys; the next sync brings their rows.
      </span>
    </label>
  )
}
