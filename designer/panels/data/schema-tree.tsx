import { ContextMenu } from '@base-ui/react/context-menu'
import { type PointerEvent, useDeferredValue, useMemo, useState } from 'react'
import type { ServerEntity } from '@/designer/model/project'
import { useProject, useSelection, useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { TreeSearch } from '../ui/tree-search'
import { useTreeRows } from '../ui/use-tree-rows'
import type { DragItem } from './drag/drag-item'
import { EmptySchema } from './empty-schema'
import { SchemaActions } from './schema-actions'
import { SchemaMenu } from './schema-menu'
import { SchemaRowView } from './schema-row-view'
import { entityOfRow, indexSchema, itemOfRow, type SchemaRow, schemaRows } from './schema-rows'

export interface SchemaTreeProps {
  /** Puts something onto the canvas, as if it were let go there. */
  readonly onAdd: (item: DragItem) => void
  readonly onAddAll: (serverEntities: readonly string[]) => void
  readonly onDragStart: (event: PointerEvent, item: DragItem) => void
}

export function SchemaTree(props: SchemaTreeProps) {
  const entities = useProject((project) => project.serverEntities)
  const count = Object.keys(entities).length
  return (
    <section className="panel h-full" aria-label="Server schema">
      {count === 0 ? <EmptySchema /> : <FilledTree {...props} entities={entities} />}
    </section>
  )
}

interface FilledTreeProps extends SchemaTreeProps {
  readonly entities: Readonly<Record<string, ServerEntity>>
}

function FilledTree({ entities, onAdd, onAddAll, onDragStart }: FilledTreeProps) {
  const [search, setSearch] = useState('')
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState<string | null>(null)
  const { selection } = useSession()
  const selected = useSelection((s) => (s.kind === 'server-entity' ? s.id : null))
  const localEntities = useProject((project) => project.localEntities)
  const onCanvas = useMemo(() => new Set(Object.values(localEntities).map(({ root }) => root)), [localEntities])

  const searchWords = useMemo(() => {
    const all = Object.values(entities)
    const hasViews = all.some(({ kind }) => kind.endsWith('view'))
    return hasViews ? 'Search tables, views' : `Search ${counted(all.length, 'table')}`
  }, [entities])
  const index = useMemo(() => indexSchema(entities), [entities])
  const wanted = useDeferredValue(search)
  const rows = useMemo(() => schemaRows(index, entities, wanted, expanded), [index, entities, wanted, expanded])

  const toggle = (key: string, open = !expanded.has(key)) => {
    const next = new Set(expanded)
    if (open) next.add(key)
    else next.delete(key)
    setExpanded(next)
  }
  const activate = (row: SchemaRow) => {
    setActive(row.key)
    const shown = entityOfRow(row, entities)
    if (shown) selection.select({ kind: 'server-entity', id: shown.id })
  }
  const { scroller, virtual, activeRow, onKeyDown, enter } = useTreeRows({
    rows,
    active,
    activate,
    isOpen,
    toggle,
    parentOf: (row, at) => rows.slice(0, at).findLastIndex(({ level, kind }) => level < row.level && kind !== 'schema'),
    onEnter: (row) => {
      const item = itemOfRow(row)
      if (item) onAdd(item)
    },
    rowId,
  })

  return (
    <>
      <div className="relative flex flex-none items-center gap-1 border-line border-b p-2">
        <TreeSearch
          label="Search tables and columns"
          placeholder={searchWords}
          value={search}
          onChange={setSearch}
          enter={enter}
        />
        <SchemaActions />
      </div>
      <ContextMenu.Root>
        <ContextMenu.Trigger
          render={
            <div
              ref={scroller}
              role="tree"
              aria-label="Server tables"
              tabIndex={0}
              aria-activedescendant={activeRow ? rowId(activeRow) : undefined}
              className="panel-body relative select-none outline-offset-[-2px]"
              onKeyDown={onKeyDown}
            />
          }
        >
          {rows.length === 0 && (
            <p className="p-4 text-center text-ink-muted">No table or column has “{wanted}” in its name.</p>
          )}
          <div style={{ height: virtual.getTotalSize() }} role="presentation">
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]
              if (!row) return null
              const isTable = row.kind === 'table'
              return (
                // biome-ignore lint/a11y: the tree holds the focus and the keys; the role is one of two.
                <div
                  key={item.key}
                  id={rowId(row)}
                  role={row.kind === 'schema' ? 'presentation' : 'treeitem'}
                  aria-level={row.level}
                  aria-expanded={isOpen(row) ?? undefined}
                  aria-selected={row.kind === 'schema' ? undefined : isTable && row.entity.id === selected}
                  data-table={isTable ? row.entity.name : undefined}
                  data-column={row.kind === 'attribute' ? row.attribute.name : undefined}
                  data-parent={row.kind === 'parent' ? row.parent.name : undefined}
                  data-active={row.key === active ? '' : undefined}
                  className="row row-interactive absolute top-0 left-0 data-active:bg-surface-3"
                  style={{ transform: `translateY(${item.start}px)` }}
                  onPointerDown={(event) => {
                    const item = itemOfRow(row)
                    if (item && !(event.target as Element).closest('[data-chevron]')) onDragStart(event, item)
                  }}
                  onContextMenu={() => activate(row)}
                  onClick={(event) => {
                    activate(row)
                    if (isOpen(row) !== null && (event.target as Element).closest('[data-chevron]')) toggle(row.key)
                  }}
                  onDoubleClick={(event) => {
                    const onChevron = (event.target as Element).closest('[data-chevron]')
                    if (isOpen(row) !== null && !onChevron) toggle(row.key)
                  }}
                >
                  <SchemaRowView row={row} onCanvas={isTable && onCanvas.has(row.entity.id)} />
                </div>
              )
            })}
          </div>
        </ContextMenu.Trigger>
        {activeRow && (
          <ContextMenu.Portal>
            <ContextMenu.Positioner className="z-[60]">
              <ContextMenu.Popup className="menu">
                <SchemaMenu row={activeRow} onAddAll={onAddAll} onToggle={() => toggle(activeRow.key)} />
              </ContextMenu.Popup>
            </ContextMenu.Positioner>
          </ContextMenu.Portal>
        )}
      </ContextMenu.Root>
    </>
  )
}

/** Null where there is nothing to open. */
const isOpen = (row: SchemaRow): boolean | null =>
  row.kind === 'table' || row.kind === 'attribute' ? row.expanded : null

const rowId = (row: SchemaRow): string => `schema-row-${row.key.replaceAll(/[^\w-]/g, '-')}`
