/** What it means to let go of something from the tree here: one table for the mouse, the menus and the keys. */
import { deviceType } from '@/designer/model/device-types'
import { syncable } from '@/designer/model/keys'
import { followPath, pathLabel, shortestPaths } from '@/designer/model/paths'
import type { LocalEntity, Project, ServerAttribute, ServerEntity } from '@/designer/model/project'
import { counted } from '../../ui/format'
import { attributeOf, type DragItem, type DropTarget, tableOf } from './drag-item'

/** Something that a drop can do. Those that name no attributes ask for them first. */
export type DropChoice =
  /** A local entity of its own; `attributes` are chosen beforehand, null for all. */
  | { readonly kind: 'add-entity'; readonly root: string; readonly attributes: readonly string[] | null }
  | { readonly kind: 'add-attributes'; readonly entity: string; readonly attributes: readonly string[] }
  | {
      readonly kind: 'denormalise'
      readonly entity: string
      readonly path: readonly string[]
      readonly attribute: string
    }
  | { readonly kind: 'denormalise-many'; readonly entity: string; readonly path: readonly string[] }
  /** A local entity of the table, as part of the rows of `parent`. */
  | { readonly kind: 'add-child'; readonly parent: string; readonly root: string }

export interface LabelledChoice {
  readonly choice: DropChoice
  /** What it does, as a command: `Add city`. */
  readonly label: string
  /** What else is good to know before: `via customer_id`. */
  readonly note: string | null
}

export type DropMeaning =
  /** One is done at once; of several the user chooses. */
  | { readonly kind: 'choices'; readonly choices: readonly LabelledChoice[] }
  | { readonly kind: 'refused'; readonly reason: string }

type Model = Pick<Project, 'localEntities' | 'serverEntities' | 'serverTypes'>

const GONE = refused('This is no longer in the schema.')

export function dropMeaning(project: Model, item: DragItem, target: DropTarget): DropMeaning {
  const table = tableOf(project, item)
  if (table === null) return GONE
  if (target.kind === 'canvas') return onCanvas(project, item, table)
  const entity = project.localEntities[target.entity]
  const root = entity && project.serverEntities[entity.root]
  if (entity === undefined || root === undefined) return refused('The server table of this card is gone.')
  const attribute = attributeOf(project, item)
  if (attribute !== null) return attributeOnCard(project, item, table, attribute, entity, root)
  return tableOnCard(project, item, table, entity, root)
}

// ── On the canvas ───────────────────────────────────────────────────────────────────────────────

function onCanvas(project: Model, item: DragItem, table: ServerEntity): DropMeaning {
  const sync = syncable(table)
  if (sync.kind === 'not-syncable') return refused(sync.reason)
  const attribute = attributeOf(project, item)
  if (attribute === null) {
    return choices({
      choice: { kind: 'add-entity', root: table.id, attributes: null },
      label: `Add ${table.name}…`,
      note: null,
    })
  }
  const chosen = [...new Set([...table.primaryKey, attribute.id])]
  return choices({
    choice: { kind: 'add-entity', root: table.id, attributes: chosen },
    label: `Add ${table.name} with its key and ${attribute.name}…`,
    note: null,
  })
}

// ── An attribute on a card ──────────────────────────────────────────────────────────────────────

function attributeOnCard(
  project: Model,
  item: DragItem,
  table: ServerEntity,
  attribute: ServerAttribute,
  entity: LocalEntity,
  root: ServerEntity,
): DropMeaning {
  if (deviceType(project, attribute) === null) {
    return refused(`“${attribute.name}” has the type ${attribute.type}, which a device does not have.`)
  }
  const paths = pathsToItem(project, item, table, root)
  const [first] = paths
  if (first === undefined) return refused(whyNotJoined(project, root, table))
  if (first.length === 0) {
    if (hasRootAttribute(entity, attribute.id)) {
      return refused(`“${entity.name}” has “${attribute.name}” already.`)
    }
    return choices({
      choice: { kind: 'add-attributes', entity: entity.id, attributes: [attribute.id] },
      label: `Add ${attribute.name} to ${entity.name}`,
      note: null,
    })
  }
  const open = paths.filter((path) => !isDenormalised(entity, path, attribute.id))
  if (open.length === 0) return refused(`“${entity.name}” has “${table.name}.${attribute.name}” already.`)
  return choices(
    ...open.map(
      (path): LabelledChoice => ({
        choice: { kind: 'denormalise', entity: entity.id, path, attribute: attribute.id },
        label: `Denormalise ${table.name}.${attribute.name} into ${entity.name}`,
        note: `via ${pathLabel(project, root.id, path)}`,
      }),
    ),
  )
}

// ── A table on a card ───────────────────────────────────────────────────────────────────────────

