import { Handle, type NodeProps, Position } from '@xyflow/react'
import { ArrowDown, ArrowUp, ArrowUpDown, CircleAlert, KeyRound, Link2, TriangleAlert } from 'lucide-react'
import { memo, useMemo } from 'react'
import { useStore } from 'zustand'
import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { counted } from '@/designer/panels/ui/format'
import { PATTERN_SIGNS, patternHue } from '@/designer/panels/ui/pattern-sign'
import { shortTypeName } from '@/designer/panels/ui/type-name'
import { useProject, useSession } from '@/designer/stores/session'
import { CARD_MOST_ROWS, type EntityNode } from '../flow-mapping'

/** The card of a local entity. It reads its own entity from the store, so an edit draws one card again. */
export const EntityNodeView = memo(function EntityNodeView({ data, selected, dragging }: NodeProps<EntityNode>) {
  const entity = useProject((project) => project.localEntities[data.entity])
  const root = useProject((project) => project.serverEntities[entity?.root ?? ''])
  if (!entity) return null
  return (
    <article
      className="entity-card"
      style={patternHue(entity.pattern.kind)}
      data-selected={selected ? '' : undefined}
      data-dragging={dragging ? '' : undefined}
      data-entity={entity.name}
      aria-label={`Local entity ${entity.name}`}
    >
      <CardHeader entity={entity} />
      <CardRows entity={entity} root={root} />
      <CardFooter entity={entity} root={root} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <Handle type="target" position={Position.Left} isConnectable={false} />
    </article>
  )
})

function CardHeader({ entity }: { readonly entity: LocalEntity }) {
  const { label, Icon } = PATTERN_SIGNS[entity.pattern.kind]
  return (
    <header className="entity-head">
      <span className="entity-sign hued" data-pattern={entity.pattern.kind}>
        <Icon aria-hidden />
      </span>
      <span className="min-w-0">
        <span className="entity-name">{entity.name}</span>
        <span className="entity-pattern hued">{label}</span>
      </span>
    </header>
  )
}

function CardRows({ entity, root }: { readonly entity: LocalEntity; readonly root: ServerEntity | undefined }) {
  const attributes = useMemo(() => inOrder(entity.attributes), [entity.attributes])
  const references = useMemo(
    () => new Set(Object.values(root?.foreignKeys ?? {}).flatMap((foreignKey) => foreignKey.attributes)),
    [root],
  )
  const shown = attributes.length > CARD_MOST_ROWS ? attributes.slice(0, CARD_MOST_ROWS - 1) : attributes
  return (
    <ul className="entity-rows">
      {shown.map(([id, attribute]) => {
        const serverId = attribute.source.kind === 'computed' ? null : attribute.source.attribute
        const server = serverId === null ? undefined : root?.attributes[serverId]
        const isKey = serverId !== null && (root?.primaryKey.includes(serverId) ?? false)
        return (
          <li key={id} className="entity-row">
            <span className="entity-row-icon">
              {isKey ? (
                <KeyRound className="text-conflict" aria-label="key" />
              ) : (
                serverId !== null &&
                references.has(serverId) && <Link2 className="text-waiting" aria-label="reference" />
              )}
            </span>
            <span className="row-text">{attribute.name}</span>
            <span className="entity-type">
              {server
                ? shortTypeName(server.type)
                : attribute.source.kind === 'computed'
                  ? attribute.source.type
                  : 'missing'}
              {server?.nullable && '?'}
            </span>
          </li>
        )
      })}
      {shown.length < attributes.length && (
        <li className="entity-row text-ink-muted">
          <span className="entity-row-icon" />
          {attributes.length - shown.length} more
        </li>
      )}
    </ul>
  )
}

const DIRECTIONS = {
  both: { Icon: ArrowUpDown, label: 'both ways' },
  down: { Icon: ArrowDown, label: 'server to device' },
  up: { Icon: ArrowUp, label: 'device to server' },
} as const

function CardFooter({ entity, root }: { readonly entity: LocalEntity; readonly root: ServerEntity | undefined }) {
  const { Icon, label } = DIRECTIONS[entity.direction]
  return (
    <footer className="entity-foot">
      <Icon size={13} aria-label={label} />
      <span className="row-text">{root?.rowEstimate == null ? 'rows unknown' : counted(root.rowEstimate, 'row')}</span>
      <ProblemBadge entity={entity.id} />
    </footer>
  )
}

function ProblemBadge({ entity }: { readonly entity: string }) {
  const { compilation } = useSession()
  const errors = useStore(compilation, (state) => state.problemsByTarget.get(entity)?.errors ?? 0)
  const warnings = useStore(compilation, (state) => state.problemsByTarget.get(entity)?.warnings ?? 0)
  if (errors > 0) {
    return (
      <span className="badge badge-error" title={counted(errors, 'error')}>
        <CircleAlert aria-hidden /> {errors}
      </span>
    )
  }
  if (warnings > 0) {
    return (
      <span className="badge badge-conflict" title={counted(warnings, 'warning')}>
        <TriangleAlert aria-hidden /> {warnings}
      </span>
    )
  }
  return null
}
