/**
 * First phase: all that is wrong with a project, collected. Nothing throws, and one fault does not hide
 * another unless it explains it.
 */
import type { Project } from '@/designer/model'
import type { Diagnostic } from '../diagnostics'
import { checkAttributeSettings } from './attribute-settings'
import { checkAttributes } from './attributes'
import { checkDerived } from './derived'
import { checkEntities } from './entities'
import { checkIndexes } from './indexes'
import { checkNotYet } from './not-yet'
import { checkPatterns } from './patterns'
import { checkProject } from './project'
import { checkReferences } from './references'
import { checkScopeRelations } from './scope-relations'
import { checkScopes } from './scopes'
import { checkSensitive } from './sensitive'
import { checkUnits } from './units'

export function validate(project: Project): readonly Diagnostic[] {
  return [
    ...checkProject(project),
    ...checkEntities(project),
    ...checkAttributes(project),
    ...checkDerived(project),
    ...checkAttributeSettings(project),
    ...checkPatterns(project),
    ...checkScopes(project),
    ...checkScopeRelations(project),
    ...checkSensitive(project),
    ...checkIndexes(project),
    ...checkReferences(project),
    ...checkUnits(project),
    ...checkNotYet(project),
  ]
}
