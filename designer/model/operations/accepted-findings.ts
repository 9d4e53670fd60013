/** Operations on findings of the checklist that the team lives with. */
import type { Ids } from '../ids'
import type { AcceptedFinding, Project } from '../project'
import { DONE, done, gone, type OperationResult, refused } from './result'

export interface Finding {
  /** The diagnostic's code. */
  readonly code: string
  /** As `targetKey` writes it. */
  readonly target: string
}

/** Keeps why the team lives with a finding; a second reason takes the place of the first. Answers the record's id. */
export function acceptFinding(
  draft: Project,
  { code, target }: Finding,
  reason: string,
  ids: Ids,
): OperationResult<string> {
  const text = reason.trim()
  if (text === '') return refused('Say why the finding is accepted: whoever reads the project later will ask.')
  const known = acceptedFinding(draft, { code, target })
  const id = known?.id ?? ids('acceptedFinding', `${code} ${target}`, (taken) => taken in draft.acceptedFindings)
  draft.acceptedFindings[id] = { id, code, target, reason: text }
  return done(id)
}

/** Takes the acceptance back, so that the finding is reported again. */
export function withdrawAcceptance(draft: Project, id: string): OperationResult {
  if (draft.acceptedFindings[id] === undefined) return gone('accepted finding')
  delete draft.acceptedFindings[id]
  return DONE
}

export const acceptedFinding = (
  project: Pick<Project, 'acceptedFindings'>,
  { code, target }: Finding,
): AcceptedFinding | undefined =>
  Object.values(project.acceptedFindings).find((each) => each.code === code && each.target === target)
