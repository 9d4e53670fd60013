import { Ban, ChevronRight, CircleDot, Eye, KeyRound, Link2, Table2 } from 'lucide-react'
import { memo } from 'react'
import { syncable } from '@/designer/model/keys'
import { counted, formatCount } from '../ui/format'
import { shortTypeName } from '../ui/type-name'
import type { SchemaRow } from './schema-rows'

interface Props {
  readonly row: SchemaRow
  readonly onCanvas: boolean
}

/** The inside of one line of the tree. */
export const SchemaRowView = memo(function SchemaRowView({ row, onCanvas }: Props) {
  switch (row.kind) {
    case 'schema':
      return (
        <>
          <span className="row-text label">{row.name}</span>
          <span className="row-note">{formatCount(row.count)}</span>
        </>
      )
    case 'table':
      return <TableRow row={row} onCanvas={onCanvas} />
    case 'attribute':
      return (
        <>
          <span className="ml-[19px] grid w-4 flex-none place-items-center">
            {row.isKey ? (
              <KeyRound size={12} className="text-conflict" aria-label="key" />
            ) : (
              row.refersTo && <Link2 size={12} className="text-waiting" aria-label={`refers to ${row.refersTo}`} />
            )}
          </span>
          <span className={`name row-text ${row.attribute.nullable ? 'text-ink-muted' : ''}`}>
            {row.attribute.name}
          </span>
          <span className="name row-note max-w-[45%] overflow-hidden text-ellipsis" title={row.attribute.type}>
            {shortTypeName(row.attribute.type)}
            {row.attribute.nullable && '?'}
          </span>
        </>
      )
  }
})

function TableRow({ row, onCanvas }: { row: Extract<SchemaRow, { kind: 'table' }>; onCanvas: boolean }) {
  const { entity, expanded } = row
  const sync = syncable(entity)
  const Icon = entity.kind === 'view' || entity.kind === 'materialized-view' ? Eye : Table2
  return (
    <>
      <ChevronRight
        size={14}
        data-chevron=""
        aria-hidden
        className={`flex-none text-ink-muted transition-transform ${expanded ? 'rotate-90' : ''}`}
      />
      <Icon size={14} aria-hidden className="flex-none text-ink-muted" />
      <span className={`name row-text ${sync.kind === 'not-syncable' ? 'text-ink-muted' : ''}`}>{entity.name}</span>
      {sync.kind === 'not-syncable' && (
        <span title={sync.reason} className="flex text-conflict">
          <Ban size={13} aria-label={`cannot be synced: ${sync.reason}`} />
        </span>
      )}
      {onCanvas && (
        <span title="On the canvas" className="flex text-accent-ink">
          <CircleDot size={13} aria-label="on the canvas" />
        </span>
      )}
      {entity.rowEstimate !== null && (
        <span className="row-note" title={counted(entity.rowEstimate, 'row')}>
          {formatCount(entity.rowEstimate)}
        </span>
      )}
    </>
  )
}
