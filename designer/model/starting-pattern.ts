/** The settings that a pattern starts with on an entity: what its attributes and foreign keys suggest. */
import { deviceType } from './device-types'
import { isNumberedByServer } from './keys'
import { inOrder } from './operations/order'
import type {
  ConflictSettings,
  ForeignKey,
  LocalEntity,
  MergePolicy,
  Pattern,
  PatternKind,
  Project,
  ServerEntity,
} from './project'

type Schema = Pick<Project, 'localEntities' | 'serverEntities' | 'serverTypes'>

/** A conflict waits for a person, and nothing else waits for it. */
export const PARK: ConflictSettings = { handler: null, resolution: 'park', handledOn: 'server', blocksSync: false }

export const LAST_WRITE_WINS: Pattern = { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'attribute' }

export function startingPattern(project: Schema, entity: LocalEntity, kind: PatternKind): Pattern {
  switch (kind) {
    case 'read-only':
    case 'read-only-delta':
    case 'append-only':
      return { kind }
    case 'last-write-wins':
      return { ...LAST_WRITE_WINS }
    case 'conflict-detection':
      return { kind, granularity: 'row', ...PARK, attributes: {} }
    case 'one-to-many':
      return { kind, children: [...childrenOf(project, entity)], ...PARK }
    case 'merge':
      return { kind, attributes: policies(project, entity) }
    case 'on-demand':
      return { kind, parent: onlyParent(project, entity) }
  }
}

/**
 * Ids of the local entities whose rows are part of this one's: they refer to it, and not as something that may be
 * taken away. Where references go in a circle, the one that would close it makes no child: nothing is part of itself.
 */
export function childrenOf(project: Schema, entity: LocalEntity): readonly string[] {
  const children = aggregates(project).get(entity.id) ?? []
  return inOrder(project.localEntities).flatMap(([id]) => (children.includes(id) ? [id] : []))
}

/** All children of all entities; the same for each entity that is asked about, so that no two answers make a circle. */
function aggregates(project: Schema): ReadonlyMap<string, readonly string[]> {
  const localOfRoot = new Map(inOrder(project.localEntities).map(([id, { root }]) => [root, id]))
  const children = new Map<string, string[]>()
  const leadsTo = (from: string, to: string): boolean =>
    from === to || (children.get(from) ?? []).some((child) => leadsTo(child, to))
  for (const [id, { root }] of inOrder(project.localEntities)) {
    for (const { entity, onDelete } of foreignKeys(project.serverEntities[root])) {
      const parent = localOfRoot.get(entity)
      if (parent === undefined || onDelete === 'set-null' || onDelete === 'set-default' || leadsTo(id, parent)) continue
      const known = children.get(parent) ?? []
      if (!known.includes(id)) children.set(parent, [...known, id])
    }
  }
  return children
}

/** Counters where differences may be added up, sets where elements come and go; all else is `latest` without a word. */
function policies(project: Schema, entity: LocalEntity): Record<string, MergePolicy> {
  const root = project.serverEntities[entity.root]
  const identifies = new Set([
    ...(root?.primaryKey ?? []),
    ...foreignKeys(root).flatMap(({ attributes }) => attributes),
    ...(root?.uniques ?? []).flatMap(({ attributes }) => attributes),
  ])
  return Object.fromEntries(
    inOrder(entity.attributes).flatMap(([id, { source, readOnly }]): [string, MergePolicy][] => {
      const attribute = source.kind === 'root' ? root?.attributes[source.attribute] : undefined
      if (attribute === undefined || readOnly || identifies.has(attribute.id) || attribute.generated !== null) return []
      if (deviceType(project, attribute)?.value.kind === 'array') return [[id, 'set']]
      return COUNTED.has(attribute.type) && !isNumberedByServer(attribute) && !LABEL.test(attribute.name)
        ? [[id, 'counter']]
        : []
    }),
  )
}

/** Small numbers are mostly flags, states and places in a list: two edits of those never add up. */
const COUNTED: ReadonlySet<string> = new Set(['integer', 'bigint'])

/** Names of whole numbers that say which rather than how many: a flag, a state, a place, a time. */
const LABEL =
  /^(is|has|can|was|should|allow)_|(^|_)(flag|active|enabled|disabled|deleted|archived|discontinued|hidden|locked|status|state|level|kind|type|version|revision|rank|position|order|sort|priority|year|month|week|day|hour|age|code|number|no|nr|id)$/i

/** The foreign key to another entity on the device, if there is one and no other. */
function onlyParent(project: Schema, entity: LocalEntity): string | null {
  const roots = new Set(Object.values(project.localEntities).map(({ root }) => root))
  const included = new Set(
    Object.values(entity.attributes).flatMap(({ source }) => (source.kind === 'root' ? [source.attribute] : [])),
  )
  const keys = foreignKeys(project.serverEntities[entity.root]).filter(
    (key) =>
      key.entity !== entity.root &&
      roots.has(key.entity) &&
      key.attributes.every((attribute) => included.has(attribute)),
  )
  return keys.length === 1 ? (keys[0]?.id ?? null) : null
}

const foreignKeys = (root: ServerEntity | undefined): ForeignKey[] =>
  Object.values(root?.foreignKeys ?? {}).sort((a, b) => (a.id < b.id ? -1 : 1))
