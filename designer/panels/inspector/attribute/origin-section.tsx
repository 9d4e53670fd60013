import { ArrowRight, CornerUpLeft } from 'lucide-react'
import { useSession } from '@/designer/stores/session'
import { ComputedFields } from './computed-fields'
import type { AttributeProps } from './types'

/** Where its values come from: a column, a column at the end of foreign keys, or an expression. */
export function OriginSection({ entity, attribute, origin }: AttributeProps) {
  switch (origin.kind) {
    case 'column':
      return (
        <div className="section">
          <p className="flex flex-wrap items-center gap-x-1.5 text-ink-muted text-xs">
            <CornerUpLeft size={13} aria-hidden />
            column <span className="name text-ink">{origin.server.name}</span> of
            <TableLink id={origin.table.id} name={origin.table.name} />
          </p>
          {origin.server.comment && <p className="text-ink-muted text-xs">{origin.server.comment}</p>}
        </div>
      )
    case 'path':
      return (
        <div className="section">
          <h3 className="section-title">
            Denormalised <span className="badge">read-only</span>
          </h3>
          <p className="name flex flex-wrap items-center gap-x-1.5 gap-y-1 leading-5">
            {origin.steps.map(({ from, foreignKey, to }, index) => (
              <span key={foreignKey.id} className="path-step">
                <span className="text-ink-muted">
                  {foreignKey.attributes.map((id) => from.attributes[id]?.name ?? '?').join(', ')}
                </span>
                <ArrowRight aria-label="leads to" />
                <span>
                  <TableLink id={to.id} name={to.name} />
                  {index === origin.steps.length - 1 && <span className="font-semibold">.{origin.server.name}</span>}
                </span>
              </span>
            ))}
          </p>
          <p className="hint">
            The server reads it along {origin.steps.length === 1 ? 'this reference' : 'these references'} whenever it
            sends the row, and sends the row again when it changes there. It is empty where the reference leads nowhere.
          </p>
        </div>
      )
    case 'computed':
      return <ComputedFields entity={entity} attribute={attribute} expression={origin.expression} type={origin.type} />
    case 'missing':
      return (
        <div className="section">
          <p className="callout callout-error">What it is read from is not in the schema any more.</p>
        </div>
      )
  }
}

function TableLink({ id, name }: { readonly id: string; readonly name: string }) {
  const { selection } = useSession()
  return (
    <button
      type="button"
      className="name text-accent-ink hover:underline"
      onClick={() => selection.select({ kind: 'server-entity', id })}
    >
      {name}
    </button>
  )
}
