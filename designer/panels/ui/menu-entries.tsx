import { Menu } from '@base-ui/react/menu'
import { ChevronRight, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

/** A menu as data, so that the mouse, the keys and the drops offer the same. */
export type MenuEntry =
  | MenuItemEntry
  | {
      readonly kind: 'submenu'
      readonly label: string
      readonly Icon: LucideIcon
      readonly entries: readonly MenuEntry[]
    }
  | { readonly kind: 'separator' }
  | { readonly kind: 'label'; readonly label: ReactNode }

export interface MenuItemEntry {
  readonly kind: 'item'
  readonly label: string
  readonly Icon?: LucideIcon
  /** In muted type after the label. */
  readonly note?: string | null
  readonly shortcut?: string
  /** Why it can't be chosen, in a line below; it is shown all the same. */
  readonly disabled?: string | null
  readonly checked?: boolean
  readonly run: () => void
}

export const SEPARATOR: MenuEntry = { kind: 'separator' }

/** The inside of a menu's popup. */
export function MenuEntries({ entries }: { readonly entries: readonly MenuEntry[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a menu is made anew whenever it opens.
  return entries.map((entry, index) => <Entry key={index} entry={entry} />)
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  switch (entry.kind) {
    case 'separator':
      return <div className="menu-separator" />
    case 'label':
      return <div className="menu-label">{entry.label}</div>
    case 'item':
      return <Item entry={entry} />
    case 'submenu':
      return (
        <Menu.SubmenuRoot>
          <Menu.SubmenuTrigger className="menu-item" disabled={entry.entries.length === 0}>
            <entry.Icon aria-hidden /> <span className="row-text">{entry.label}</span>
            <ChevronRight className="ml-auto" aria-hidden />
          </Menu.SubmenuTrigger>
          <Menu.Portal>
            <Menu.Positioner className="z-[60]" sideOffset={2} alignOffset={-4}>
              <Menu.Popup className="menu menu-long">
                <MenuEntries entries={entry.entries} />
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.SubmenuRoot>
      )
  }
}

function Item({ entry: { label, Icon, note, shortcut, disabled, checked, run } }: { readonly entry: MenuItemEntry }) {
  return (
    <Menu.Item
      className="menu-item"
      disabled={disabled != null}
      aria-current={checked ? true : undefined}
      onClick={run}
    >
      {Icon ? <Icon aria-hidden /> : <span className="w-3.5" />}
      <span className="row-text">
        {label}
        {disabled && <span className="menu-reason">{disabled}</span>}
      </span>
      {note && !disabled && <span className="menu-note">{note}</span>}
      {shortcut && <span className="shortcut">{shortcut}</span>}
    </Menu.Item>
  )
}

interface PopupMenuProps {
  /** In pixels of the window. */
  readonly at: { readonly x: number; readonly y: number }
  readonly label: string
  readonly entries: readonly MenuEntry[]
  readonly onClose: () => void
}

/** A menu that opens at a point by itself, such as where something was let go. */
export function PopupMenu({ at, label, entries, onClose }: PopupMenuProps) {
  const anchor = { getBoundingClientRect: () => DOMRect.fromRect({ x: at.x, y: at.y, width: 0, height: 0 }) }
  return (
    <Menu.Root open onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal>
        <Menu.Positioner className="z-[60]" anchor={anchor} side="bottom" align="start" sideOffset={4}>
          <Menu.Popup className="menu" aria-label={label}>
            <MenuEntries entries={entries} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
