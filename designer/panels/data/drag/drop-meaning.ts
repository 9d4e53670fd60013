/** What it means to let go of something from the tree here: one table for the mouse, the menus and the keys. */
import { deviceType } from '@/designer/model/device-types'
import { followPath, pathLabel, shortestPaths } from '@/designer/model/paths'
import type { LocalEntity, ServerAttribute, ServerEntity } from '@/designer/model/project'
import { entityOfTable } from '@/designer/model/table-on-device'
import { counted } from '../../ui/format'
import { attributeOf, type DragItem, type DropTarget, tableOf } from './drag-item'
import { choices, type DropMeaning, type LabelledChoice, type Model, refused } from './drop-choice'
import {
  addChild,
  cannotDenormalise,
  denormaliseMany,
  mapByName,
  ownEntity,
  showCard,
  whyNotSynced,
} from './table-choices'

const GONE = refused('This is no longer in the schema.')

export function dropMeaning(project: Model, item: DragItem, target: DropTarget): DropMeaning {
  const table = tableOf(project, item)
  if (table === null) return GONE
  if (target.kind === 'canvas') return onCanvas(project, item, table)
  const entity = project.localEntities[target.entity]
  if (entity === undefined) return refused('This card is no longer in the project.')
  const root = project.serverEntities[entity.root]
  const attribute = attributeOf(project, item)
  if (root === undefined) {
    return attribute === null
      ? choices(mapByName(project, table, entity), ownEntity(project, table))
      : refused('The server table of this card is gone. Drop another table on it to map it by name.')
  }
  if (attribute !== null) return attributeOnCard(project, item, table, attribute, entity, root)
  return tableOnCard(project, item, table, entity, root)
}

// ── On the canvas ───────────────────────────────────────────────────────────────────────────────

function onCanvas(project: Model, item: DragItem, table: ServerEntity): DropMeaning {
  const card = entityOfTable(project, table.id)
  if (card !== null) return choices(showCard(card, table))
  const reason = whyNotSynced(project, table)
  if (reason !== null) return refused(reason)
  const attribute = attributeOf(project, item)
  if (attribute === null) {
    return choices({
      choice: { kind: 'add-entity', root: table.id, attributes: null },
      label: `Add ${table.name}…`,
      note: null,
      disabled: null,
    })
  }
  const chosen = [...new Set([...table.primaryKey, attribute.id])]
  return choices({
    choice: { kind: 'add-entity', root: table.id, attributes: chosen },
    label: `Add ${table.name} with its key and ${attribute.name}…`,
    note: null,
    disabled: null,
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
      disabled: null,
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
        disabled: null,
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
  const paths = pathsToItem(project, item, table, root).filter((path) => path.length > 0)
  const denormalised = paths.map((path) => denormaliseMany(project, table, entity, root, path))
  if (table.id !== root.id) {
    return choices(
      mapByName(project, table, entity),
      addChild(project, table, entity, root),
      ...(denormalised.length > 0 ? denormalised : [cannotDenormalise(project, table, entity, root)]),
      ownEntity(project, table),
    )
  }
  // Its own table: what the card has not of it, and for a table that refers to itself what it refers to.
  const missing = missingAttributes(project, entity, root)
  if (missing.length > 0) {
    denormalised.unshift({
      choice: { kind: 'add-attributes', entity: entity.id, attributes: missing.map(({ id }) => id) },
      label: `Map by name: add ${counted(missing.length, 'attribute')}`,
      note: listed(missing.map(({ name }) => name)),
      disabled: null,
    })
  }
  return denormalised.length > 0
    ? choices(...denormalised)
    : refused(`“${entity.name}” has all attributes of “${table.name}” already.`)
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

const hasRootAttribute = (entity: LocalEntity, attribute: string): boolean =>
  Object.values(entity.attributes).some(({ source }) => source.kind === 'root' && source.attribute === attribute)

const isDenormalised = (entity: LocalEntity, path: readonly string[], attribute: string): boolean =>
  Object.values(entity.attributes).some(
    ({ source }) =>
      source.kind === 'denormalised' && source.attribute === attribute && source.path.join() === path.join(),
  )

/** Attributes of the root that the card has not. */
const missingAttributes = (project: Model, entity: LocalEntity, root: ServerEntity): ServerAttribute[] =>
  Object.values(root.attributes)
    .filter((attribute) => !hasRootAttribute(entity, attribute.id) && deviceType(project, attribute) !== null)
    .sort((a, b) => a.order - b.order)

const NAMES_SHOWN = 3

const listed = (names: readonly string[]): string =>
  names.length <= NAMES_SHOWN + 1
    ? names.join(', ')
    : `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`
