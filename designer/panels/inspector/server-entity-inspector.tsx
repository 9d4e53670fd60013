import { Ban, KeyRound, Link2, Plus } from 'lucide-react'
import { useMemo } from 'react'
import { syncable } from '@/designer/model/keys'
import type { ServerEntity } from '@/designer/model/project'
import { entityOfTable } from '@/designer/model/table-on-device'
import { useProject, useSession } from '@/designer/stores/session'
import { orderedAttributes, referencesOf } from '../data/schema-rows'
import { counted } from '../ui/format'
import { shortTypeName } from '../ui/type-name'

interface Props {
  readonly id: string
  readonly onAdd: (id: string) => void
}

/** A table as it is on the server: it is read here, never changed. */
export function ServerEntityInspector({ id, onAdd }: Props) {
  const entity = useProject((project) => project.serverEntities[id])
  const serverEntities = useProject((project) => project.serverEntities)
  const references = useMemo(
    () => (entity ? referencesOf(entity, serverEntities) : new Map<string, string>()),
    [entity, serverEntities],
  )
  const isOnDevice = useProject((project) => entityOfTable(project, id) !== null)
  if (!entity) return null
  const sync = syncable(entity)
  return (
    <>
      <div className="panel-head">
        <h2 className="panel-title name">{entity.name}</h2>
        <span className="row-note ml-auto pr-1">server</span>
      </div>
      <div className="panel-body">
        <div className="section">
          <Facts entity={entity} />
          {entity.comment && <p className="text-ink-muted">{entity.comment}</p>}
          {sync.kind === 'not-syncable' ? (
            <div className="callout callout-warning">
              <Ban aria-hidden />
              <p>{sync.reason}</p>
            </div>
          ) : (
            <>
              <LocalsOf root={id} />
              {!isOnDevice && (
                <button type="button" className="btn justify-self-start" onClick={() => onAdd(id)}>
                  <Plus aria-hidden /> Add to canvas
                </button>
              )}
            </>
          )}
        </div>
        <ul className="py-2">
          {orderedAttributes(entity).map((attribute) => (
            <li key={attribute.id} className="row px-3" title={attribute.comment ?? undefined}>
              <span className="grid w-4 place-items-center">
                {entity.primaryKey.includes(attribute.id) && (
                  <KeyRound size={12} className="text-conflict" aria-label="key" />
                )}
                {references.has(attribute.id) && !entity.primaryKey.includes(attribute.id) && (
                  <Link2 size={12} className="text-waiting" aria-label={`refers to ${references.get(attribute.id)}`} />
                )}
              </span>
              <span className="name row-text">{attribute.name}</span>
              <span className="name row-note max-w-[46%] overflow-hidden text-ellipsis" title={attribute.type}>
                {shortTypeName(attribute.type)}
                {attribute.nullable && '?'}
              </span>
            </li>
          ))}
        </ul>
        <References entity={entity} />
      </div>
    </>
  )
}

function Facts({ entity }: { readonly entity: ServerEntity }) {
  return (
    <p className="text-ink-muted text-xs">
      <span className="name">{entity.schema}</span> · {entity.kind.replaceAll('-', ' ')}
      {entity.rowEstimate !== null && ` · ${counted(entity.rowEstimate, 'row')}`}
    </p>
  )
}

function LocalsOf({ root }: { readonly root: string }) {
  const { selection, panels } = useSession()
  const all = useProject((project) => project.localEntities)
  const locals = Object.values(all).filter((entity) => entity.root === root)
  if (locals.length === 0) return null
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-xs">
      On the device as
      {locals.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          className="name text-accent-ink hover:underline"
          onClick={() => {
            selection.select({ kind: 'local-entities', ids: [id] })
            panels.setState({ reveal: { id } })
          }}
        >
          {name}
        </button>
      ))}
    </p>
  )
}

function References({ entity }: { readonly entity: ServerEntity }) {
  const { selection } = useSession()
  const names = useProject((project) => project.serverEntities)
  const foreignKeys = Object.values(entity.foreignKeys)
  if (foreignKeys.length === 0) return null
  return (
    <div className="border-line border-t py-2">
      <h3 className="section-title px-3 py-1">Refers to</h3>
      <ul>
        {foreignKeys.map((foreignKey) => (
          <li key={foreignKey.id}>
            <button
              type="button"
              className="row px-3"
              onClick={() => selection.select({ kind: 'server-entity', id: foreignKey.entity })}
            >
              <Link2 aria-hidden />
              <span className="name row-text">{names[foreignKey.entity]?.name ?? 'unknown'}</span>
              <span className="name row-note">
                {foreignKey.attributes.map((id) => entity.attributes[id]?.name).join(', ')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
