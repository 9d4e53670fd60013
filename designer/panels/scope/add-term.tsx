import { Menu } from '@base-ui/react/menu'
import { Popover } from '@base-ui/react/popover'
import { ArrowDownToLine, Braces, Link2, Plus, Rows3 } from 'lucide-react'
import { useRef, useState } from 'react'
import { ANY_ROW, inOrder, type Project, referenceName, type ScopeFilter, type ServerEntity } from '@/designer/model'
import { MenuEntries, type MenuEntry } from '../ui/menu-entries'
import { useBuilder } from './builder-context'
import { OperandList } from './operand-picker'
import { startingComparison } from './operators'
import { attributeOf, shapeOfOperand } from './value-shape'

interface Props {
  readonly entity: ServerEntity
  readonly onAdd: (term: ScopeFilter) => void
  /** Of a group inside of others, which can do with less. */
  readonly isInner?: boolean
}

/** What can be said of a row: something about a column, about a related row, or about several things together. */
export function AddTerm({ entity, onAdd, isInner = false }: Props) {
  const { project, claims } = useBuilder()
  const [open, setOpen] = useState(false)
  // The keyboard goes on in what was added; only who adds nothing comes back here.
  const added = useRef(false)
  const add = (term: ScopeFilter) => {
    added.current = true
    onAdd(term)
  }
  const opens = (next: boolean) => {
    if (next) added.current = false
  }
  const entries = relationEntries(project, entity, add)
  return (
    <span className="flex items-center gap-1">
      <Popover.Root
        open={open}
        onOpenChange={(next) => {
          opens(next)
          setOpen(next)
        }}
      >
        <Popover.Trigger className={isInner ? 'btn btn-sm btn-ghost' : 'btn btn-sm'} data-first="" data-add="">
          <Plus aria-hidden /> Condition
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className="z-[60]" align="start" sideOffset={4}>
            <Popover.Popup
              className="menu scope-picker"
              aria-label="Column of the new condition"
              finalFocus={() => !added.current}
            >
              <OperandList
                entity={entity}
                withClaims
                onChoose={(left) => {
                  setOpen(false)
                  const shape = shapeOfOperand(project, entity, left)
                  add(startingComparison(left, shape, claims, attributeOf(project, entity, left)?.name))
                }}
              />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      <Menu.Root onOpenChange={opens}>
        <Menu.Trigger className="btn btn-sm btn-ghost">
          <Link2 aria-hidden /> Relation or group
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="z-[60]" align="start" sideOffset={4}>
            <Menu.Popup className="menu menu-long" finalFocus={() => !added.current}>
              <MenuEntries entries={entries} />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </span>
  )
}

function relationEntries(project: Project, entity: ServerEntity, onAdd: (term: ScopeFilter) => void): MenuEntry[] {
  const parents = Object.values(entity.foreignKeys).flatMap((key) => {
    const target = project.serverEntities[key.entity]
    return target === undefined ? [] : [{ key, target }]
  })
  const children = Object.values(project.serverEntities)
    .flatMap((other) =>
      Object.values(other.foreignKeys)
        .filter((key) => key.entity === entity.id && other.id !== entity.id)
        .map((key) => ({ key, other })),
    )
    .sort((a, b) => (a.other.name < b.other.name ? -1 : 1))
  const local = new Map(inOrder(project.localEntities).map(([, { root, name }]) => [root, name]))
  const exists = (foreignKey: string) => () => onAdd({ kind: 'exists', foreignKey, term: ANY_ROW })
  return [
    ...(parents.length === 0
      ? []
      : [
          { kind: 'label', label: 'Is on the device with its parent' } as const,
          ...parents.map(({ key, target }): MenuEntry => {
            const name = local.get(target.id)
            return {
              kind: 'item',
              Icon: ArrowDownToLine,
              label: `its ${referenceName(entity, key.id)} is in the scope of ${name ?? target.name}`,
              disabled:
                name === undefined
                  ? `${target.name} is not on the device. Add it first.`
                  : target.id === entity.id
                    ? 'It would follow itself, and go in a circle.'
                    : null,
              run: () => onAdd({ kind: 'in-scope', foreignKey: key.id }),
            }
          }),
          { kind: 'label', label: 'The row it refers to' } as const,
          ...parents.map(
            ({ key, target }): MenuEntry => ({
              kind: 'item',
              Icon: Link2,
              label: `its ${referenceName(entity, key.id)} is one where …`,
              note: target.name,
              run: exists(key.id),
            }),
          ),
        ]),
    ...(children.length === 0
      ? []
      : [
          { kind: 'label', label: 'Rows that refer to it' } as const,
          ...children.map(
            ({ key, other }): MenuEntry => ({
              kind: 'item',
              Icon: Rows3,
              label: `it has ${other.name} where …`,
              note: referenceName(other, key.id),
              run: exists(key.id),
            }),
          ),
        ]),
    { kind: 'label', label: 'Group' },
    { kind: 'item', Icon: Braces, label: 'any of …', run: () => onAdd({ kind: 'or', terms: [] }) },
    { kind: 'item', Icon: Braces, label: 'all of …', run: () => onAdd({ kind: 'and', terms: [] }) },
  ]
}
