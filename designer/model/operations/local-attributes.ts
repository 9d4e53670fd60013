/** Operations on the attributes of a local entity. */
import type { Ids } from '../ids'
import { freeName, nameProblem } from '../names'
import type { LocalAttribute, LocalEntity, Project, ServerEntity } from '../project'
import { inOrder, nextOrder, orderBetween } from './order'
import { DONE, done, gone, type OperationResult, refused } from './result'

/** Takes one attribute of the root. Answers its id; an attribute that is there already keeps its id. */
export function addLocalAttribute(
  draft: Project,
  entityId: string,
  serverAttribute: string,
  ids: Ids,
): OperationResult<string> {
  const entity = draft.localEntities[entityId]
  if (entity === undefined) return gone('local entity')
  if (draft.serverEntities[entity.root]?.attributes[serverAttribute] === undefined) return gone('server attribute')
  addAttributesFromRoot(draft, entityId, [serverAttribute], ids)
  const added = attributeOfRoot(entity, serverAttribute)
  return added === undefined ? gone('server attribute') : done(added.id)
}

export function removeLocalAttribute(draft: Project, entityId: string, attributeId: string): OperationResult {
  const entity = draft.localEntities[entityId]
  const attribute = entity?.attributes[attributeId]
  if (entity === undefined || attribute === undefined) return gone('attribute')
  if (isKey(draft.serverEntities[entity.root], attribute)) {
    return refused(`"${attribute.name}" belongs to the key of "${entity.name}" and has to be on the device.`)
  }
  removeAttribute(entity, attributeId)
  return DONE
}

/**
 * Chooses which attributes of the root are on the device. Those of the key always are; attributes
 * that stay keep their id, name and settings; denormalised and computed ones are not touched.
 */
export function setLocalAttributes(
  draft: Project,
  entityId: string,
  serverAttributes: readonly string[],
  ids: Ids,
): OperationResult {
  const entity = draft.localEntities[entityId]
  if (entity === undefined) return gone('local entity')
  const root = draft.serverEntities[entity.root]
  for (const attribute of Object.values(entity.attributes)) {
    if (attribute.source.kind !== 'root' || isKey(root, attribute)) continue
    if (!serverAttributes.includes(attribute.source.attribute)) removeAttribute(entity, attribute.id)
  }
  addAttributesFromRoot(draft, entityId, serverAttributes, ids)
  return DONE
}

export function renameLocalAttribute(
  draft: Project,
  entityId: string,
  attributeId: string,
  name: string,
): OperationResult {
  const entity = draft.localEntities[entityId]
  const attribute = entity?.attributes[attributeId]
  if (entity === undefined || attribute === undefined) return gone('attribute')
  const problem = nameProblem(name)
  if (problem !== null) return refused(problem)
  const other = Object.values(entity.attributes).find((candidate) => candidate.name === name)
  if (other !== undefined && other.id !== attributeId) {
    return refused(`"${entity.name}" already has an attribute "${name}". Choose another name.`)
  }
  attribute.name = name
  return DONE
}

/**
 * Moves an attribute to another place among those of its entity: `position` counts from 0, without the attribute
 * itself. Its number goes between its neighbours', so that as a rule no other record changes.
 */
export function moveLocalAttribute(
  draft: Project,
  entityId: string,
  attributeId: string,
  position: number,
): OperationResult {
  const entity = draft.localEntities[entityId]
  const attribute = entity?.attributes[attributeId]
  if (entity === undefined || attribute === undefined) return gone('attribute')
  const before = inOrder(entity.attributes).map(([id]) => id)
  const others = before.filter((id) => id !== attributeId)
  const place = Math.max(0, Math.min(others.length, position))
  const ids = others.toSpliced(place, 0, attributeId)
  if (ids.join() === before.join()) return DONE
  const orderOf = (id: string | undefined): number | null => (id ? (entity.attributes[id]?.order ?? null) : null)
  const between = orderBetween(orderOf(others[place - 1]), orderOf(others[place]))
  if (between !== null) {
    attribute.order = between
    return DONE
  }
  ids.forEach((id, index) => {
    const other = entity.attributes[id]
    if (other !== undefined && other.order !== index + 1) other.order = index + 1
  })
  return DONE
}

/** Adds what is missing of the key and of the given attributes, in the server's order. */
export function addAttributesFromRoot(
  draft: Project,
  entityId: string,
  serverAttributes: readonly string[],
  ids: Ids,
): void {
  const entity = draft.localEntities[entityId]
  const root = entity === undefined ? undefined : draft.serverEntities[entity.root]
  if (entity === undefined || root === undefined) return
  const wanted = new Set([...root.primaryKey, ...serverAttributes])
  const present = new Set(
    Object.values(entity.attributes).flatMap(({ source }) => (source.kind === 'root' ? [source.attribute] : [])),
  )
  const missing = Object.values(root.attributes)
    .filter((attribute) => wanted.has(attribute.id) && !present.has(attribute.id))
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
  for (const attribute of missing) {
    const source = { kind: 'root', attribute: attribute.id } as const
    addAttribute(entity, { name: attribute.name, source, readOnly: attribute.generated !== null }, ids)
  }
}

/** Adds an attribute at the end, with a free name and plain settings. Answers its id. */
export function addAttribute(
  entity: LocalEntity,
  { name, source, readOnly }: Pick<LocalAttribute, 'name' | 'source' | 'readOnly'>,
  ids: Ids,
): string {
  const names = new Set(Object.values(entity.attributes).map((other) => other.name))
  const id = ids('localAttribute', `${entity.name}.${name}`, (taken) => taken in entity.attributes)
  entity.attributes[id] = {
    id,
    name: freeName(name, (candidate) => names.has(candidate)),
    order: nextOrder(entity.attributes),
    source,
    sensitive: false,
    readOnly,
    required: false,
    default: null,
    transfer: 'inline',
  }
  return id
}

const attributeOfRoot = (entity: LocalEntity, serverAttribute: string): LocalAttribute | undefined =>
  Object.values(entity.attributes).find(({ source }) => source.kind === 'root' && source.attribute === serverAttribute)

const isKey = (root: ServerEntity | undefined, attribute: LocalAttribute): boolean =>
  attribute.source.kind === 'root' && (root?.primaryKey.includes(attribute.source.attribute) ?? false)

/** Removes it with the indexes and policies that speak of it. */
export function removeAttribute(entity: LocalEntity, attributeId: string): void {
  delete entity.attributes[attributeId]
  for (const index of Object.values(entity.indexes)) {
    if (index.attributes.includes(attributeId)) delete entity.indexes[index.id]
  }
  if ('attributes' in entity.pattern) delete entity.pattern.attributes[attributeId]
}
