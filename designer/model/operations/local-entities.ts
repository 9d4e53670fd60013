/** Operations on local entities as wholes. Each mutates an immer draft, or refuses and changes nothing. */
import { freePlace } from '../card-layout'
import { deviceType } from '../device-types'
import type { Ids } from '../ids'
import { defaultKeyStrategy, possibleKeyStrategies, syncable } from '../keys'
import { entityNameKey, freeName, nameProblem } from '../names'
import type { LocalEntity, Pattern, PatternKind, Placement, Project, ServerEntity } from '../project'
import type { Scope } from '../scope'
import { LAST_WRITE_WINS, startingPattern } from '../starting-pattern'
import { leaveGroups } from './groups'
import { addAttributesFromRoot } from './local-attributes'
import { nextOrder } from './order'
import { DONE, done, gone, type OperationResult, refused } from './result'
import { addToFirstUnit } from './sync-units'

/** The directions that a pattern can have; the first is the one a pattern starts with. */
export const DIRECTIONS_OF_PATTERN: Record<
  Pattern['kind'],
  readonly [LocalEntity['direction'], ...LocalEntity['direction'][]]
> = {
  'read-only': ['down'],
  'read-only-delta': ['down'],
  'last-write-wins': ['both', 'down', 'up'],
  'conflict-detection': ['both'],
  'one-to-many': ['both'],
  'append-only': ['up'],
  merge: ['both'],
  'on-demand': ['both', 'down'],
}

export interface NewLocalEntity {
  /** The server entity. */
  readonly root: string
  /** Server attributes to take; all that a device can hold if not given. The key's are always taken. */
  readonly attributes?: readonly string[]
  readonly position?: Pick<Placement, 'x' | 'y'>
  /** The pattern, with the settings that it starts with; `last-write-wins` if not given. */
  readonly pattern?: PatternKind
  readonly ids: Ids
}

/**
 * Makes a local entity of a server entity and puts it into the first sync unit, which is made with
 * the first entity. Answers the new entity's id.
 */
export function addLocalEntity(draft: Project, entity: NewLocalEntity): OperationResult<string> {
  const root = draft.serverEntities[entity.root]
  if (root === undefined) return gone('server entity')
  const canSync = syncable(root)
  if (canSync.kind === 'not-syncable') return refused(canSync.reason)
  const key = keyNotOnDevice(draft, root)
  if (key !== null) return refused(key)

  const kind = entity.pattern ?? 'last-write-wins'
  const name = freeName(root.name, (candidate) => entityNamed(draft, candidate) !== undefined)
  const id = entity.ids('localEntity', `${root.schema}.${root.name}/${name}`, (taken) => taken in draft.localEntities)
  draft.localEntities[id] = {
    id,
    name,
    order: nextOrder(draft.localEntities),
    root: root.id,
    attributes: {},
    keyStrategy: defaultKeyStrategy(root),
    scope: { kind: 'all' },
    writeScope: null,
    direction: DIRECTIONS_OF_PATTERN[kind][0],
    pattern: { ...LAST_WRITE_WINS },
    indexes: {},
  }
  addAttributesFromRoot(draft, id, entity.attributes ?? attributesOnDevice(draft, root), entity.ids)
  setPatternKind(draft, id, kind)
  const attributes = Object.keys(draft.localEntities[id]?.attributes ?? {}).length
  const place = entity.position ?? freePlace(draft, { root: root.id, attributes })
  draft.layout.data[id] = { x: place.x, y: place.y }
  addToFirstUnit(draft, id, entity.ids)
  return done(id)
}

/** The server attributes whose types a device has. */
export const attributesOnDevice = (project: Pick<Project, 'serverTypes'>, root: ServerEntity): string[] =>
  Object.values(root.attributes).flatMap((attribute) => (deviceType(project, attribute) === null ? [] : [attribute.id]))

/** Why the key can't be on a device, or null. */
export function keyNotOnDevice(project: Pick<Project, 'serverTypes'>, root: ServerEntity): string | null {
  const attribute = root.primaryKey
    .flatMap((id) => root.attributes[id] ?? [])
    .find((part) => deviceType(project, part) === null)
  return attribute === undefined
    ? null
    : `The key of "${root.name}" has the type ${attribute.type}, which a device does not have.`
}

