import { ContextMenu } from '@base-ui/react/context-menu'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useReactFlow } from '@xyflow/react'
import { ChevronRight, Equal, KeyRound, Search, Waypoints } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { bringIntoView } from '@/designer/canvas/bring-into-view'
import { TargetMenu } from '@/designer/canvas/menu/canvas-menu'
import type { CanvasTarget } from '@/designer/canvas/menu/canvas-target'
import { isKeyRow } from '@/designer/model/card-rows'
import { useProject, useSelection, useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { PATTERN_SIGNS, patternHue } from '../ui/pattern-sign'
import { type OutlineRow, outlineRows } from './outline-rows'

const ROW_PX = 28

/** What is on the canvas, as a list for the keys: the same selection, and the same menu as on the cards. */
export function Outline() {
  const localEntities = useProject((project) => project.localEntities)
  const [search, setSearch] = useState('')
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set())
  const { selection } = useSession()
  const flow = useReactFlow()
  const active = useSelection((s) =>
    s.kind === 'local-attribute' ? `${s.entity}/${s.id}` : s.kind === 'local-entities' ? (s.ids[0] ?? null) : null,
  )
  const wanted = useDeferredValue(search)
  const rows = useMemo(() => outlineRows(localEntities, wanted, expanded), [localEntities, wanted, expanded])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  })

  const activeIndex = rows.findIndex(({ key }) => key === active)
  const activeRow = rows[activeIndex]
  const select = (row: OutlineRow) => {
    if (row.kind === 'entity') selection.select({ kind: 'local-entities', ids: [row.entity.id] })
    else selection.select({ kind: 'local-attribute', entity: row.entity.id, id: row.attribute.id })
    bringIntoView(flow, row.entity.id)
  }
  const toggle = (id: string, open: boolean) => {
    const next = new Set(expanded)
    if (open) next.add(id)
    else next.delete(id)
    setExpanded(next)
  }
  const go = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to))
    const row = rows[index]
    if (!row) return
    select(row)
    virtual.scrollToIndex(index)
  }
  /** Answers whether the list had a use for the key. */
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
    if (!activeRow) return false
    switch (key) {
      case 'ArrowRight':
        if (activeRow.kind === 'entity' && !activeRow.expanded) toggle(activeRow.entity.id, true)
        else go(activeIndex + 1)
        return true
      case 'ArrowLeft':
        if (activeRow.kind === 'entity') toggle(activeRow.entity.id, false)
        else go(rows.findIndex(({ key: other }) => other === activeRow.entity.id))
        return true
      case 'Enter':
        document.querySelector<HTMLElement>('[aria-label="Inspector"] :is(input, button, select)')?.focus()
        return true
      default:
        return false
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      event.preventDefault()
      openMenu(activeRow && document.getElementById(rowId(activeRow)))
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && pressed(event.key)) event.preventDefault()
  }

  return (
    <section className="panel h-full" aria-label="Outline">
      <div className="relative flex-none border-line border-b p-2">
        <Search size={14} className="pointer-events-none absolute top-[15px] left-4 text-ink-muted" aria-hidden />
        <input
          type="search"
          data-search=""
          className="input pl-7"
          aria-label="Search entities and attributes"
          placeholder={`Search ${counted(Object.keys(localEntities).length, 'entity', 'entities')}`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' && rows[0]) {
              event.preventDefault()
              scroller.current?.focus()
              select(rows[0])
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
              aria-label="Local entities"
              tabIndex={0}
              aria-activedescendant={activeRow ? rowId(activeRow) : undefined}
              className="panel-body relative select-none outline-offset-[-2px]"
              onKeyDown={onKeyDown}
            />
          }
        >
          {rows.length === 0 && (
            <p className="p-4 text-center text-ink-muted">
              {wanted === '' ? 'Nothing is on the canvas yet.' : `No entity or attribute has “${wanted}” in its name.`}
            </p>
          )}
          <div style={{ height: virtual.getTotalSize() }} role="presentation">
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]
              if (!row) return null
              return (
                // biome-ignore lint/a11y: the tree holds the focus and the keys.
                <div
                  key={item.key}
                  id={rowId(row)}
                  role="treeitem"
                  aria-level={row.kind === 'entity' ? 1 : 2}
                  aria-expanded={row.kind === 'entity' ? row.expanded : undefined}
                  aria-selected={row.key === active}
                  className="row row-interactive absolute top-0 left-0"
                  style={{ transform: `translateY(${item.start}px)` }}
                  onClick={(event) => {
                    if (row.kind === 'entity' && (event.target as Element).closest('[data-chevron]')) {
                      toggle(row.entity.id, !row.expanded)
                    } else select(row)
                  }}
                  onContextMenu={() => select(row)}
                >
                  <Line row={row} />
                </div>
              )
            })}
          </div>
        </ContextMenu.Trigger>
        {activeRow && (
          <ContextMenu.Portal>
            <ContextMenu.Positioner className="z-[60]">
              <ContextMenu.Popup className="menu">
                <TargetMenu target={targetOfRow(activeRow)} />
              </ContextMenu.Popup>
            </ContextMenu.Positioner>
          </ContextMenu.Portal>
        )}
      </ContextMenu.Root>
    </section>
  )
}

function Line({ row }: { readonly row: OutlineRow }) {
  const { compilation } = useSession()
  const problems = useStore(compilation, (state) => state.problemsByTarget.get(row.entity.id))
  const root = useProject((project) => project.serverEntities[row.entity.root])
  if (row.kind === 'attribute') {
    const { attribute } = row
    return (
      <>
        <span className="ml-6 grid w-4 flex-none place-items-center">
          {isKeyRow(attribute, root) ? (
            <KeyRound size={12} className="text-conflict" aria-label="key" />
          ) : attribute.source.kind === 'denormalised' ? (
            <Waypoints size={12} className="text-accent-ink" aria-label="denormalised" />
          ) : (
            attribute.source.kind === 'computed' && (
              <Equal size={12} className="text-accent-ink" aria-label="computed" />
            )
          )}
        </span>
        <span className="name row-text">{attribute.name}</span>
      </>
    )
  }
  const { label, Icon } = PATTERN_SIGNS[row.entity.pattern.kind]
  return (
    <>
      <ChevronRight
        size={14}
        data-chevron=""
        aria-hidden
        className={`flex-none text-ink-muted transition-transform ${row.expanded ? 'rotate-90' : ''}`}
      />
      <span className="hued flex flex-none" style={patternHue(row.entity.pattern.kind)} title={label}>
        <Icon size={14} className="outline-sign" aria-label={label} />
      </span>
      <span className="name row-text">{row.entity.name}</span>
      {problems && problems.errors > 0 && (
        <span className="badge badge-error">{counted(problems.errors, 'error')}</span>
      )}
    </>
  )
}

const targetOfRow = (row: OutlineRow): CanvasTarget =>
  row.kind === 'entity'
    ? { kind: 'cards', ids: [row.entity.id] }
    : { kind: 'attribute', entity: row.entity.id, id: row.attribute.id }

/** As if the line had been clicked with the other button. */
function openMenu(line: Element | null | undefined): void {
  if (!line) return
  const { left, bottom } = line.getBoundingClientRect()
  const at = { clientX: left + 40, clientY: bottom - 2 }
  line.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...at }))
}

const rowId = (row: OutlineRow): string => `outline-row-${row.key.replaceAll(/[^\w-]/g, '-')}`
