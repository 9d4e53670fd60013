import { Filter } from 'lucide-react'
import { type LocalEntity, scopeInWords } from '@/designer/model'
import { useProject, useSession } from '@/designer/stores/session'

/** Which of the server's rows a session reads, and which of those it may write: in words, with the way to change it. */
export function ScopeSection({ entity }: { readonly entity: LocalEntity }) {
  const { panels } = useSession()
  const localEntities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const project = { localEntities, serverEntities }
  const open = (scope: 'read' | 'write') => {
    panels.setState({ scope })
    panels.showBottom('scope')
  }
  return (
    <div className="section gap-2">
      <h3 className="section-title">Scope</h3>
      <button
        type="button"
        className="scope-summary"
        onClick={() => open('read')}
        aria-label={`Edit the scope of ${entity.name}`}
      >
        <Filter size={13} aria-hidden />
        <span>
          <span className="label block">On the device</span>
          {scopeInWords(project, entity, entity.scope)}
        </span>
      </button>
      {entity.direction !== 'down' && (
        <button
          type="button"
          className="scope-summary"
          onClick={() => open('write')}
          aria-label={`Edit the write scope of ${entity.name}`}
        >
          <Filter size={13} aria-hidden />
          <span>
            <span className="label block">May be written</span>
            {entity.writeScope === null ? 'all of those' : scopeInWords(project, entity, entity.writeScope)}
          </span>
        </button>
      )}
    </div>
  )
}
