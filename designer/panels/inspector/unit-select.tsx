import { inOrder } from '@/designer/model/operations/order'
import { useProject } from '@/designer/stores/session'

interface Props {
  /** Null where the entity is in no unit, undefined where several entities differ. */
  readonly value: string | null | undefined
  readonly onChange: (unit: string | null) => void
}

export function UnitSelect({ value, onChange }: Props) {
  const units = useProject((project) => project.syncUnits)
  return (
    <label className="field">
      <span className="label">Sync unit</span>
      <select
        className="select"
        value={value === undefined ? 'mixed' : (value ?? '')}
        onChange={(event) => onChange(event.target.value || null)}
      >
        {value === undefined && (
          <option value="mixed" disabled>
            Several
          </option>
        )}
        <option value="">None: it is not synced</option>
        {inOrder(units).map(([id, { name }]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
