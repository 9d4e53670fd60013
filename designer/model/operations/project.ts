/** Operations on the project as a whole. */
import type { Project } from '../project'
import { DONE, type OperationResult, refused } from './result'

export function renameProject(draft: Project, name: string): OperationResult {
  const trimmed = name.trim()
  if (trimmed === '') return refused('A project needs a name.')
  if (trimmed.length > 200) return refused('A project name can have up to 200 characters.')
  draft.name = trimmed
  return DONE
}
