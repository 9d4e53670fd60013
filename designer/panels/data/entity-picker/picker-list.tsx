import { useVirtualizer } from '@tanstack/react-virtual'
import { CircleSlash } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useMemo, useState } from 'react'
import type { ServerEntity } from '@/designer/model/project'
import { counted, formatCount } from '../../ui/format'
import { KIND_NAMES, type PickerTable } from './picker-tables'

const ROW_PX = 28

interface Props {
  readonly tables: readonly PickerTable[]
  readonly chosen: ReadonlySet<string>
  /** What comes along with the chosen ones, and is not left out. */
  readonly needed: ReadonlySet<string>
  readonly onToggle: (entity: string) => void
  readonly listRef: RefObject<HTMLDivElement | null>
}

/** A list of any length, of which only what is in sight is drawn. Arrows go through it, Space chooses. */
export function PickerList({ tables, chosen, needed, onToggle, listRef }: Props) {
  const [active, setActive] = useState<string | null>(null)
  const virtual = useVirtualizer({
    count: tables.length,
    getScrollElement: () => listRef.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => tables[index]?.entity.id ?? index,
    overscan: 12,
  })
  const activeIndex = tables.findIndex(({ entity }) => entity.id === active)
  const problem = tables[activeIndex]?.problem ?? null
  const blocked = useMemo(() => tables.filter((table) => table.problem !== null).length, [tables])

  const go = (to: number) => {
    const index = Math.max(0, Math.min(tables.length - 1, to))
    const table = tables[index]
    if (!table) return
    setActive(table.entity.id)
    virtual.scrollToIndex(index)
  }
  /** Where the key leads, or null where it leads nowhere. */
  const placeAfter = (key: string): number | null => {
    switch (key) {
      case 'ArrowDown':
        return activeIndex + 1
      case 'ArrowUp':
        return activeIndex - 1
      case 'PageDown':
        return activeIndex + 10
      case 'PageUp':
        return activeIndex - 10
      case 'Home':
        return 0
      case 'End':
        return tables.length - 1
      default:
        return null
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey) return
    const place = placeAfter(event.key)
    const table = tables[activeIndex]
    if (place !== null) go(place)
    else if (event.key === ' ' && table) {
      if (canChoose(table)) onToggle(table.entity.id)
    } else return
    event.preventDefault()
  }

  return (
    <>
      <div
        ref={listRef}
        role="listbox"
        aria-label="Tables"
        aria-multiselectable="true"
        tabIndex={0}
        aria-activedescendant={activeIndex >= 0 ? optionId(active ?? '') : undefined}
        aria-describedby={problem === null ? undefined : PROBLEM}
        className="min-h-0 flex-1 select-none overflow-auto rounded-md border border-line outline-offset-[-2px]"
        onKeyDown={onKeyDown}
        // Not for a press: the list would jump to its first line, away from what is pressed.
        onFocus={({ target }) => activeIndex < 0 && target.matches(':focus-visible') && go(0)}
      >
        {tables.length === 0 && (
          <p className="p-4 text-center text-ink-muted">No table or view has that in its name.</p>
        )}
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const table = tables[item.index]
            if (!table) return null
            const { entity, label, onDevice, problem, problemInShort } = table
            const isChosen = chosen.has(entity.id)
            const comesAlong = needed.has(entity.id) && !isChosen
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list holds the focus and the keys.
              // biome-ignore lint/a11y/useFocusableInteractive: the list points to the active option.
              <div
                key={item.key}
                id={optionId(entity.id)}
                role="option"
                aria-selected={isChosen || onDevice}
                aria-disabled={!canChoose(table)}
                aria-posinset={item.index + 1}
                aria-setsize={tables.length}
                data-active={entity.id === active ? '' : undefined}
                data-table={entity.name}
                title={problem ?? undefined}
                className="row row-interactive absolute top-0 left-0 aria-disabled:bg-transparent aria-disabled:text-ink-muted data-active:bg-surface-3"
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={() => {
                  setActive(entity.id)
                  if (canChoose(table)) onToggle(entity.id)
                }}
              >
                <input
                  type="checkbox"
                  className={`checkbox pointer-events-none ${comesAlong ? 'opacity-50' : ''}`}
                  checked={isChosen || onDevice || comesAlong}
                  disabled={!canChoose(table)}
                  readOnly
                  // A sign of the choice that the list itself has: nothing to come to.
                  inert
                />
                <span className="name row-text">{label}</span>
                <span className="row-note">
                  {onDevice
                    ? 'on the device'
                    : problemInShort !== null
                      ? problemInShort
                      : comesAlong
                        ? 'needed'
                        : sizeOf(entity)}
                </span>
              </div>
            )
          })}
        </div>
      </div>
      {blocked > 0 && (
        <p id={PROBLEM} className="callout px-2 py-1.5 text-xs" role="status">
          <CircleSlash aria-hidden />
          {problem ?? `${formatCount(blocked)} can’t be synced: press one, or go to it with the arrows, to read why.`}
        </p>
      )}
    </>
  )
}

const PROBLEM = 'picker-problem'

/** A partitioned table is one table, whatever it is divided into. */
function sizeOf({ kind, rowEstimate, attributes }: ServerEntity): string {
  const size = rowEstimate === null ? counted(Object.keys(attributes).length, 'column') : counted(rowEstimate, 'row')
  return kind === 'partitioned-table' ? `${KIND_NAMES[kind]}, ${size}` : size
}

export const canChoose = ({ onDevice, problem }: PickerTable): boolean => !onDevice && problem === null

const optionId = (entity: string): string => `picker-${entity}`
