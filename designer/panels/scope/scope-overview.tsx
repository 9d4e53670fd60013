import { Filter } from 'lucide-react'
import { useMemo } from 'react'
import { inOrder, type LocalEntity, scopeInWords } from '@/designer/model'
import { useProject, useSession } from '@/designer/stores/session'

/** Where nothing is selected: what each entity brings, in words. */
export function ScopeOverview() {
  const { selection, panels } = useSession()
  const localEntities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const lines = useMemo(
    () =>
      inOrder<LocalEntity>(localEntities).map(([id, entity]) => ({
        id,
        name: entity.name,
        words: scopeInWords({ localEntities, serverEntities }, entity, entity.scope),
      })),
    [localEntities, serverEntities],
  )
  if (lines.length === 0) {
    return (
      <div className="empty-state">
        <Filter aria-hidden />
        <p>Which rows a device holds is said here, once there is a local entity.</p>
      </div>
    )
  }
  return (
    <div className="panel-body h-full">
      <p className="hint px-3 pt-2 pb-1">Select an entity to say which of the server’s rows a device holds.</p>
      <ul aria-label="Scopes of all entities">
        {lines.map(({ id, name, words }) => (
          <li key={id}>
            <button
              type="button"
              className="row row-interactive w-full text-left"
              onClick={() => {
                selection.select({ kind: 'local-entities', ids: [id] })
                panels.setState({ reveal: { id } })
              }}
            >
              <Filter aria-hidden />
              <span className="name w-48 flex-none truncate">{name}</span>
              <span className="row-text text-ink-muted">{words}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
