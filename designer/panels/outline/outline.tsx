import { ContextMenu } from '@base-ui/react/context-menu'
import { useReactFlow } from '@xyflow/react'
import { ChevronRight, Equal, KeyRound, Waypoints } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { bringIntoView } from '@/designer/canvas/bring-into-view'
import { TargetMenu } from '@/designer/canvas/menu/canvas-menu'
import type { CanvasTarget } from '@/designer/canvas/menu/canvas-target'
import { isKeyRow } from '@/designer/model/card-rows'
import { useProject, useSelection, useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'
import { PATTERN_SIGNS, patternHue } from '../ui/pattern-sign'
import { TreeSearch } from '../ui/tree-search'
import { useTreeRows } from '../ui/use-tree-rows'
import { type OutlineRow, outlineRows } from './outline-rows'

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
  const { scroller, virtual, activeRow, onKeyDown, enter } = useTreeRows({
    rows,
    active,
    activate: select,
    isOpen,
    toggle,
    parentOf: (row) => (row.kind === 'entity' ? -1 : rows.findIndex(({ key }) => key === row.entity.id)),
    onEnter: () => document.querySelector<HTMLElement>('[aria-label="Inspector"] :is(input, button, select)')?.focus(),
    rowId,
  })

  return (
    <section className="panel h-full" aria-label="Outline">
      <div className="relative flex-none border-line border-b p-2">
        <TreeSearch
          label="Search entities and attributes"
          placeholder={`Search ${counted(Object.keys(localEntities).length, 'entity', 'entities')}`}
          value={search}
          onChange={setSearch}
          enter={enter}
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

/** Null where there is nothing to open. */
const isOpen = (row: OutlineRow): boolean | null => (row.kind === 'entity' ? row.expanded : null)

const rowId = (row: OutlineRow): string => `outline-row-${row.key.replaceAll(/[^\w-]/g, '-')}`
