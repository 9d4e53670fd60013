/** Rules on the settings of patterns: that they speak of what is there, and can do what they say. */
import {
  deviceType,
  inOrder,
  type LocalEntity,
  type MergePolicy,
  type Pattern,
  type Project,
  type ServerEntity,
} from '@/designer/model'
import { localIds } from '../2-lower/local-ids'
import { type Diagnostic, diagnostic } from '../diagnostics'

export const checkPatterns = (project: Project): Diagnostic[] =>
  inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    return root === undefined ? [] : settings(project, id, entity, root)
  })

function settings(project: Project, id: string, entity: LocalEntity, root: ServerEntity): Diagnostic[] {
  const { pattern } = entity
  switch (pattern.kind) {
    case 'read-only':
    case 'read-only-delta':
    case 'last-write-wins':
    case 'append-only':
      return []
    case 'conflict-detection':
      return [...conflicts(project, id, entity, pattern), ...resolutions(project, id, entity, root, pattern)]
    case 'one-to-many':
      return [...conflicts(project, id, entity, pattern), ...children(project, id, entity, pattern.children)]
    case 'merge':
      return policies(project, id, entity, root, pattern.attributes)
    case 'on-demand':
      return pattern.parent === null ? [] : parent(id, entity, root, pattern.parent)
  }
}

function conflicts(
  project: Project,
  id: string,
  entity: LocalEntity,
  { handler, resolution, blocksSync }: Extract<Pattern, { kind: 'conflict-detection' | 'one-to-many' }>,
): Diagnostic[] {
  const target = { kind: 'localEntity', id } as const
  const found: Diagnostic[] = []
  if (handler !== null && project.conflictHandlers[handler] === undefined) {
    found.push(
      diagnostic(
        'SL2016',
        target,
        `"${entity.name}" names the conflict handler ${handler}, which is not in the project. Use a built-in one.`,
        { title: 'Use the built-in handler', edit: { kind: 'use-built-in-handler', entity: id } },
      ),
    )
  }
  if (blocksSync && handler === null && (resolution === 'keep-local' || resolution === 'keep-server')) {
    found.push(
      diagnostic(
        'SL2017',
        target,
        `"${entity.name}" blocks sync while a conflict waits, but its handler ${resolution} leaves none waiting.`,
        { title: 'Do not block sync', edit: { kind: 'no-blocking', entity: id } },
      ),
    )
  }
  return found
}

function children(project: Project, id: string, entity: LocalEntity, names: readonly string[]): Diagnostic[] {
  const target = { kind: 'localEntity', id } as const
  const key = project.serverEntities[entity.root]?.id
  return names.flatMap((childId): Diagnostic[] => {
    const child = project.localEntities[childId]
    const remove = { title: 'Take it out', edit: { kind: 'remove-child', entity: id, child: childId } } as const
    const local = child === undefined ? new Map<string, string>() : localIds(child)
    const refers = Object.values(project.serverEntities[child?.root ?? '']?.foreignKeys ?? {}).some(
      (foreignKey) => foreignKey.entity === key && foreignKey.attributes.every((attribute) => local.has(attribute)),
    )
    if (child === undefined || childId === id || !refers) {
      return [
        diagnostic(
          'SL2013',
          target,
          `"${child?.name ?? childId}" is to be part of "${entity.name}", but ${
            child === undefined
              ? 'is not in the project'
              : childId === id
                ? 'is the same entity'
                : 'has no reference to it on the device'
          }. Take it out.`,
          remove,
        ),
      ]
    }
    if (child.direction === 'both') return []
    return [
      diagnostic(
        'SL2014',
        target,
        `"${child.name}" is part of "${entity.name}" but has the direction "${child.direction}", so that a device could not delete it with its parent. Choose "both" for it, or take it out.`,
        remove,
      ),
    ]
  })
}

/** What is larger or smaller has to be known for values as text, on devices and servers alike. */
const ORDERED = /^(smallint|integer|bigint|oid|numeric\b.*|real|double precision|date|timestamp\b.*|time\b.*)$/

