/**
 * First phase: all that is wrong with a project, collected. Nothing throws, and one fault does not hide
 * another unless it explains it.
 */
import type { Project } from '@/designer/model'
import type { Diagnostic } from '../diagnostics'
import { checkAttributes } from './attributes'
import { checkEntities } from './entities'
import { checkNotYet } from './not-yet'
import { checkProject } from './project'
import { checkReferences } from './references'
import { checkUnits } from './units'

export function validate(project: Project): readonly Diagnostic[] {
  return [
    ...checkProject(project),
    ...checkEntities(project),
    ...checkAttributes(project),
    ...checkReferences(project),
    ...checkUnits(project),
    ...checkNotYet(project),
  ]
}
