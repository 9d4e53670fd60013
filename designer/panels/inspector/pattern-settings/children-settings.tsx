import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity } from '@/designer/model/project'
import { useProject } from '@/designer/stores/session'

interface Props {
  readonly entity: LocalEntity
  readonly value: readonly string[]
  readonly onChange: (children: readonly string[]) => void
}

/** Entities that refer to this one, and of them those whose rows are part of its rows. */
export function ChildrenSettings({ entity, value, onChange }: Props) {
  const entities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const candidates = inOrder(entities).filter(
    ([id, other]) =>
      value.includes(id) ||
      (id !== entity.id &&
        Object.values(serverEntities[other.root]?.foreignKeys ?? {}).some((key) => key.entity === entity.root)),
  )
  return (
    <fieldset className="field">
      <legend className="label pb-1">Rows that belong to it</legend>
      {candidates.length === 0 && <p className="hint">No entity on the device refers to this one yet.</p>}
      {candidates.map(([id, { name }]) => (
        <label key={id} className="row row-interactive">
          <input
            type="checkbox"
            className="checkbox"
            checked={value.includes(id)}
            onChange={() => onChange(value.includes(id) ? value.filter((child) => child !== id) : [...value, id])}
          />
          <span className="name row-text">{name}</span>
        </label>
      ))}
    </fieldset>
  )
}