function tableOnCard(
  project: Model,
  item: DragItem,
  table: ServerEntity,
  entity: LocalEntity,
  root: ServerEntity,
): DropMeaning {
  const found: LabelledChoice[] = []
  const canSync = syncable(table).kind === 'syncable'
  for (const path of pathsToItem(project, item, table, root)) {
    if (path.length === 0) continue
    found.push({
      choice: { kind: 'denormalise-many', entity: entity.id, path },
      label: `Denormalise attributes of ${table.name}…`,
      note: `via ${pathLabel(project, root.id, path)}`,
    })
  }
  if (canSync && table.id !== root.id && refersTo(table, root)) {
    found.push({
      choice: { kind: 'add-child', parent: entity.id, root: table.id },
      label: `Add ${table.name} as a child (one-to-many)…`,
      note: `its rows sync with the ${entity.name} that they belong to`,
    })
  }
  const named = missingOfEqualName(project, table, entity, root)
  if (named.length > 0) {
    found.push({
      choice: { kind: 'add-attributes', entity: entity.id, attributes: named.map(({ id }) => id) },
      label: `Map by name: add ${counted(named.length, 'attribute')}`,
      note: listed(named.map(({ name }) => name)),
    })
  }
  if (found.length > 0 && canSync && table.id !== root.id) {
    found.push({
      choice: { kind: 'add-entity', root: table.id, attributes: null },
      label: `Bring ${table.name} as an entity of its own…`,
      note: null,
    })
  }
  if (found.length > 0) return choices(...found)
  return table.id === root.id
    ? refused(`“${entity.name}” has all attributes of “${table.name}” already.`)
    : refused(whyNotJoined(project, root, table))
}

// ── What is joined, and how ─────────────────────────────────────────────────────────────────────

/** Ways from the card's root to the item's table; an empty one where the card is of that very table. */
function pathsToItem(
  project: Model,
  item: DragItem,
  table: ServerEntity,
  root: ServerEntity,
): readonly (readonly string[])[] {
  const own = item.kind === 'path-attribute' || item.kind === 'parent' ? pathWithin(project, item, root.id) : null
  if (own !== null) return [own]
  return table.id === root.id ? [[]] : shortestPaths(project, root.id, table.id)
}

/** The rest of the item's own way, where it leads through the card's root: that is the way the user has in mind. */
function pathWithin(
  project: Model,
  item: { readonly entity: string; readonly path: readonly string[] },
  root: string,
): readonly string[] | null {
  const followed = followPath(project, item.entity, item.path)
  const at = followed?.steps.findIndex(({ from }) => from.id === root) ?? -1
  return at < 0 ? null : item.path.slice(at)
}

function whyNotJoined(project: Model, root: ServerEntity, table: ServerEntity): string {
  if (shortestPaths(project, table.id, root.id).length > 0) {
    return (
      `“${table.name}” refers to “${root.name}”, not the other way round: one ${root.name} has many ${table.name}. ` +
      `Drop “${table.name}” itself to add it as a child.`
    )
  }
  return `No foreign key leads from “${root.name}” to “${table.name}”. Drop it on the canvas for an entity of its own.`
}

const refersTo = (from: ServerEntity, to: ServerEntity): boolean =>
  Object.values(from.foreignKeys).some(({ entity }) => entity === to.id)

const hasRootAttribute = (entity: LocalEntity, attribute: string): boolean =>
  Object.values(entity.attributes).some(({ source }) => source.kind === 'root' && source.attribute === attribute)

const isDenormalised = (entity: LocalEntity, path: readonly string[], attribute: string): boolean =>
  Object.values(entity.attributes).some(
    ({ source }) =>
      source.kind === 'denormalised' && source.attribute === attribute && source.path.join() === path.join(),
  )

/** Of two tables that share no more than an id or two the names say nothing. */
const FEWEST_SHARED_NAMES = 3

/** Attributes of the root that the card has not, and that the dropped table has under the same name. */
function missingOfEqualName(
  project: Model,
  table: ServerEntity,
  entity: LocalEntity,
  root: ServerEntity,
): ServerAttribute[] {
  const names = new Set(Object.values(table.attributes).map(({ name }) => name))
  const equal = Object.values(root.attributes)
    .filter(({ name }) => names.has(name))
    .sort((a, b) => a.order - b.order)
  if (table.id !== root.id && equal.length < FEWEST_SHARED_NAMES) return []
  return equal.filter((attribute) => !hasRootAttribute(entity, attribute.id) && deviceType(project, attribute) !== null)
}

const NAMES_SHOWN = 3

const listed = (names: readonly string[]): string =>
  names.length <= NAMES_SHOWN + 1
    ? names.join(', ')
    : `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`

function choices(...given: readonly LabelledChoice[]): DropMeaning {
  return { kind: 'choices', choices: given }
}

function refused(reason: string): DropMeaning {
  return { kind: 'refused', reason }
}
