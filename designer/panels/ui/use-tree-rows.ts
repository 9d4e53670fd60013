import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useRef } from 'react'

const ROW_PX = 28

/** One visible line of a tree. */
interface TreeRow {
  readonly key: string
}

interface TreeOptions<Row extends TreeRow> {
  readonly rows: readonly Row[]
  /** The key of the row that the keys start from. */
  readonly active: string | null
  readonly activate: (row: Row) => void
  /** Whether the row is open; null where there is nothing to open. */
  readonly isOpen: (row: Row) => boolean | null
  readonly toggle: (key: string, open: boolean) => void
  /** The place of the row above to which this one belongs; -1 for none. */
  readonly parentOf: (row: Row, index: number) => number
  readonly onEnter: (row: Row) => void
  readonly rowId: (row: Row) => string
}

/**
 * A tree of which only what is seen is in the page, with the keys that trees have: arrows, Home, End, Enter, and
 * Shift+F10 for the row's menu. The tree itself holds the focus; the search field above hands it over by ArrowDown.
 */
export function useTreeRows<Row extends TreeRow>(options: TreeOptions<Row>) {
  const { rows, active, activate, isOpen, toggle, parentOf, onEnter, rowId } = options
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
      default:
        return activeRow !== undefined && pressedOn(activeRow, key)
    }
  }
  const pressedOn = (row: Row, key: string): boolean => {
    const open = isOpen(row)
    switch (key) {
      case 'ArrowRight':
        if (open === false) toggle(row.key, true)
        else if (open) go(activeIndex + 1)
        return true
      case 'ArrowLeft': {
        const above = parentOf(row, activeIndex)
        if (open) toggle(row.key, false)
        else if (above >= 0) go(above)
        return true
      }
      case 'Enter':
        onEnter(row)
        return true
      default:
        return false
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      event.preventDefault()
      if (activeRow) openMenu(document.getElementById(rowId(activeRow)))
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && pressed(event.key)) event.preventDefault()
  }
  /** From the search field into the tree. */
  const enter = () => {
    const [first] = rows
    if (!first) return
    scroller.current?.focus()
    activate(first)
  }

  return { scroller, virtual, activeRow, onKeyDown, enter }
}

/** As if the line had been clicked with the other button. */
function openMenu(line: Element | null): void {
  if (!line) return
  const { left, bottom } = line.getBoundingClientRect()
  const at = { clientX: left + 40, clientY: bottom - 2 }
  line.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...at }))
}
