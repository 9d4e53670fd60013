import { type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { useDropOver } from '@/designer/panels/data/data-mode-context'
import { patternHue } from '@/designer/panels/ui/pattern-sign'
import { useProject, useSelection } from '@/designer/stores/session'
import type { EntityNode } from '../data-mapping'
import { useLod } from '../use-lod'
import { CardFooter } from './card-footer'
import { CardHeader } from './card-header'
import { CardRows } from './card-rows'

/** The card of a local entity. It reads its own entity from the store, so an edit draws one card again. */
export const EntityNodeView = memo(function EntityNodeView({ data, selected, dragging }: NodeProps<EntityNode>) {
  const entity = useProject((project) => project.localEntities[data.entity])
  const root = useProject((project) => project.serverEntities[entity?.root ?? ''])
  const attribute = useSelection((s) => (s.kind === 'local-attribute' && s.entity === data.entity ? s.id : null))
  const drop = useDropOver(data.entity)
  const lod = useLod()
  if (!entity) return null
  return (
    <article
      className="entity-card hued"
      style={patternHue(entity.pattern.kind)}
      data-pattern={entity.pattern.kind}
      data-selected={selected && attribute === null ? '' : undefined}
      data-inside={attribute === null ? undefined : ''}
      data-dragging={dragging ? '' : undefined}
      data-entity={entity.name}
      data-entity-id={entity.id}
      data-drop={drop ?? undefined}
      aria-label={`Local entity ${entity.name}`}
    >
      <CardHeader entity={entity} />
      {lod !== 'far' && <CardRows entity={entity} root={root} selected={attribute} namesOnly={lod === 'names'} />}
      {lod === 'full' && <CardFooter entity={entity} root={root} />}
      <Ports />
    </article>
  )
})

/**
 * Where references meet the card, for React Flow to measure. Its own handles can be connected by hand and listen to
 * every movement for that; these only are there.
 */
function Ports() {
  return (
    <>
      <span className="card-port source" data-handlepos={Position.Right} />
      <span className="card-port target" data-handlepos={Position.Left} />
    </>
  )
}
