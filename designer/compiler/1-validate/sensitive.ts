/** What is encrypted on a device can't be compared there, so that it can't identify, refer or be sorted by. */
import { inOrder, type LocalAttribute, type LocalEntity, type Project, type ServerEntity } from '@/designer/model'
import { localIds } from '../2-lower/local-ids'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkSensitive(project: Project): Diagnostic[] {
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    if (root === undefined) return []
    return inOrder(entity.attributes).flatMap(([attributeId, attribute]) =>
      attribute.sensitive ? problems(project, id, entity, root, attributeId, attribute) : [],
    )
  })
}

function problems(
  project: Project,
  id: string,
  entity: LocalEntity,
  root: ServerEntity,
  attributeId: string,
  attribute: LocalAttribute,
): Diagnostic[] {
  const target = { kind: 'localAttribute', entity: id, id: attributeId } as const
  const server = attribute.source.kind === 'root' ? attribute.source.attribute : null
  const label = `"${attribute.name}" of "${entity.name}"`
  const why = whyNotSensitive(project, entity, attributeId)
  if (why !== null) {
    return [
      diagnostic('SL3008', target, `${label} is sensitive, but ${why}. Allow clear text, or leave it out.`, {
        title: 'Allow clear text',
        edit: { kind: 'not-sensitive', entity: id, attribute: attributeId },
      }),
    ]
  }
  if (
    entity.direction === 'down' ||
    !root.uniques.some(({ attributes }) => attributes.some((part) => part === server))
  ) {
    return []
  }
  return [
    diagnostic(
      'SL3009',
      target,
      `${label} is unique on the server and sensitive: a device can't check it, and a row with a value that is taken goes to quarantine.`,
    ),
  ]
}

/** Why an attribute can't be encrypted, as the rest of a sentence about it: `is indexed`; null where it can. */
export function whyNotSensitive(
  project: Pick<Project, 'localEntities' | 'serverEntities'>,
  entity: LocalEntity,
  attributeId: string,
): string | null {
  const root = project.serverEntities[entity.root]
  const source = entity.attributes[attributeId]?.source
  const server = source?.kind === 'root' ? source.attribute : null
  if (root === undefined) return null
  if (server !== null && root.primaryKey.includes(server)) return 'belongs to the key'
  const local = localIds(entity)
  const isOnDevice = (target: string): boolean =>
    Object.values(project.localEntities).some((other) => other.root === target)
  const refers = Object.values(root.foreignKeys).some(
    ({ attributes, entity: target }) =>
      server !== null &&
      attributes.includes(server) &&
      attributes.every((part) => local.has(part)) &&
      isOnDevice(target),
  )
  if (refers) return 'refers to another entity'
  const isReferredTo = Object.values(project.serverEntities).some(
    (other) =>
      isOnDevice(other.id) &&
      Object.values(other.foreignKeys).some(
        (key) => key.entity === root.id && server !== null && key.referencedAttributes.includes(server),
      ),
  )
  if (isReferredTo) return 'is referred to'
  const { pattern } = entity
  const parent = pattern.kind === 'on-demand' && pattern.parent !== null ? root.foreignKeys[pattern.parent] : undefined
  if (server !== null && parent?.attributes.includes(server)) return 'chooses the rows that are on the device'
  return Object.values(entity.indexes).some(({ attributes }) => attributes.includes(attributeId)) ? 'is indexed' : null
}
