import { Filter } from 'lucide-react'
import { useState } from 'react'
import { usePanels, useProject, useSelection, useSession } from '@/designer/stores/session'
import { ScopeEditor, scopeOf } from './scope-editor'
import { ScopeOverview } from './scope-overview'
import { TrialPane } from './trial-pane'
import type { Which } from './use-scope-trial'
import { useScopedProject } from './use-scoped-project'

/** The scope of the selected local entity, with the rows that each test user gets. */
export function ScopePanel() {
  const selected = useSelection((selection) =>
    selection.kind === 'local-entities' && selection.ids.length === 1
      ? (selection.ids[0] ?? null)
      : selection.kind === 'local-attribute'
        ? selection.entity
        : null,
  )
  const entity = useProject((project) => (selected === null ? undefined : project.localEntities[selected]))
  return entity === undefined ? <ScopeOverview /> : <EntityScope key={entity.id} id={entity.id} />
}

function EntityScope({ id }: { readonly id: string }) {
  const session = useSession()
  const project = useScopedProject()
  const wanted = usePanels((state) => state.scope)
  const [chosen, setChosen] = useState<Which>('read')
  const entity = project.localEntities[id]
  const root = project.serverEntities[entity?.root ?? '']
  if (entity === undefined) return null
  if (root === undefined) {
    return (
      <div className="empty-state">
        <Filter aria-hidden />
        <p>The table of “{entity.name}” is not in the schema any more, so that nothing can be said of its rows.</p>
      </div>
    )
  }
  const which: Which = entity.direction === 'down' && entity.writeScope === null ? 'read' : (wanted ?? chosen)
  const choose = (next: Which) => {
    setChosen(next)
    session.panels.setState({ scope: null })
  }
  return (
    <div className="scope-panel">
      <section className="scope-left" aria-label={`Scope of ${entity.name}`}>
        <ScopeEditor key={which} project={project} entity={entity} root={root} which={which}>
          <h2 className="name panel-title">{entity.name}</h2>
          {(entity.direction !== 'down' || entity.writeScope !== null) && (
            <fieldset className="tabs" aria-label="Which scope">
              {(['read', 'write'] as const).map((each) => (
                <button
                  key={each}
                  type="button"
                  className="tab h-6 text-xs"
                  aria-pressed={which === each}
                  onClick={() => choose(each)}
                >
                  {each === 'read' ? 'Reads' : 'Writes'}
                </button>
              ))}
            </fieldset>
          )}
        </ScopeEditor>
      </section>
      <TrialPane project={project} entity={entity} root={root} which={which} scope={scopeOf(entity, which)} />
    </div>
  )
}
