import { ContextMenu } from '@base-ui/react/context-menu'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Search } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ServerEntity } from '@/designer/model/project'
import { useProject, useSelection, useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { EmptySchema } from './empty-schema'
import { withReferredTables } from './related-tables'
import { SchemaRowView } from './schema-row-view'
import { indexSchema, type SchemaRow, schemaRows } from './schema-rows'
import { TableMenu } from './table-menu'

const ROW_PX = 28

export interface SchemaTreeProps {
  readonly onAdd: (serverEntity: string) => void
  readonly onAddAll: (serverEntities: readonly string[]) => void
  readonly onDragStart: (event: PointerEvent, table: ServerEntity) => void
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

  const index = useMemo(() => indexSchema(entities), [entities])
  const wanted = useDeferredValue(search)
  const rows = useMemo(() => schemaRows(index, entities, wanted, expanded), [index, entities, wanted, expanded])

  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (i) => rows[i]?.key ?? i,
    overscan: 12,
  })

  const toggle = (id: string, open = !expanded.has(id)) => {
    const next = new Set(expanded)
    if (open) next.add(id)
    else next.delete(id)
    setExpanded(next)
  }
  const activate = (row: SchemaRow) => {
    setActive(row.key)
    if (row.kind !== 'schema') selection.select({ kind: 'server-entity', id: row.entity.id })
  }
  const activeIndex = rows.findIndex(({ key }) => key === active)
  const activeRow = rows[activeIndex]
  const activeTable = activeRow && activeRow.kind !== 'schema' ? activeRow.entity : null

  const go = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to))
    const row = rows[index]
    if (!row) return
    activate(row)
    virtual.scrollToIndex(index)
  }
  /** Answers whether the tree had a use for the key. */
  const pressed = (key: string): boolean => {
    switch (key) {
      case 'ArrowDown':
        go(activeIndex + 1)
        return true
      case 'ArrowUp':
        go(activeIndex - 1)
        return true
      case 'Home':
        go(0)
        return true
      case 'End':
        go(rows.length - 1)
        return true
    }
    if (!activeTable) return false
    switch (key) {
      case 'ArrowRight':
        toggle(activeTable.id, true)
        return true
      case 'ArrowLeft':
        toggle(activeTable.id, false)
        setActive(activeTable.id)
        return true
      case 'Enter':
        onAdd(activeTable.id)
        return true
      default:
        return false
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.ctrlKey && !event.metaKey && pressed(event.key)) event.preventDefault()
  }

  return (
    <>
      <div className="relative flex-none border-line border-b p-2">
        <Search size={14} className="pointer-events-none absolute top-[15px] left-4 text-ink-muted" aria-hidden />
        <input
          type="search"
          data-search=""
          className="input pl-7"
          aria-label="Search tables and columns"
          placeholder={`Search ${counted(Object.keys(entities).length, 'table')}`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' && rows[0]) {
              event.preventDefault()
              scroller.current?.focus()
              activate(rows[0])
            } else if (event.key === 'Escape') setSearch('')
          }}
        />
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
                  aria-level={row.kind === 'attribute' ? 2 : 1}
                  aria-expanded={isTable ? row.expanded : undefined}
                  aria-selected={row.kind === 'schema' ? undefined : isTable && row.entity.id === selected}
                  data-table={isTable ? row.entity.name : undefined}
                  data-active={row.key === active ? '' : undefined}
                  className="row row-interactive absolute top-0 left-0 data-active:bg-surface-3"
                  style={{ transform: `translateY(${item.start}px)` }}
                  onPointerDown={(event) => row.kind !== 'schema' && onDragStart(event, row.entity)}
                  onContextMenu={() => activate(row)}
                  onClick={(event) => {
                    activate(row)
                    if (isTable && (event.target as Element).closest('[data-chevron]')) toggle(row.entity.id)
                  }}
                  onDoubleClick={() => isTable && toggle(row.entity.id)}
                >
                  <SchemaRowView row={row} onCanvas={isTable && onCanvas.has(row.entity.id)} />
                </div>
              )
            })}
          </div>
        </ContextMenu.Trigger>
        {activeTable && (
          <TableMenu
            table={activeTable}
            related={withReferredTables(activeTable.id, entities)}
            onAdd={onAdd}
            onAddAll={onAddAll}
            onToggle={() => toggle(activeTable.id)}
          />
        )}
      </ContextMenu.Root>
    </>
  )
}

const rowId = (row: SchemaRow): string => `schema-row-${row.key.replaceAll(/[^\w-]/g, '-')}`
