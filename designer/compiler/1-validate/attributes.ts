/** Rules on attributes: sources and types that exist, and values that somebody is able to give. */
import {
  deviceType,
  inOrder,
  type LocalEntity,
  type Project,
  type ServerAttribute,
  type ServerEntity,
} from '@/designer/model'
import { defaultOnServer, deviceDefault } from '../2-lower/defaults'
import { type Diagnostic, diagnostic, type Fix } from '../diagnostics'

export function checkAttributes(project: Project): Diagnostic[] {
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    if (root === undefined) return []
    return [...eachAttribute(project, id, entity, root), ...leftOut(project, id, entity, root)]
  })
}

function eachAttribute(project: Project, id: string, entity: LocalEntity, root: ServerEntity): Diagnostic[] {
  const names = new Map<string, string>()
  const sources = new Map<string, string>()
  return inOrder(entity.attributes).flatMap(([attributeId, attribute]) => {
    const target = { kind: 'localAttribute', entity: id, id: attributeId } as const
    const label = `"${attribute.name}" of "${entity.name}"`
    const remove: Fix = {
      title: `Leave out ${attribute.name}`,
      edit: { kind: 'remove-attribute', entity: id, attribute: attributeId },
    }
    const found: Diagnostic[] = []
    const twinName = names.get(columnKey(attribute.name))
    if (twinName !== undefined) {
      found.push(
        diagnostic(
          'SL3001',
          target,
          twinName === attribute.name
            ? `"${entity.name}" has two attributes called "${attribute.name}". Rename one of them.`
            : `"${entity.name}" has attributes called "${twinName}" and "${attribute.name}", which are one column on SQLite. Rename one of them.`,
        ),
      )
    }
    names.set(columnKey(attribute.name), attribute.name)
    if (attribute.source.kind !== 'root') return found

    const server = root.attributes[attribute.source.attribute]
    if (server === undefined) {
      return [
        ...found,
        diagnostic(
          'SL3002',
          target,
          `The column of ${label} is not in the schema any more. Leave the attribute out.`,
          remove,
        ),
      ]
    }
    const twin = sources.get(server.id)
    sources.set(server.id, attribute.name)
    if (twin !== undefined) {
      found.push(
        diagnostic(
          'SL3006',
          target,
          `"${attribute.name}" and "${twin}" of "${entity.name}" are the same column "${server.name}". Keep one of them.`,
          remove,
        ),
      )
    }
    if (deviceType(project, server) === null) {
      found.push(
        diagnostic(
          'SL3003',
          target,
          `${label} has the type ${server.type}, which a device does not have. Leave the attribute out.`,
          remove,
        ),
      )
    }
    const isKey = root.primaryKey.includes(server.id)
    if (isKey && attribute.readOnly && entity.keyStrategy === 'natural' && creates(entity)) {
      found.push(
        diagnostic(
          'SL3007',
          target,
          `${label} belongs to the key and is read-only, so no row could be created. Allow writing it.`,
        ),
      )
    }
    // What comes on demand is only read.
    const readOnly = attribute.readOnly || attribute.transfer === 'on-demand'
    if (creates(entity) && !isKey) found.push(...givenBy(project, server, target, label, readOnly))
    return found
  })
}

/** SQLite tells columns apart without regard to the case of ASCII letters. */
const columnKey = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

function givenBy(
  project: Project,
  server: ServerAttribute,
  target: Diagnostic['target'],
  label: string,
  readOnly: boolean,
): Diagnostic[] {
  const onServer = defaultOnServer(project, server)
  if (readOnly && needsValue(project, server)) {
    return [
      diagnostic(
        'SL3004',
        target,
        `${label} must have a value and has no default on the server, but is read-only on the device: rows created there will be refused. Allow writing it, or give the column a default.`,
      ),
    ]
  }
  if (onServer === null || server.generated !== null || deviceDefault(project, server) !== null) return []
  return [
    diagnostic(
      'SL3005',
      target,
      `${label} is filled in by the server (${onServer}); a row made on the device has null there until it was synced.`,
    ),
  ]
}

function leftOut(project: Project, id: string, entity: LocalEntity, root: ServerEntity): Diagnostic[] {
  if (!creates(entity)) return []
  const included = new Set(
    Object.values(entity.attributes).flatMap(({ source }) => (source.kind === 'root' ? [source.attribute] : [])),
  )
  const missing = inOrder(root.attributes)
    .map(([, attribute]) => attribute)
    .filter(
      (attribute) =>
        !included.has(attribute.id) && !root.primaryKey.includes(attribute.id) && needsValue(project, attribute),
    )
  if (missing.length === 0) return []
  const names = missing.map(({ name }) => `"${name}"`).join(', ')
  return [
    diagnostic(
      'SL3004',
      { kind: 'localEntity', id },
      `"${entity.name}" leaves out ${names}, which must have a value and ${missing.length === 1 ? 'has' : 'have'} no default on the server: rows created on a device will be refused. Include ${missing.length === 1 ? 'it' : 'them'}, or make the entity read-only.`,
      // What a device has no type for can't be included.
      missing.every((attribute) => deviceType(project, attribute) !== null)
        ? {
            title: `Include ${missing.map(({ name }) => name).join(', ')}`,
            edit: {
              kind: 'include-attributes',
              entity: id,
              serverAttributes: missing.map((attribute) => attribute.id),
            },
          }
        : undefined,
    ),
  ]
}

const creates = (entity: LocalEntity): boolean => entity.direction !== 'down'

function needsValue(project: Project, attribute: ServerAttribute): boolean {
  const type = attribute.typeId === null ? undefined : project.serverTypes[attribute.typeId]
  const nullable = attribute.nullable && !(type?.kind === 'domain' && !type.nullable)
  return (
    !nullable &&
    attribute.identity === null &&
    attribute.generated === null &&
    defaultOnServer(project, attribute) === null
  )
}