/** Which value stays, by attribute: of attributes that are there and, where values are compared, have a plain order. */
function resolutions(
  project: Project,
  id: string,
  entity: LocalEntity,
  root: ServerEntity,
  { attributes }: Extract<Pattern, { kind: 'conflict-detection' }>,
): Diagnostic[] {
  return Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([attributeId, by]): Diagnostic[] => {
      if (by === 'park') return []
      const fix = {
        title: 'Let a person decide',
        edit: { kind: 'merge-latest', entity: id, attribute: attributeId },
      } as const
      const attribute = entity.attributes[attributeId]
      if (attribute === undefined) {
        return [
          diagnostic(
            'SL2018',
            { kind: 'localEntity', id },
            `"${entity.name}" says what stays of the attribute ${attributeId}, which it does not have.`,
            fix,
          ),
        ]
      }
      if (by !== 'larger' && by !== 'smaller') return []
      const server = attribute.source.kind === 'root' ? root.attributes[attribute.source.attribute] : undefined
      const named = server?.typeId == null ? undefined : project.serverTypes[server.typeId]
      const type = named?.kind === 'domain' ? named.baseType : (server?.type ?? '')
      if (server === undefined || ORDERED.test(type)) return []
      return [
        diagnostic(
          'SL2018',
          { kind: 'localAttribute', entity: id, id: attributeId },
          `Of "${attribute.name}" of "${entity.name}" the ${by} value is to stay, which takes a number, a date or a time; it is ${server.type}. Let a person decide, or the later edit.`,
          fix,
        ),
      ]
    })
}

const NUMBER = /^(smallint|integer|bigint|numeric\b.*|real|double precision)$/

function policies(
  project: Project,
  id: string,
  entity: LocalEntity,
  root: ServerEntity,
  given: Readonly<Record<string, MergePolicy>>,
): Diagnostic[] {
  return Object.entries(given)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([attributeId, policy]): Diagnostic[] => {
      if (policy === 'latest') return []
      const fix = { title: 'Use latest', edit: { kind: 'merge-latest', entity: id, attribute: attributeId } } as const
      const attribute = entity.attributes[attributeId]
      if (attribute === undefined) {
        return [
          diagnostic(
            'SL2018',
            { kind: 'localEntity', id },
            `"${entity.name}" merges the attribute ${attributeId}, which it does not have.`,
            fix,
          ),
        ]
      }
      const server = attribute.source.kind === 'root' ? root.attributes[attribute.source.attribute] : undefined
      if (server === undefined) return []
      const named = server.typeId === null ? undefined : project.serverTypes[server.typeId]
      const type = named?.kind === 'domain' ? named.baseType : server.type
      const fits =
        policy === 'counter'
          ? NUMBER.test(type)
          : type === 'jsonb' || deviceType(project, server)?.value.kind === 'array'
      if (root.primaryKey.includes(server.id)) {
        return [
          diagnostic(
            'SL2018',
            { kind: 'localAttribute', entity: id, id: attributeId },
            `"${attribute.name}" of "${entity.name}" belongs to the key, which is never merged. Use latest.`,
            fix,
          ),
        ]
      }
      if (fits) return []
      const needs = policy === 'counter' ? 'a number' : 'an array or jsonb'
      return [
        diagnostic(
          'SL2018',
          { kind: 'localAttribute', entity: id, id: attributeId },
          `"${attribute.name}" of "${entity.name}" is merged as a ${policy}, which takes ${needs}; it is ${server.type}. Use latest.`,
          fix,
        ),
      ]
    })
}

function parent(id: string, entity: LocalEntity, root: ServerEntity, foreignKeyId: string): Diagnostic[] {
  const local = localIds(entity)
  const foreignKey = root.foreignKeys[foreignKeyId]
  const complete = foreignKey?.attributes.every((attribute) => local.has(attribute)) ?? false
  if (complete) return []
  return [
    diagnostic(
      'SL2015',
      { kind: 'localEntity', id },
      foreignKey === undefined
        ? `Rows of "${entity.name}" are chosen by a foreign key that "${root.name}" does not have (${foreignKeyId}). Choose another, or the key.`
        : `Rows of "${entity.name}" are chosen by ${foreignKey.name}, of which an attribute is left out on the device. Include it, or choose by the key.`,
      { title: 'Choose by the key', edit: { kind: 'choose-by-key', entity: id } },
    ),
  ]
}
