/** What can be made of a table that is dropped on a card of another one: each way, and why where it is none. */
import { syncable } from '@/designer/model/keys'
import { matchable, matching, nameMapping } from '@/designer/model/name-mapping'
import { parentChange } from '@/designer/model/operations/children'
import { keyNotOnDevice } from '@/designer/model/operations/local-entities'
import { followPath, pathLabel, shortestPaths } from '@/designer/model/paths'
import type { LocalEntity, ServerEntity } from '@/designer/model/project'
import { onDeviceAlready } from '@/designer/model/table-on-device'
import { patternOf } from '@/designer/patterns'
import { counted } from '../../ui/format'
import type { LabelledChoice, Model } from './drop-choice'

export function mapByName(project: Model, table: ServerEntity, entity: LocalEntity): LabelledChoice {
  const possible = nameMapping(project, entity.id, table.id)
  return {
    choice: { kind: 'map-by-name', entity: entity.id, table: table.id },
    label: `Map ${entity.name} by name to ${table.name}…`,
    note:
      possible.kind === 'possible'
        ? `${matching(possible.mapping)} of ${counted(matchable(entity), 'attribute')} match`
        : null,
    disabled: possible.kind === 'possible' ? null : possible.reason,
  }
}

export function addChild(project: Model, table: ServerEntity, entity: LocalEntity, root: ServerEntity): LabelledChoice {
  const disabled =
    whyNotSynced(project, table) ?? whyNoChild(project, table, entity, root) ?? onDeviceAlready(project, table)
  // What all cards are to each other is asked only where it matters: a menu asks this of each card.
  const change = disabled === null ? parentChange(project, entity.id) : null
  return {
    choice: { kind: 'add-child', parent: entity.id, root: table.id },
    label: `Add ${table.name} as a child…`,
    note:
      change === null
        ? `its rows sync with the ${entity.name} that they belong to`
        : `${entity.name} becomes ${patternOf('one-to-many').title}`,
    disabled,
  }
}

function whyNoChild(project: Model, table: ServerEntity, entity: LocalEntity, root: ServerEntity): string | null {
  if (refersTo(table, root)) return null
  const [way] = shortestPaths(project, table.id, root.id)
  const first = way && followPath(project, table.id, way.slice(0, 1))?.end.name
  return first === undefined
    ? `“${table.name}” does not refer to “${root.name}”, so none of its rows belong to one of “${entity.name}”.`
    : `“${table.name}” refers to “${root.name}” by way of “${first}” only: add it as a child of that.`
}

export function denormaliseMany(
  project: Model,
  table: ServerEntity,
  entity: LocalEntity,
  root: ServerEntity,
  path: readonly string[],
): LabelledChoice {
  return {
    choice: { kind: 'denormalise-many', entity: entity.id, path },
    label: `Denormalise attributes of ${table.name}…`,
    note: `via ${pathLabel(project, root.id, path)}`,
    disabled: null,
  }
}

export const cannotDenormalise = (
  project: Model,
  table: ServerEntity,
  entity: LocalEntity,
  root: ServerEntity,
): LabelledChoice => ({
  choice: { kind: 'denormalise-many', entity: entity.id, path: [] },
  label: `Denormalise attributes of ${table.name}…`,
  note: null,
  disabled:
    shortestPaths(project, table.id, root.id).length > 0
      ? `One ${root.name} has many ${table.name}, so that no single value of theirs belongs into its row.`
      : `No foreign key leads from “${root.name}” to “${table.name}”.`,
})

export const ownEntity = (project: Model, table: ServerEntity): LabelledChoice => ({
  choice: { kind: 'add-entity', root: table.id, attributes: null },
  label: `Bring ${table.name} as an entity of its own…`,
  note: null,
  disabled: whyNotSynced(project, table) ?? onDeviceAlready(project, table),
})

export const showCard = ({ id, name }: LocalEntity, table: ServerEntity): LabelledChoice => ({
  choice: { kind: 'show-card', entity: id },
  label: `Go to the card ${name}`,
  note: `${table.name} is on the device already`,
  disabled: null,
})

/** Why no rows of the table can be on a device, or null. */
export function whyNotSynced(project: Model, table: ServerEntity): string | null {
  const sync = syncable(table)
  return sync.kind === 'not-syncable' ? sync.reason : keyNotOnDevice(project, table)
}

const refersTo = (from: ServerEntity, to: ServerEntity): boolean =>
  Object.values(from.foreignKeys).some(({ entity }) => entity === to.id)
