import {
  ArrowRightLeft,
  Columns3,
  CornerDownRight,
  DatabaseZap,
  FileCode2,
  Filter,
  Group as GroupIcon,
  Pencil,
  RefreshCw,
  Trash2,
  Ungroup,
  Waypoints,
} from 'lucide-react'
import { deviceType } from '@/designer/model/device-types'
import { syncable } from '@/designer/model/keys'
import { equalNames, matchable } from '@/designer/model/name-mapping'
import { inOrder } from '@/designer/model/operations/order'
import type { LocalEntity, Project, ServerEntity } from '@/designer/model/project'
import type { DropActions } from '@/designer/panels/data/drag/use-drop-actions'
import { orderedAttributes } from '@/designer/panels/data/schema-rows'
import { counted } from '@/designer/panels/ui/format'
import { type MenuEntry, SEPARATOR } from '@/designer/panels/ui/menu-entries'
import { PATTERN_SIGNS } from '@/designer/panels/ui/pattern-sign'
import { PATTERNS } from '@/designer/patterns'
import type { Session } from '@/designer/stores/session'
import type { CanvasActions } from '../use-canvas-actions'

export interface MenuContext {
  readonly project: Project
  readonly session: Session
  readonly canvas: CanvasActions
  readonly drop: DropActions
  readonly denormalise: (entity: string) => void
}

/** What can be done with one card, or with several at once. */
export function cardEntries(context: MenuContext, ids: readonly string[]): readonly MenuEntry[] {
  const { project, session, canvas } = context
  const entities = ids.flatMap((id) => project.localEntities[id] ?? [])
  const [only] = entities.length === 1 ? entities : []
  const kinds = new Set(entities.map(({ pattern }) => pattern.kind))
  return [
    {
      kind: 'submenu',
      label: only ? 'Create sync for this entity' : `Create sync for ${counted(entities.length, 'entity', 'entities')}`,
      Icon: RefreshCw,
      entries: PATTERNS.map(({ id, title }) => ({
        kind: 'item',
        label: title,
        Icon: PATTERN_SIGNS[id].Icon,
        checked: kinds.size === 1 && kinds.has(id),
        run: () => canvas.setPattern(ids, id),
      })),
    },
    ...(only ? ofOne(context, only) : []),
    SEPARATOR,
    ...groupEntries(context, ids),
    SEPARATOR,
    ...(only
      ? ([
          { kind: 'item', label: 'Rename', Icon: Pencil, shortcut: 'F2', run: canvas.rename },
          { kind: 'item', label: 'Open its scope', Icon: Filter, run: () => session.panels.showBottom('scope') },
          { kind: 'item', label: 'Generated code', Icon: FileCode2, run: () => session.panels.showBottom('code') },
        ] satisfies MenuEntry[])
      : []),
    { kind: 'item', label: 'Remove', Icon: Trash2, shortcut: 'Del', run: canvas.remove },
  ]
}

function ofOne({ project, drop, denormalise }: MenuContext, entity: LocalEntity): readonly MenuEntry[] {
  const root = project.serverEntities[entity.root]
  const like: MenuEntry = {
    kind: 'submenu',
    label: 'Map by name to another table',
    Icon: ArrowRightLeft,
    entries: likeTables(project, drop, entity, root),
  }
  // What takes it to another table is all that can be done with a card whose table is gone.
  if (!root) return [like]
  const present = new Set(
    Object.values(entity.attributes).flatMap(({ source }) => (source.kind === 'root' ? [source.attribute] : [])),
  )
  const missing = orderedAttributes(root).filter(
    (attribute) => !present.has(attribute.id) && deviceType(project, attribute) !== null,
  )
  const add = (attributes: readonly string[]) => drop.run({ kind: 'add-attributes', entity: entity.id, attributes })
  return [
    {
      kind: 'submenu',
      label: 'Add attribute',
      Icon: Columns3,
      entries: [
        ...(missing.length > 1
          ? ([
              { kind: 'item', label: `All ${missing.length}`, run: () => add(missing.map(({ id }) => id)) },
              SEPARATOR,
            ] satisfies MenuEntry[])
          : []),
        ...missing.map(({ id, name }): MenuEntry => ({ kind: 'item', label: name, run: () => add([id]) })),
      ],
    },
    {
      kind: 'item',
      label: 'Denormalise…',
      Icon: Waypoints,
      disabled: Object.keys(root.foreignKeys).length === 0 ? `“${root.name}” refers to no other table.` : null,
      run: () => denormalise(entity.id),
    },
    {
      kind: 'submenu',
      label: 'Bring a related table',
      Icon: DatabaseZap,
      entries: related(project, drop, entity, root),
    },
    like,
  ]
}