/** Removes the entity and whatever speaks of it: its places in units and flows, its handlers, its card. */
export function removeLocalEntity(draft: Project, id: string): OperationResult {
  if (draft.localEntities[id] === undefined) return gone('local entity')
  delete draft.localEntities[id]
  delete draft.layout.data[id]
  leaveGroups(draft, [id])
  delete draft.requirements.entities[id]
  for (const { id: finding, target } of Object.values(draft.acceptedFindings)) {
    if (target.split('.').includes(id)) delete draft.acceptedFindings[finding]
  }
  for (const unit of Object.values(draft.syncUnits)) delete unit.entities[id]
  for (const flow of Object.values(draft.flows)) {
    if (flow.kind === 'from-patterns') continue
    for (const node of Object.values(flow.nodes)) node.entities = node.entities.filter((entity) => entity !== id)
  }
  for (const other of Object.values(draft.localEntities)) {
    if (other.pattern.kind === 'one-to-many') {
      other.pattern.children = other.pattern.children.filter((child) => child !== id)
    }
  }
  for (const handler of Object.values(draft.conflictHandlers)) {
    if (handler.entity !== id) continue
    delete draft.conflictHandlers[handler.id]
    delete draft.layout.handlers[handler.id]
  }
  return DONE
}

export function renameLocalEntity(draft: Project, id: string, name: string): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  const problem = nameProblem(name)
  if (problem !== null) return refused(problem)
  const other = entityNamed(draft, name)
  if (other !== undefined && other.id !== id) {
    return refused(`"${name}" would be confused with the local entity "${other.name}". Choose another name.`)
  }
  entity.name = name
  return DONE
}

/** Sets the pattern; the direction follows it where the pattern does not know the present one. */
export function setPattern(draft: Project, id: string, pattern: Pattern): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  const directions = DIRECTIONS_OF_PATTERN[pattern.kind]
  const changed = entity.pattern.kind !== pattern.kind
  entity.pattern = pattern
  if (changed || !directions.includes(entity.direction)) entity.direction = directions[0]
  return DONE
}

/** Sets the pattern with the settings that it starts with on this entity, as the project now is. */
export function setPatternKind(draft: Project, id: string, kind: PatternKind): OperationResult {
  const entity = draft.localEntities[id]
  return entity === undefined ? gone('local entity') : setPattern(draft, id, startingPattern(draft, entity, kind))
}

export function setDirection(draft: Project, id: string, direction: LocalEntity['direction']): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  if (!DIRECTIONS_OF_PATTERN[entity.pattern.kind].includes(direction)) {
    return refused(`The pattern ${entity.pattern.kind} can not have this direction. Choose another pattern first.`)
  }
  entity.direction = direction
  return DONE
}

/** Sets which of the server's rows a device holds. */
export function setScope(draft: Project, id: string, scope: Scope): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  entity.scope = scope
  return DONE
}

/** Sets which rows a session may write; null for all that it reads. */
export function setWriteScope(draft: Project, id: string, scope: Scope | null): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  entity.writeScope = scope
  return DONE
}

export function setKeyStrategy(draft: Project, id: string, strategy: LocalEntity['keyStrategy']): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  const root = draft.serverEntities[entity.root]
  if (root === undefined) return gone('server entity')
  if (!possibleKeyStrategies(root).includes(strategy)) return refused(WHY_NOT[strategy](entity.name))
  entity.keyStrategy = strategy
  return DONE
}

const WHY_NOT: Record<LocalEntity['keyStrategy'], (name: string) => string> = {
  'device-uuid': (name) => `"${name}" can not have keys made on the device: its key is not a single uuid.`,
  server: (name) => `"${name}" can not have keys made by the server: its key is not a single number from a sequence.`,
  natural: (name) => `The server always makes the key of "${name}" itself (GENERATED ALWAYS AS IDENTITY).`,
}

function entityNamed(draft: Project, name: string): LocalEntity | undefined {
  const key = entityNameKey(name)
  return Object.values(draft.localEntities).find((entity) => entityNameKey(entity.name) === key)
}
