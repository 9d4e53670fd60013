/** Operations on the indexes that a device keeps besides its keys'. */
import type { Ids } from '../ids'
import type { Project } from '../project'
import { DONE, done, gone, type OperationResult, refused } from './result'

export interface NewIndex {
  readonly entity: string
  /** Local attributes, the first one first. */
  readonly attributes: readonly string[]
  readonly ids: Ids
}

/** Answers the index's id; an index of the same attributes in the same order that is there already keeps its id. */
export function addIndex(draft: Project, { entity: entityId, attributes, ids }: NewIndex): OperationResult<string> {
  const entity = draft.localEntities[entityId]
  if (entity === undefined) return gone('local entity')
  const problem = attributesProblem(draft, entityId, attributes)
  if (problem !== null) return problem
  const present = Object.values(entity.indexes).find((index) => index.attributes.join() === attributes.join())
  if (present !== undefined) return done(present.id)
  const names = attributes.map((id) => entity.attributes[id]?.name ?? id)
  const id = ids('index', `${entity.name}(${names.join()})`, (taken) => taken in entity.indexes)
  entity.indexes[id] = { id, attributes: [...attributes], unique: false }
  return done(id)
}

/** Sets what the index is about, in its order. */
export function setIndexAttributes(
  draft: Project,
  entityId: string,
  id: string,
  attributes: readonly string[],
): OperationResult {
  const index = draft.localEntities[entityId]?.indexes[id]
  if (index === undefined) return gone('index')
  const problem = attributesProblem(draft, entityId, attributes)
  if (problem !== null) return problem
  index.attributes = [...attributes]
  return DONE
}

export function removeIndex(draft: Project, entityId: string, id: string): OperationResult {
  const entity = draft.localEntities[entityId]
  if (entity?.indexes[id] === undefined) return gone('index')
  delete entity.indexes[id]
  return DONE
}

export function setIndexUnique(draft: Project, entityId: string, id: string, unique: boolean): OperationResult {
  const index = draft.localEntities[entityId]?.indexes[id]
  if (index === undefined) return gone('index')
  index.unique = unique
  return DONE
}

function attributesProblem(draft: Project, entityId: string, attributes: readonly string[]) {
  const entity = draft.localEntities[entityId]
  if (attributes.length === 0) return refused('An index is of at least one attribute. Remove the index instead.')
  if (attributes.some((id) => entity?.attributes[id] === undefined)) return gone('attribute')
  return new Set(attributes).size < attributes.length ? refused('An index has each attribute once.') : null
}
