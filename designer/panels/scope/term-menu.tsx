import { Menu } from '@base-ui/react/menu'
import { ArrowDown, ArrowUp, Ban, Braces, Copy, MoreHorizontal, Trash2, Ungroup } from 'lucide-react'
import { useRef } from 'react'
import {
  type FilterPath,
  insertTerm,
  isGroup,
  moveTerm,
  replaceTerm,
  type ScopeFilter,
  termAt,
  unwrapTerm,
  wrapTerm,
} from '@/designer/model'
import { MenuEntries, type MenuEntry, SEPARATOR } from '../ui/menu-entries'
import { type Builder, useBuilder } from './builder-context'

interface Props {
  readonly term: ScopeFilter
  readonly path: FilterPath
  readonly words: string
}

/** What can be done with a term as a whole. */
export function TermMenu({ term, path, words }: Props) {
  const builder = useBuilder()
  const { filter } = builder
  // The builder itself moves the focus after a change; after none it comes back here.
  const changed = useRef(false)
  const change: Builder['change'] = (...args) => {
    changed.current = true
    builder.change(...args)
  }
  const outer = path.slice(0, -1)
  const around = path.length === 0 ? null : termAt(filter, outer)
  const inGroup = around !== null && isGroup(around)
  const move = (by: 1 | -1) => {
    const moved = moveTerm(filter, path, by)
    if (moved.filter !== filter) change('Move a condition', moved.filter, { focus: moved.path })
  }
  const canUnwrap = term.kind === 'not' || (isGroup(term) && (term.terms.length === 1 || inGroup))
  const entries: MenuEntry[] = [
    ...(inGroup
      ? [
          { kind: 'item', Icon: ArrowUp, label: 'Move up', shortcut: 'Alt+↑', run: () => move(-1) } as const,
          { kind: 'item', Icon: ArrowDown, label: 'Move down', shortcut: 'Alt+↓', run: () => move(1) } as const,
          {
            kind: 'item',
            Icon: Copy,
            label: 'Duplicate',
            run: () =>
              change('Duplicate a condition', insertTerm(filter, outer, term, (path.at(-1) ?? 0) + 1), {
                focus: [...outer, (path.at(-1) ?? 0) + 1],
              }),
          } as const,
          SEPARATOR,
        ]
      : []),
    ...(canUnwrap
      ? [
          {
            kind: 'item',
            Icon: Ungroup,
            label: term.kind === 'not' ? 'No longer negate' : 'Ungroup',
            run: () => change('Ungroup conditions', unwrapTerm(filter, path), { focus: path }),
          } as const,
        ]
      : []),
    ...(term.kind === 'not'
      ? []
      : [
          {
            kind: 'item',
            Icon: Ban,
            label: 'Negate',
            run: () => change('Negate a condition', wrapTerm(filter, path, 'not'), { focus: path }),
          } as const,
        ]),
    {
      kind: 'item',
      Icon: Braces,
      label: 'Put into “all of”',
      run: () => change('Group a condition', wrapTerm(filter, path, 'and'), { focus: [...path, 0] }),
    },
    {
      kind: 'item',
      Icon: Braces,
      label: 'Put into “any of”',
      run: () => change('Group a condition', wrapTerm(filter, path, 'or'), { focus: [...path, 0] }),
    },
    SEPARATOR,
    {
      kind: 'item',
      Icon: Trash2,
      label: 'Remove',
      shortcut: 'Alt+⌫',
      run: () => change('Remove a condition', replaceTerm(filter, path, null), { focus: outer }),
    },
  ]
  return (
    <Menu.Root
      onOpenChange={(open) => {
        if (open) changed.current = false
      }}
    >
      <Menu.Trigger className="btn-icon scope-more" aria-label={`More for: ${words}`}>
        <MoreHorizontal />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="z-[60]" align="end" sideOffset={2}>
          <Menu.Popup className="menu" finalFocus={() => !changed.current}>
            <MenuEntries entries={entries} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
