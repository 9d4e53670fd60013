/** Operations on the indexes that a device keeps besides its keys'. */
import type { Project } from '../project'
import { DONE, gone, type OperationResult } from './result'

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
