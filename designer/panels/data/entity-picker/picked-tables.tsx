import { X } from 'lucide-react'
import type { NeededEntity } from '@/designer/model/closure'
import type { ServerEntity } from '@/designer/model/project'
import { IconButton } from '../../ui/icon-button'

interface Props {
  readonly entities: Readonly<Record<string, ServerEntity>>
  readonly chosen: readonly string[]
  /** What the chosen ones need, whether it is left out or not. */
  readonly needed: readonly NeededEntity[]
  readonly leftOut: ReadonlySet<string>
  readonly onRemove: (entity: string) => void
  readonly onLeaveOut: (entity: string, leftOut: boolean) => void
}

/** What will be added: what was chosen, and what that refers to, each with the reason. */
export function PickedTables({ entities, chosen, needed, leftOut, onRemove, onLeaveOut }: Props) {
  return (
    <div className="flex min-h-0 flex-col gap-3 overflow-auto">
      <section className="grid gap-1" aria-label="Chosen">
        <h3 className="section-title">Chosen</h3>
        {chosen.length === 0 && <p className="hint">Choose tables in the list. What they refer to is found for you.</p>}
        <ul>
          {chosen.map((id) => (
            <li key={id} className="row px-0">
              <span className="name row-text">{entities[id]?.name}</span>
              <IconButton label={`Do not add ${entities[id]?.name}`} onClick={() => onRemove(id)}>
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      </section>
      {needed.length > 0 && (
        <section className="grid gap-1" aria-label="And what they need">
          <h3 className="section-title">And what they need</h3>
          <ul className="grid gap-1">
            {needed.map(({ entity, because }) => (
              <li key={entity}>
                <label className="flex items-start gap-2">
                  <input
                    type="checkbox"
                    className="checkbox mt-[3px]"
                    checked={!leftOut.has(entity)}
                    onChange={({ target }) => onLeaveOut(entity, !target.checked)}
                  />
                  <span className="min-w-0">
                    <span className="name">{entities[entity]?.name}</span>
                    <span className="hint block">{reasonOf(entities, because)}</span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function reasonOf(entities: Props['entities'], { entity: id, foreignKey }: NeededEntity['because']): string {
  const entity = entities[id]
  const columns = (entity?.foreignKeys[foreignKey]?.attributes ?? []).map((each) => entity?.attributes[each]?.name)
  return `${entity?.name} refers to it by ${columns.join(', ')}`
}
