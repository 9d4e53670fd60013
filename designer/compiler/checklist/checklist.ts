/**
 * The offline sync checklist: OutSystems' list and best practices, as rules over the design and its budget.
 *
 * Invariants
 * - Each finding names numbers of this project; a rule whose numbers are mere assumptions finds nothing.
 * - A finding that the team has accepted, with a reason, is no problem any more; it is kept beside the others.
 */
import { acceptedFinding, type Project } from '@/designer/model'
import { projectBudget } from '@/designer/patterns'
import { type Diagnostic, targetKey } from '../diagnostics'
import { clearText } from './clear-text'
import { largeValues } from './large-values'
import { longSync } from './long-sync'
import { lostEdits } from './lost-edits'
import { manyAttributes } from './many-attributes'
import { manyJoins } from './many-joins'
import { noDelta } from './no-delta'
import { noScope } from './no-scope'
import { type ChecklistRule, checkedOf } from './rule'
import { shortInterval } from './short-interval'
import { silentFlow } from './silent-flow'
import { syncsAll } from './syncs-all'
import { tooLarge } from './too-large'
import { triggerInCompletion } from './trigger-in-completion'
import { unresolved } from './unresolved'

/** In the order in which they are shown. */
export const CHECKLIST: readonly ChecklistRule[] = [
  manyAttributes,
  manyJoins,
  noScope,
  noDelta,
  largeValues,
  tooLarge,
  longSync,
  syncsAll,
  shortInterval,
  triggerInCompletion,
  silentFlow,
  clearText,
  lostEdits,
  unresolved,
]

export interface Findings {
  /** Those that are to be dealt with. */
  readonly open: readonly Diagnostic[]
  /** Those that the team lives with. */
  readonly accepted: readonly Diagnostic[]
}

export function runChecklist(project: Project): Findings {
  const design = checkedOf(project, projectBudget(project))
  const found = CHECKLIST.flatMap((rule) => rule.check(design))
  const isAccepted = ({ code, target }: Diagnostic): boolean =>
    acceptedFinding(project, { code, target: targetKey(target) }) !== undefined
  return { open: found.filter((each) => !isAccepted(each)), accepted: found.filter(isAccepted) }
}
