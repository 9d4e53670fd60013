/** Local entities become the bundle's entities, parents first, with all that the generated types need. */

import type { EntityContract, ReferenceContract } from '@syncline/runtime/contract'
import {
  attributeOrigin,
  deviceType,
  inOrder,
  type LocalAttribute,
  type LocalEntity,
  originType,
  type Project,
  pascalCase,
  type ServerAttribute,
  type ServerEntity,
} from '@/designer/model'
import type { AttributeIr, EntityIr } from '../ir'
import { companionNames, withCompanions } from './companions'
import { deviceDefault } from './defaults'
import { readDerived } from './derived'
import { localIds } from './local-ids'
import { readOwnDefault } from './own-default'
import { lowerPattern } from './patterns'
import { readScope } from './scopes/read-scope'
import type { LoweredTypes } from './types'
import { takesDate, typescriptType } from './typescript-types'

export function lowerEntities(project: Project, types: LoweredTypes): EntityIr[] {
  const localOfRoot = new Map(inOrder(project.localEntities).map(([, entity]) => [entity.root, entity]))
  const names = companionNames(project)
  const entities = inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    return root === undefined
      ? []
      : withCompanions(lowerEntity(project, { types, localOfRoot }, id, entity, root), entity, names)
  })
  return parentsFirst(entities)
}

interface Context {
  readonly types: LoweredTypes
  readonly localOfRoot: ReadonlyMap<string, LocalEntity>
}

function lowerEntity(
  project: Project,
  { types, localOfRoot }: Context,
  id: string,
  entity: LocalEntity,
  root: ServerEntity,
): EntityIr {
  const attributes = inOrder(entity.attributes).flatMap(([, attribute]) => {
    const { source } = attribute
    const server = source.kind === 'root' ? root.attributes[source.attribute] : undefined
    return server === undefined
      ? lowerDerived(project, types, entity, root, attribute)
      : [lowerAttribute(project, types, entity, root, server, attribute)]
  })
  const localId = localIds(entity)
  const contract: EntityContract = {
    id,
    name: pascalCase(entity.name),
    table: entity.name,
    server: { id: root.id, schema: root.schema, table: root.name },
    attributes: attributes.map((attribute) => attribute.contract),
    key: root.primaryKey.flatMap((attribute) => localId.get(attribute) ?? []),
    keyStrategy: entity.keyStrategy,
    direction: entity.direction,
    pattern: lowerPattern(project, entity, root),
    references: references(localOfRoot, entity, root),
    uniques: root.uniques
      .map((unique) => unique.attributes.map((attribute) => localId.get(attribute)))
      .filter((unique): unique is string[] =>
        // What is encrypted differs with each writing, so that a device can't tell whether it is unique.
        unique.every((attribute) => attribute !== undefined && !entity.attributes[attribute]?.sensitive),
      )
      .sort((a, b) => compare(a.join(), b.join())),
    indexes: Object.values(entity.indexes)
      .sort((a, b) => compare(a.id, b.id))
      .map(({ attributes: indexed, unique }) => ({ attributes: [...indexed], unique })),
    scope: {
      read: readScope(project, root, entity.scope).rule,
      write: entity.writeScope === null ? null : readScope(project, root, entity.writeScope).rule,
    },
  }
  return { contract, attributes, companionOf: null }
}

function lowerAttribute(
  project: Project,
  types: LoweredTypes,
  entity: LocalEntity,
  root: ServerEntity,
  server: ServerAttribute,
  local: LocalAttribute,
): AttributeIr {
  const isKey = root.primaryKey.includes(server.id)
  const readOnly = local.readOnly || server.generated !== null
  const file = local.transfer === 'file' && (server.type === 'bytea' || server.type === 'text') ? server.type : null
  // A default would be in clear text, and would be no name of a content.
  const value =
    local.sensitive || file !== null ? null : (ownDefault(project, server, local) ?? deviceDefault(project, server))
  const type = server.typeId === null ? undefined : project.serverTypes[server.typeId]
  const nullableOnServer = server.nullable && !(type?.kind === 'domain' && !type.nullable)
  const writes = entity.direction !== 'down'
  // What only the server can fill in is null on the device until it has.
  const filledByServer =
    writes &&
    value === null &&
    (readOnly ||
      server.default !== null ||
      server.identity !== null ||
      (type?.kind === 'domain' && type.default !== null))
  const nullable = !isKey && (nullableOnServer || filledByServer)
  const keyIsMade = isKey && entity.keyStrategy !== 'natural'
  const required = local.required && nullable && writes && !readOnly
  return {
    contract: {
      // A name and the value itself are no values of one attribute: edits that wait for the one are none of the other.
      id: file === null ? local.id : `${local.id}_file`,
      name: local.name,
      column: server.name,
      type: file === null ? typeName(project, types, server) : 'text',
      nullable,
      default: keyIsMade ? null : value,
      readOnly,
      sensitive: local.sensitive,
      ...(required ? { required } : {}),
      ...(file === null ? {} : { file }),
    },
    ...(file === null ? valueTypes(project, server) : { typescript: 'string', takesDate: false }),
    isKey,
    onCreate:
      !writes || readOnly || (isKey && entity.keyStrategy === 'server')
        ? 'never'
        : (nullable && !required) || value !== null || keyIsMade
          ? 'optional'
          : 'required',
    onUpdate: !writes || readOnly || isKey || entity.pattern.kind === 'append-only' ? 'never' : 'optional',
  }
}

