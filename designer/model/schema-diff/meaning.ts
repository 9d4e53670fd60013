/**
 * What a change of the server schema means for the local entities, in words: what stops working, what is
 * otherwise from now on, and what becomes possible.
 */
import { deviceType } from '../device-types'
import { possibleKeyStrategies, syncable } from '../keys'
import type { LocalEntity, Project, ServerAttribute, ServerEntity, ServerSchema } from '../project'
import type { SchemaChange } from './schema-change'
import { type Use, usesOfSchema, type WrittenSql } from './uses'

export interface Meaning {
  readonly weight: 'breaks' | 'changes' | 'offers'
  /** The local entity that it is about, if it is about one. */
  readonly localEntity: string | null
  readonly text: string
}

/** Answers, for each change between the project's schema and `read`, what it means. `read` has the project's ids. */
export function createMeaning(project: Project, read: ServerSchema): (change: SchemaChange) => readonly Meaning[] {
  const uses = usesOfSchema(project)
  const old = (entity: string): ServerEntity | undefined => project.serverEntities[entity]
  const now = (entity: string): ServerEntity | undefined => read.serverEntities[entity]
  const rootedIn = (entity: string): LocalEntity[] =>
    uses.of(entity).flatMap((use) => (use.kind === 'root' ? use.entity : []))

  return (change) => {
    switch (change.kind) {
      case 'entity-added': {
        const entity = now(change.entity)
        if (entity === undefined) return []
        const can = syncable(entity)
        return [offers(null, can.kind === 'syncable' ? 'Can be put on the device.' : can.reason)]
      }
      case 'entity-removed':
        return rootedIn(change.entity).map((local) =>
          breaks(
            local,
            `“${local.name}” has no table any more and can’t be synced. Remove it, or keep the table here.`,
          ),
        )
      case 'entity-renamed':
        return [
          ...rootedIn(change.entity).map((local) =>
            changes(local, `“${local.name}” follows it. On the device the table is still called “${local.name}”.`),
          ),
          ...uses.mentioning(change.from.name).map((sql) => mentioned(sql, change.from.name)),
        ]
      case 'entity-kind': {
        const entity = now(change.entity)
        const can = entity === undefined ? null : syncable(entity)
        if (can?.kind !== 'not-syncable') return []
        return rootedIn(change.entity).map((local) => breaks(local, can.reason))
      }
      case 'attribute-added':
        return addedAttribute(rootedIn(change.entity), now(change.entity)?.attributes[change.attribute])
      case 'attribute-removed': {
        const name = old(change.entity)?.attributes[change.attribute]?.name ?? change.attribute
        return [
          ...uses.of(change.attribute).map(lostAttribute),
          ...uses.mentioning(name).map((sql) => mentioned(sql, name)),
        ]
      }
      case 'attribute-renamed':
        return [
          ...uses
            .of(change.attribute)
            .flatMap((use) =>
              use.kind === 'attribute'
                ? changes(use.entity, `“${use.entity.name}.${use.attribute.name}” follows it, and keeps its own name.`)
                : [],
            ),
          ...uses.mentioning(change.from).map((sql) => mentioned(sql, change.from)),
        ]
      case 'attribute-type': {
        const attribute = now(change.entity)?.attributes[change.attribute]
        const onDevice = attribute === undefined ? null : deviceType(read, attribute)
        return uses.of(change.attribute).flatMap((use) => {
          if (use.kind === 'scope')
            return changes(
              use.entity,
              `The ${use.which} of “${use.entity.name}” compares it: see whether it still fits.`,
            )
          if (use.kind !== 'attribute') return []
          const name = `“${use.entity.name}.${use.attribute.name}”`
          return onDevice === null
            ? breaks(use.entity, `A device doesn’t have the type ${change.to}: ${name} can’t stay.`)
            : changes(use.entity, `${name} becomes ${change.to} on devices too.`)
        })
      }
      case 'attribute-nullable':
        return uses
          .of(change.attribute)
          .flatMap((use) =>
            use.kind === 'attribute' && use.attribute.source.kind === 'root' && writes(use.entity)
              ? changes(
                  use.entity,
                  change.to
                    ? `A device may leave “${use.entity.name}.${use.attribute.name}” empty.`
                    : `A device has to give “${use.entity.name}.${use.attribute.name}” a value.`,
                )
              : [],
          )
      case 'attribute-filling':
        return []
      case 'key':
        return rootedIn(change.entity).map((local) => changedKey(local, now(change.entity)))
      case 'uniques':
        return []
      case 'reference-added': {
        const name = now(now(change.entity)?.foreignKeys[change.foreignKey]?.entity ?? '')?.name
        return rootedIn(change.entity).map((local) =>
          offers(local, `“${local.name}” can read attributes of ${name} along it, and follow its scope.`),
        )
      }
      case 'reference-removed':
        return uses.of(change.foreignKey).map(lostReference)
      case 'reference-changed':
        return uses
          .of(change.foreignKey)
          .map((use) => changes(use.entity, `“${use.entity.name}” reads along it: see whether it still leads there.`))
      case 'type-added':
      case 'type-renamed':
        return []
      case 'type-removed':
      case 'type-changed':
        return changedType(project, read, change.type, uses.of)
      case 'details':
        return []
    }
  }
}