/** Tables that it refers to or that refer to it, and that no card is of. */
function related(project: Project, { run }: DropActions, entity: LocalEntity, root: ServerEntity): MenuEntry[] {
  const present = new Set(Object.values(project.localEntities).map((other) => other.root))
  const canBring = (table: ServerEntity | undefined): table is ServerEntity =>
    table !== undefined && !present.has(table.id) && syncable(table).kind === 'syncable'
  const parents = new Set(Object.values(root.foreignKeys).map(({ entity: id }) => project.serverEntities[id]))
  const children = Object.values(project.serverEntities).filter(
    (table) => table.id !== root.id && Object.values(table.foreignKeys).some((key) => key.entity === root.id),
  )
  return [
    ...[...parents].filter(canBring).map(
      (table): MenuEntry => ({
        kind: 'item',
        label: `${table.name}…`,
        note: 'it refers to',
        Icon: DatabaseZap,
        run: () => run({ kind: 'add-entity', root: table.id, attributes: null }),
      }),
    ),
    ...children.filter(canBring).map(
      (table): MenuEntry => ({
        kind: 'item',
        label: `${table.name}…`,
        note: 'as a child',
        Icon: CornerDownRight,
        run: () => run({ kind: 'add-child', parent: entity.id, root: table.id }),
      }),
    ),
  ]
}

/** Further ones are reached from the tree of tables. */
const MOST_LIKE = 12

/** The tables that have most of its attributes' names, and that no card is of. */
function likeTables(
  project: Project,
  { run }: DropActions,
  entity: LocalEntity,
  root: ServerEntity | undefined,
): MenuEntry[] {
  const present = new Set(Object.values(project.localEntities).map((other) => other.root))
  return Object.values(project.serverEntities)
    .map((table) => ({ table, names: present.has(table.id) ? 0 : equalNames(entity, root, table) }))
    .filter(({ table, names }) => names > 0 && syncable(table).kind === 'syncable')
    .sort((a, b) => b.names - a.names || (a.table.name < b.table.name ? -1 : 1))
    .slice(0, MOST_LIKE)
    .map(
      ({ table, names }): MenuEntry => ({
        kind: 'item',
        label: `${table.name}…`,
        note: `${names} of ${matchable(entity)} match`,
        Icon: ArrowRightLeft,
        run: () => run({ kind: 'map-by-name', entity: entity.id, table: table.id }),
      }),
    )
}

function groupEntries({ project, canvas }: MenuContext, ids: readonly string[]): readonly MenuEntry[] {
  const groups = inOrder(project.groups).map(([, group]) => group)
  const isIn = groups.filter(({ entities }) => ids.some((id) => id in entities))
  const others = groups.filter(({ entities }) => !ids.every((id) => id in entities))
  return [
    { kind: 'item', label: 'Group', Icon: GroupIcon, shortcut: 'Ctrl+G', run: () => canvas.group(ids) },
    ...(others.length > 0
      ? ([
          {
            kind: 'submenu',
            label: 'Move into a group',
            Icon: GroupIcon,
            entries: others.map(({ id, name }) => ({
              kind: 'item',
              label: name,
              run: () => void canvas.putIntoGroup(ids, id),
            })),
          },
        ] satisfies MenuEntry[])
      : []),
    ...(isIn.length > 0
      ? ([
          {
            kind: 'item',
            label: 'Take out of its group',
            Icon: Ungroup,
            run: () => void canvas.putIntoGroup(ids, null),
          },
        ] satisfies MenuEntry[])
      : []),
  ]
}
