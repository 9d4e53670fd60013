/** Which indexes a device can keep. */
import { attributeOrigin, originType } from './attribute-origin'
import { deviceType } from './device-types'
import { inOrder } from './operations/order'
import type { LocalAttribute, LocalEntity, Project, ServerEntity } from './project'

const WITHOUT_ORDER = /^(json|xml|point|line|lseg|box|path|polygon|circle|jsonpath|xid)$/

/** Why an attribute can't be in an index, as the rest of a sentence about it; null where it can. */
export function whyNotIndexed(
  project: Pick<Project, 'serverEntities' | 'serverTypes'>,
  entity: LocalEntity,
  attribute: LocalAttribute,
): string | null {
  const type = originType(attributeOrigin(project, entity, attribute))
  if (type === null || deviceType(project, type) === null) return null
  if (WITHOUT_ORDER.test(type.type)) return `its type ${type.type} has no order`
  return null
}

/** True where the server promises that no two rows have the same values there: the set holds one that is unique. */
export function isUniqueOnServer(entity: LocalEntity, root: ServerEntity, attributes: readonly string[]): boolean {
  const local = new Map(
    inOrder(entity.attributes).flatMap(([id, { source }]) =>
      source.kind === 'root' ? [[source.attribute, id] as const] : [],
    ),
  )
  return [root.primaryKey, ...root.uniques.map((unique) => unique.attributes)].some(
    (set) => set.length > 0 && set.every((part) => attributes.includes(local.get(part) ?? '')),
  )
}
