/** Operations on sync units. A local entity is in one unit at most. */
import type { Ids } from '../ids'
import { freeName } from '../names'
import type { Project, SyncUnit } from '../project'
import { inOrder, nextOrder } from './order'
import { DONE, done, gone, type OperationResult, refused } from './result'

/** The name of the unit that the first local entity brings with it. */
export const DEFAULT_UNIT = 'Default'

/** Makes an empty unit whose flow follows the patterns. Answers its id. */
export function addSyncUnit(draft: Project, name: string, ids: Ids): OperationResult<string> {
  if (name.trim() === '') return refused('A sync unit needs a name.')
  return done(makeUnit(draft, name.trim(), ids))
}

/** Removes a unit with its flow. Its entities stay, in no unit. */
export function removeSyncUnit(draft: Project, id: string): OperationResult {
  const unit = draft.syncUnits[id]
  if (unit === undefined) return gone('sync unit')
  delete draft.syncUnits[id]
  delete draft.flows[unit.flow]
  delete draft.layout.flows[unit.flow]
  return DONE
}

export function renameSyncUnit(draft: Project, id: string, name: string): OperationResult {
  const unit = draft.syncUnits[id]
  if (unit === undefined) return gone('sync unit')
  const trimmed = name.trim()
  if (trimmed === '') return refused('A sync unit needs a name.')
  if (Object.values(draft.syncUnits).some((other) => other.id !== id && other.name === trimmed)) {
    return refused(`There is already a sync unit "${trimmed}". Choose another name.`)
  }
  unit.name = trimmed
  const flow = draft.flows[unit.flow]
  if (flow !== undefined) flow.name = trimmed
  return DONE
}

/** Gives a unit exactly these entities, in this order, and takes them out of the other units. */
export function setUnitEntities(draft: Project, id: string, entities: readonly string[]): OperationResult {
  const unit = draft.syncUnits[id]
  if (unit === undefined) return gone('sync unit')
  if (entities.some((entity) => draft.localEntities[entity] === undefined)) return gone('local entity')
  for (const other of Object.values(draft.syncUnits)) {
    for (const entity of entities) delete other.entities[entity]
  }
  unit.entities = Object.fromEntries(entities.map((entity, index) => [entity, { order: index + 1 }]))
  return DONE
}

/** Puts an entity at the end of a unit; null takes it out of its unit. */
export function moveEntityToUnit(draft: Project, entity: string, unitId: string | null): OperationResult {
  if (draft.localEntities[entity] === undefined) return gone('local entity')
  const unit = unitId === null ? null : draft.syncUnits[unitId]
  if (unit === undefined) return gone('sync unit')
  for (const other of Object.values(draft.syncUnits)) {
    if (other.id !== unitId) delete other.entities[entity]
  }
  if (unit !== null && !(entity in unit.entities)) unit.entities[entity] = { order: nextOrder(unit.entities) }
  return DONE
}

export function setUnitTrigger(draft: Project, id: string, triggers: Partial<SyncUnit['triggers']>): OperationResult {
  const unit = draft.syncUnits[id]
  if (unit === undefined) return gone('sync unit')
  for (const seconds of [triggers.intervalInSeconds, triggers.afterLocalChangeInSeconds]) {
    if (seconds !== undefined && seconds !== null && !isPositive(seconds)) {
      return refused('The time has to be a number of seconds above zero.')
    }
  }
  Object.assign(unit.triggers, triggers)
  return DONE
}

export type UnitRetry = Pick<SyncUnit, 'retryOnError' | 'retryIntervalInSeconds' | 'backoff'>

export function setUnitRetry(draft: Project, id: string, retry: Partial<UnitRetry>): OperationResult {
  const unit = draft.syncUnits[id]
  if (unit === undefined) return gone('sync unit')
  if (retry.retryIntervalInSeconds !== undefined && !isPositive(retry.retryIntervalInSeconds)) {
    return refused('The time between retries has to be a number of seconds above zero.')
  }
  Object.assign(unit, retry)
  return DONE
}

/** Of the units that wait on a device, the one with the highest priority runs first. */
export function setUnitPriority(draft: Project, id: string, priority: number): OperationResult {
  const unit = draft.syncUnits[id]
  if (unit === undefined) return gone('sync unit')
  if (!Number.isInteger(priority)) return refused('The priority has to be a whole number.')
  unit.priority = priority
  return DONE
}

export function setUnitNetwork(draft: Project, id: string, network: SyncUnit['network']): OperationResult {
  const unit = draft.syncUnits[id]
  if (unit === undefined) return gone('sync unit')
  unit.network = network
  return DONE
}

/** Puts a new entity into the first unit, and makes that unit where there is none. */
export function addToFirstUnit(draft: Project, entity: string, ids: Ids): void {
  const id = inOrder(draft.syncUnits)[0]?.[0] ?? makeUnit(draft, DEFAULT_UNIT, ids)
  moveEntityToUnit(draft, entity, id)
}

function makeUnit(draft: Project, wanted: string, ids: Ids): string {
  const names = new Set(Object.values(draft.syncUnits).map((unit) => unit.name))
  const name = freeName(wanted, (candidate) => names.has(candidate))
  const id = ids('syncUnit', name, (taken) => taken in draft.syncUnits)
  const flow = ids('flow', name, (taken) => taken in draft.flows)
  draft.flows[flow] = { id: flow, name, kind: 'from-patterns' }
  draft.syncUnits[id] = {
    id,
    name,
    order: nextOrder(draft.syncUnits),
    entities: {},
    triggers: {
      syncOnOnline: true,
      syncOnLogin: false,
      syncOnResume: false,
      intervalInSeconds: null,
      afterLocalChangeInSeconds: null,
      serverPoke: false,
    },
    retryOnError: true,
    retryIntervalInSeconds: 10,
    backoff: 'exponential',
    priority: 0,
    network: 'any',
    flow,
  }
  return id
}

const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0
