import { Ban, ChevronRight, CircleDot, CornerDownRight, Eye, KeyRound, Link2, Table2 } from 'lucide-react'
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
      return <TableLine row={row} onCanvas={onCanvas} />
    case 'attribute':
      return <AttributeLine row={row} />
    case 'parent':
      return (
        <>
          <Indent level={row.level} />
          <CornerDownRight size={13} aria-hidden className="flex-none text-waiting" />
          <span className="name row-text font-semibold">{row.parent.name}</span>
          <span className="row-note">whole table</span>
        </>
      )
  }
})

function TableLine({ row, onCanvas }: { row: Extract<SchemaRow, { kind: 'table' }>; onCanvas: boolean }) {
  const { entity, expanded } = row
  const sync = syncable(entity)
  const Icon = entity.kind === 'view' || entity.kind === 'materialized-view' ? Eye : Table2
  return (
    <>
      <Chevron open={expanded} />
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

function AttributeLine({ row }: { row: Extract<SchemaRow, { kind: 'attribute' }> }) {
  const { attribute, isKey, refersTo, expanded, level } = row
  return (
    <>
      <Indent level={level} />
      {expanded === null ? <span className="w-3.5 flex-none" /> : <Chevron open={expanded} />}
      <span className="grid w-3.5 flex-none place-items-center">
        {isKey ? (
          <KeyRound size={12} className="text-conflict" aria-label="key" />
        ) : (
          refersTo && <Link2 size={12} className="text-waiting" aria-label={`refers to ${refersTo}`} />
        )}
      </span>
      <span className={`name row-text ${attribute.nullable ? 'text-ink-muted' : ''}`}>{attribute.name}</span>
      <span className="name row-note max-w-[45%] overflow-hidden text-ellipsis" title={attribute.type}>
        {refersTo && expanded !== null ? `→ ${refersTo}` : shortTypeName(attribute.type)}
        {attribute.nullable && '?'}
      </span>
    </>
  )
}

function Chevron({ open }: { readonly open: boolean }) {
  return (
    <ChevronRight
      size={14}
      data-chevron=""
      aria-hidden
      className={`flex-none text-ink-muted transition-transform ${open ? 'rotate-90' : ''}`}
    />
  )
}

const INDENT_PX = 12
/** Ways of foreign keys may be long; the names have to stay in sight. */
const DEEPEST = 6

function Indent({ level }: { readonly level: number }) {
  return <span className="flex-none" style={{ width: INDENT_PX * (Math.min(level, DEEPEST) - 1) - 6 }} />
}
