import Link from 'next/link'
import { setPattern } from '@/designer/model/operations/local-entities'
import type { LocalEntity } from '@/designer/model/project'
import { useEdit, useProject, useSession } from '@/designer/stores/session'
import { AttributeResolutions } from '../inspector/pattern-settings/attribute-resolutions'
import { ConflictSettingsFields } from '../inspector/pattern-settings/conflict-settings'
import { ConflictGranularity } from '../inspector/pattern-settings/granularity-field'
import { modePath } from '../shell/modes'
import { PatternBadge } from '../ui/pattern-sign'
import type { DetectingPattern } from './detecting-pattern'

interface Props {
  readonly entity: LocalEntity
  readonly pattern: DetectingPattern
}

/** One entity's answer to conflicts; its settings are those of the inspector. */
export function EntityConflicts({ entity, pattern }: Props) {
  const edit = useEdit()
  const { projectId } = useSession()
  const root = useProject((project) => project.serverEntities[entity.root])
  const set = (next: DetectingPattern) =>
    edit(`Change the pattern of “${entity.name}”`, (draft) => setPattern(draft, entity.id, next))
  return (
    <li className="card grid gap-3 p-4">
      <div className="flex items-center gap-2">
        <h2 className="name min-w-0 overflow-hidden text-ellipsis text-sm">
          <Link className="hover:underline" href={`${modePath(projectId, 'data')}?select=entity:${entity.id}`}>
            {entity.name}
          </Link>
        </h2>
        <PatternBadge kind={pattern.kind} />
      </div>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(220px,1fr))] items-start gap-x-6 gap-y-3">
        {pattern.kind === 'conflict-detection' && (
          <ConflictGranularity
            value={pattern.granularity}
            onChange={(granularity) => set({ ...pattern, granularity })}
          />
        )}
        <ConflictSettingsFields value={pattern} onChange={(settings) => set({ ...pattern, ...settings })} />
        {pattern.kind === 'conflict-detection' &&
          pattern.resolution === 'merge-attributes' &&
          pattern.handler === null && (
            <AttributeResolutions
              entity={entity}
              root={root}
              value={pattern.attributes}
              onChange={(attributes) => set({ ...pattern, attributes })}
            />
          )}
      </div>
    </li>
  )
}
