/**
 * Takes a schema that was read again into the project, as far as the user wants it. What is the same, or was
 * renamed, keeps its id, so that local entities, scopes and layout stay; whatever has gone is simply not
 * there, and the check says which local entities miss it.
 */
import { current, isDraft } from 'immer'
import type { Project, ServerEntity, ServerSchema, ServerType } from '../project'
import { chosenSchema, diffSchemas, type SchemaChoices, TAKE_ALL } from '../schema-diff'
import { DONE, type OperationResult } from './result'

export function takeSchema(draft: Project, after: ServerSchema, choices: SchemaChoices = TAKE_ALL): OperationResult {
  // The draft's records are proxies, which are slow to compare.
  const { serverTypes, serverEntities } = isDraft(draft) ? current(draft) : draft
  const before = { serverTypes, serverEntities }
  const chosen = chosenSchema(before, diffSchemas(before, after, choices.renames), choices.refused)
  putRecords(draft.serverTypes, before.serverTypes, chosen.serverTypes)
  putRecords(draft.serverEntities, before.serverEntities, chosen.serverEntities)
  return DONE
}

/** Touches only what differs, so that a step of the history is as small as the change. */
function putRecords<T extends ServerType | ServerEntity>(
  draft: Record<string, T>,
  before: Readonly<Record<string, T>>,
  chosen: Readonly<Record<string, T>>,
): void {
  for (const id of Object.keys(before)) if (chosen[id] === undefined) delete draft[id]
  for (const [id, record] of Object.entries(chosen)) if (before[id] !== record) draft[id] = record
}
