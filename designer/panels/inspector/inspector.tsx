import { MousePointerClick } from 'lucide-react'
import { useProject, useSelection } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { LocalAttributeInspector } from './attribute/local-attribute-inspector'
import { LocalEntityInspector } from './local-entity-inspector'
import { ManyInspector } from './many-inspector'
import { ServerEntityInspector } from './server-entity-inspector'

/** What is selected in Data mode, with whatever can be set of it. */
export function Inspector({ onAdd }: { readonly onAdd: (serverEntity: string) => void }) {
  const selection = useSelection((s) => s)
  const localEntities = useProject((project) => project.localEntities)
  const serverEntities = useProject((project) => project.serverEntities)
  const ids = selection.kind === 'local-entities' ? selection.ids.filter((id) => id in localEntities) : []
  const [only] = ids

  return (
    <section className="panel h-full" aria-label="Inspector">
      {ids.length > 1 ? (
        <ManyInspector ids={ids} />
      ) : only ? (
        <LocalEntityInspector key={only} id={only} />
      ) : selection.kind === 'local-attribute' && localEntities[selection.entity]?.attributes[selection.id] ? (
        <LocalAttributeInspector key={selection.id} entity={selection.entity} id={selection.id} />
      ) : selection.kind === 'server-entity' && selection.id in serverEntities ? (
        <ServerEntityInspector key={selection.id} id={selection.id} onAdd={onAdd} />
      ) : (
        <div className="empty-state">
          <MousePointerClick aria-hidden />
          <h3>Nothing selected</h3>
          <p>
            {Object.keys(localEntities).length === 0
              ? 'Select a table to see its columns and keys.'
              : `Select one of ${counted(Object.keys(localEntities).length, 'local entity', 'local entities')} to set how it syncs.`}
          </p>
        </div>
      )}
    </section>
  )
}