/** The attribute's own default; what is no constant of its type was told before. */
function ownDefault(project: Project, server: ServerAttribute, local: LocalAttribute): string | null {
  const read = local.default === null ? null : readOwnDefault(project, server, local.default)
  return read?.kind === 'default' ? read.expression : null
}

/** What the server works out for each row that it sends: null where there is nothing, and in a new row. */
function lowerDerived(
  project: Project,
  types: LoweredTypes,
  entity: LocalEntity,
  root: ServerEntity,
  attribute: LocalAttribute,
): AttributeIr[] {
  const type = originType(attributeOrigin(project, entity, attribute))
  const read = readDerived(project, root, attribute)
  if (type === null || read?.kind !== 'derived') return []
  const { id, name, sensitive } = attribute
  return [
    {
      contract: {
        id,
        name,
        column: read.column,
        type: typeName(project, types, type),
        nullable: true,
        default: null,
        readOnly: true,
        sensitive,
        derived: read.source,
      },
      ...valueTypes(project, type),
      isKey: false,
      onCreate: 'never',
      onUpdate: 'never',
    },
  ]
}

type Typed = Pick<ServerAttribute, 'type' | 'typeId'>

/** As the device's database calls it: enums and domains have names of their own there. */
function typeName(project: Project, types: LoweredTypes, typed: Typed): string {
  const onDevice = deviceType(project, typed)
  const named = onDevice === null || onDevice.serverType === null ? undefined : types.nameOf.get(onDevice.serverType.id)
  return named === undefined ? typed.type : `${named}${onDevice?.suffix ?? ''}`
}

function valueTypes(project: Project, typed: Typed): Pick<AttributeIr, 'typescript' | 'takesDate'> {
  const value = deviceType(project, typed)?.value
  return {
    typescript: value === undefined ? 'never' : typescriptType(value),
    takesDate: value !== undefined && takesDate(value),
  }
}

/** Those whose two ends are on the device with all their attributes. */
function references(localOfRoot: Context['localOfRoot'], entity: LocalEntity, root: ServerEntity): ReferenceContract[] {
  const localId = localIds(entity)
  return Object.values(root.foreignKeys)
    .sort((a, b) => compare(a.id, b.id))
    .flatMap((foreignKey) => {
      const target = localOfRoot.get(foreignKey.entity)
      if (target === undefined) return []
      const targetLocalId = localIds(target)
      const attributes = foreignKey.attributes.flatMap((attribute) => localId.get(attribute) ?? [])
      const referencedAttributes = foreignKey.referencedAttributes.flatMap(
        (attribute) => targetLocalId.get(attribute) ?? [],
      )
      const complete =
        attributes.length === foreignKey.attributes.length &&
        referencedAttributes.length === foreignKey.referencedAttributes.length
      return complete ? [{ attributes, entity: target.id, referencedAttributes, onDelete: foreignKey.onDelete }] : []
    })
}

/** Depth first along the references; one that closes a circle is passed over. */
function parentsFirst(entities: readonly EntityIr[]): EntityIr[] {
  const byId = new Map(entities.map((entity) => [entity.contract.id, entity]))
  const visited = new Set<string>()
  const ordered: EntityIr[] = []
  const visit = (entity: EntityIr): void => {
    if (visited.has(entity.contract.id)) return
    visited.add(entity.contract.id)
    for (const reference of entity.contract.references) {
      const parent = byId.get(reference.entity)
      if (parent !== undefined) visit(parent)
    }
    ordered.push(entity)
  }
  for (const entity of entities) visit(entity)
  return ordered
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