const meaning =
  (weight: Meaning['weight']) =>
  (local: LocalEntity | null, text: string): Meaning => ({ weight, localEntity: local?.id ?? null, text })
const breaks = meaning('breaks')
const changes = meaning('changes')
const offers = meaning('offers')

const writes = (entity: LocalEntity): boolean => entity.direction !== 'down'

function addedAttribute(locals: readonly LocalEntity[], attribute: ServerAttribute | undefined): Meaning[] {
  if (attribute === undefined) return []
  const filled = attribute.default ?? attribute.identity ?? attribute.generated
  return locals.map((local) =>
    !attribute.nullable && filled === null && writes(local)
      ? breaks(local, `It needs a value: rows that devices make are refused until “${local.name}” has it.`)
      : offers(local, `Can be added to “${local.name}”.`),
  )
}

function lostAttribute(use: Use): Meaning {
  const { entity } = use
  switch (use.kind) {
    case 'root':
    case 'on-demand':
      return breaks(entity, `“${entity.name}” needs it.`)
    case 'attribute':
      return use.attribute.source.kind === 'denormalised'
        ? breaks(
            entity,
            `“${entity.name}.${use.attribute.name}” reads it along foreign keys, and has no source any more.`,
          )
        : breaks(entity, `“${entity.name}.${use.attribute.name}” has no source any more.`)
    case 'index':
      return breaks(entity, `An index of “${entity.name}” is over it.`)
    case 'scope':
      return breaks(entity, `The ${use.which} of “${entity.name}” speaks of it, and can’t be evaluated any more.`)
  }
}

function lostReference(use: Use): Meaning {
  const { entity } = use
  switch (use.kind) {
    case 'attribute':
      return breaks(entity, `“${entity.name}.${use.attribute.name}” is read along it, and has no path any more.`)
    case 'scope':
      return breaks(entity, `The ${use.which} of “${entity.name}” leads along it, and can’t be evaluated any more.`)
    case 'on-demand':
      return breaks(entity, `Rows of “${entity.name}” are asked for by it: choose another way.`)
    case 'root':
    case 'index':
      return breaks(entity, `“${entity.name}” needs it.`)
  }
}

function mentioned(written: WrittenSql, name: string): Meaning {
  const what =
    written.kind === 'scope'
      ? `The ${written.which} of “${written.entity.name}”`
      : `“${written.entity.name}.${written.attribute.name}”`
  return breaks(written.entity, `${what} mentions ${name} in its SQL: correct it there.`)
}

function changedKey(local: LocalEntity, now: ServerEntity | undefined): Meaning {
  if (now === undefined || now.primaryKey.length === 0)
    return breaks(local, `“${local.name}” has no primary key any more, so it can’t be synced.`)
  const taken = new Set(
    Object.values(local.attributes).flatMap(({ source }) => (source.kind === 'root' ? source.attribute : [])),
  )
  const missing = now.primaryKey.filter((id) => !taken.has(id)).map((id) => now.attributes[id]?.name ?? id)
  if (missing.length > 0)
    return breaks(local, `“${local.name}” has to take ${missing.join(' and ')}, which the key is made of now.`)
  return possibleKeyStrategies(now).includes(local.keyStrategy)
    ? changes(local, `Rows of “${local.name}” are told apart by it.`)
    : breaks(local, `Keys of “${local.name}” can’t be made as before: choose another way.`)
}

function changedType(
  project: Project,
  read: ServerSchema,
  type: string,
  usesOf: (attribute: string) => readonly Use[],
): Meaning[] {
  const [old, now] = [project.serverTypes[type], read.serverTypes[type]]
  const lost =
    old?.kind === 'enum' && now?.kind === 'enum' ? old.values.filter((value) => !now.values.includes(value)) : []
  const attributes = Object.values(project.serverEntities).flatMap((entity) =>
    Object.values(entity.attributes).filter(({ typeId }) => typeId === type),
  )
  return attributes.flatMap(({ id }) =>
    usesOf(id).flatMap((use) => {
      if (use.kind !== 'attribute') return []
      const name = `“${use.entity.name}.${use.attribute.name}”`
      return lost.length > 0
        ? breaks(use.entity, `${name} can’t be ${lost.map((value) => `“${value}”`).join(' or ')} any more.`)
        : changes(use.entity, `${name} follows it.`)
    }),
  )
}
