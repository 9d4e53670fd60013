import { ArrowLeft, ArrowRight, Plus } from 'lucide-react'
import { useMemo } from 'react'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { newIds, useEdit, useProject, useSession } from '@/designer/stores/session'
import { Collapsible } from '../../ui/collapsible'
import { relationsOf } from './relations-of'

/** What the entity refers to and what refers to it, on the device or still to be brought there. */
export function RelationsSection({ entity, root }: { readonly entity: LocalEntity; readonly root: ServerEntity }) {
  const serverEntities = useProject((project) => project.serverEntities)
  const localEntities = useProject((project) => project.localEntities)
  const relations = useMemo(() => relationsOf({ serverEntities }, root), [serverEntities, root])
  const localOf = useMemo(
    () => new Map(inOrder(localEntities).map(([, local]) => [local.root, local])),
    [localEntities],
  )
  if (relations.length === 0) return null
  const onDevice = relations.filter(({ other }) => localOf.has(other.id)).length
  return (
    <Collapsible id="relations" title="Relations" summary={`${onDevice} of ${relations.length} on the device`} flush>
      <ul aria-label={`Relations of ${entity.name}`}>
        {relations.map(({ direction, foreignKey, other, by }) => (
          <li key={`${direction} ${foreignKey.id}`} className="flex items-center pr-2">
            <Relation direction={direction} other={other} by={by} local={localOf.get(other.id)} />
          </li>
        ))}
      </ul>
    </Collapsible>
  )
}

interface RelationProps {
  readonly direction: 'out' | 'in'
  readonly other: ServerEntity
  readonly by: string
  readonly local: LocalEntity | undefined
}

function Relation({ direction, other, by, local }: RelationProps) {
  const { selection, panels } = useSession()
  const edit = useEdit()
  const Icon = direction === 'out' ? ArrowRight : ArrowLeft
  const words = direction === 'out' ? 'refers to' : 'is referred to by'
  const show = (id: string) => {
    selection.select({ kind: 'local-entities', ids: [id] })
    panels.setState({ reveal: { id } })
  }
  return (
    <>
      <button
        type="button"
        className="row row-interactive min-w-0 flex-1 px-4!"
        title={`${words} ${other.name} by ${by}`}
        onClick={() => (local ? show(local.id) : selection.select({ kind: 'server-entity', id: other.id }))}
      >
        <Icon aria-label={words} />
        <span className={local ? 'name row-text' : 'name row-text text-ink-muted'}>{local?.name ?? other.name}</span>
        <span className="name row-note max-w-[45%] overflow-hidden text-ellipsis">{by}</span>
      </button>
      {!local && (
        <button
          type="button"
          className="btn btn-sm flex-none"
          aria-label={`Bring ${other.name} to the device`}
          onClick={() => edit(`Add “${other.name}”`, (draft) => addLocalEntity(draft, { root: other.id, ids: newIds }))}
        >
          <Plus aria-hidden /> Bring it
        </button>
      )}
    </>
  )
}
