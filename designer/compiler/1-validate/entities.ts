/** Rules on local entities: that the root can be synced, and pattern, direction and keys fit together. */
import {
  DIRECTIONS_OF_PATTERN,
  inOrder,
  type LocalEntity,
  type Project,
  possibleKeyStrategies,
  type ServerEntity,
  syncable,
} from '@/designer/model'
import { type Diagnostic, diagnostic, type Fix } from '../diagnostics'

const OWN_SCHEMAS: ReadonlySet<string> = new Set(['syncline', '_syncline'])

export function checkEntities(project: Project): Diagnostic[] {
  const firstOfRoot = new Map<string, string>()
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const target = { kind: 'localEntity', id } as const
    const remove: Fix = { title: `Remove ${entity.name}`, edit: { kind: 'remove-entity', entity: id } }
    const root = project.serverEntities[entity.root]
    if (root === undefined) {
      return [
        diagnostic(
          'SL2001',
          target,
          `The table that "${entity.name}" was made of is not in the schema any more. Remove the local entity, or import a schema that has the table.`,
          remove,
        ),
      ]
    }
    const canSync = syncable(root)
    if (canSync.kind === 'not-syncable') {
      const code = root.kind === 'table' || root.kind === 'partitioned-table' ? 'SL2002' : 'SL2003'
      return [diagnostic(code, target, `"${entity.name}" can't be synced. ${canSync.reason}`, remove)]
    }
    const twin = firstOfRoot.get(root.id)
    if (twin === undefined) firstOfRoot.set(root.id, entity.name)
    return [
      ...(OWN_SCHEMAS.has(root.schema)
        ? [
            diagnostic(
              'SL2009',
              target,
              `"${entity.name}" is made of a table in the schema "${root.schema}", which Syncline uses itself. Remove it.`,
              remove,
            ),
          ]
        : []),
      ...(twin === undefined
        ? []
        : [
            diagnostic(
              'SL2005',
              target,
              `"${entity.name}" and "${twin}" are both made of the table "${root.name}". Keep one of them.`,
              remove,
            ),
          ]),
      ...direction(id, entity),
      ...keys(id, entity, root),
    ]
  })
}

function direction(id: string, entity: LocalEntity): Diagnostic[] {
  const allowed = DIRECTIONS_OF_PATTERN[entity.pattern.kind]
  if (allowed.includes(entity.direction)) return []
  return [
    diagnostic(
      'SL2007',
      { kind: 'localEntity', id },
      `"${entity.name}" has the direction "${entity.direction}", which ${entity.pattern.kind} can't have. Choose ${allowed.join(' or ')}, or another pattern.`,
      { title: `Use the direction ${allowed[0]}`, edit: { kind: 'use-default-direction', entity: id } },
    ),
  ]
}

function keys(id: string, entity: LocalEntity, root: ServerEntity): Diagnostic[] {
  const target = { kind: 'localEntity', id } as const
  const included = new Set(
    Object.values(entity.attributes).flatMap(({ source }) => (source.kind === 'root' ? [source.attribute] : [])),
  )
  const leftOut = root.primaryKey.filter((attribute) => !included.has(attribute))
  const possible = possibleKeyStrategies(root)
  return [
    ...(leftOut.length === 0
      ? []
      : [
          diagnostic(
            'SL2004',
            target,
            `"${entity.name}" leaves out ${named(root, leftOut)} of its key. Include the whole key.`,
            { title: 'Include the key', edit: { kind: 'include-attributes', entity: id, serverAttributes: leftOut } },
          ),
        ]),
    ...(possible.includes(entity.keyStrategy)
      ? []
      : [
          diagnostic(
            'SL2008',
            target,
            `Keys of "${entity.name}" can't be made by "${entity.keyStrategy}": its key is ${named(root, root.primaryKey)}. Choose ${possible.join(' or ')}.`,
            { title: `Choose ${possible[0] ?? 'natural'}`, edit: { kind: 'use-default-keys', entity: id } },
          ),
        ]),
  ]
}

const named = (root: ServerEntity, attributes: readonly string[]): string =>
  attributes.map((id) => `"${root.attributes[id]?.name ?? id}"`).join(', ')
