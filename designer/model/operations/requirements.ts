/** Operations on what the team expects of its users: the numbers that the advice is computed from. */
import type { Project, Requirements } from '../project'
import { DONE, gone, type OperationResult, refused } from './result'

export type CommonRequirement = Exclude<keyof Requirements, 'entities'>
export type EntityRequirements = Requirements['entities'][string]
export type EntityRequirement = keyof EntityRequirements

/** Sets what is expected of all; null where nobody has said. */
export function setRequirement<Name extends CommonRequirement>(
  draft: Project,
  name: Name,
  value: Requirements[Name],
): OperationResult {
  const problem = problemOf(name, value)
  if (problem !== null) return refused(problem)
  draft.requirements[name] = value
  return DONE
}

/** Sets what is expected of one local entity; null for what holds for all. */
export function setEntityRequirement(
  draft: Project,
  entity: string,
  name: EntityRequirement,
  value: number | null,
): OperationResult {
  if (draft.localEntities[entity] === undefined) return gone('local entity')
  const problem = problemOf(name, value)
  if (problem !== null) return refused(problem)
  const before = draft.requirements.entities[entity] ?? NOTHING_SAID
  const next = { ...before, [name]: value }
  // A record without a word in it would stand in the file for nothing.
  if (Object.values(next).every((each) => each === null)) delete draft.requirements.entities[entity]
  else draft.requirements.entities[entity] = next
  return DONE
}

/** Sets the shares that were counted on data, in one step. Entities that are gone are left alone. */
export function setSharesOnDevice(draft: Project, shares: Readonly<Record<string, number>>): OperationResult {
  for (const [entity, share] of Object.entries(shares)) {
    if (draft.localEntities[entity] === undefined) continue
    const result = setEntityRequirement(draft, entity, 'shareOnDevice', share)
    if (result.kind === 'refused') return result
  }
  return DONE
}

const NOTHING_SAID: EntityRequirements = { rows: null, shareOnDevice: null, editsPerDay: null, editorsPerRecord: null }

const WHOLE: ReadonlySet<string> = new Set(['users', 'rows'])
/** Of these there is at least some. */
const POSITIVE: ReadonlySet<string> = new Set(['users', 'devicesPerUser'])

function problemOf(name: CommonRequirement | EntityRequirement, value: number | string | null): string | null {
  if (value === null || typeof value === 'string') return null
  if (!Number.isFinite(value) || value < 0) return 'Give a number that is not below zero.'
  if (POSITIVE.has(name) && value === 0) return 'Give a number above zero.'
  if (WHOLE.has(name) && !Number.isInteger(value)) return 'Give a whole number.'
  return name === 'shareOnDevice' && value > 1 ? 'A share is at most 100 %.' : null
}
