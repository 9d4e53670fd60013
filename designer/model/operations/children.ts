/** Makes one local entity's rows part of another's. */
import type { PatternKind, Project } from '../project'
import { startingPattern } from '../starting-pattern'
import { setPattern } from './local-entities'
import { done, gone, type OperationResult, refused } from './result'

/** What the parent of a new child becomes; null where its pattern holds children already. */
export interface ParentChange {
  readonly from: PatternKind
  /** Local entities that become its children too, because they refer to it. */
  readonly others: readonly string[]
}

export function parentChange(
  project: Pick<Project, 'localEntities' | 'serverEntities' | 'serverTypes'>,
  parentId: string,
): ParentChange | null {
  const parent = project.localEntities[parentId]
  if (parent === undefined || parent.pattern.kind === 'one-to-many') return null
  const next = startingPattern(project, parent, 'one-to-many')
  return { from: parent.pattern.kind, others: next.kind === 'one-to-many' ? next.children : [] }
}

/** A parent whose pattern holds no children becomes one-to-many, and keeps how its conflicts end. Answers the child's id. */
export function adoptChild(draft: Project, parentId: string, childId: string): OperationResult<string> {
  const parent = draft.localEntities[parentId]
  if (parent === undefined || draft.localEntities[childId] === undefined) return gone('local entity')
  if (parentId === childId) return refused(`“${parent.name}” can not be part of itself.`)
  const before = parent.pattern
  const starting = before.kind === 'one-to-many' ? before : startingPattern(draft, parent, 'one-to-many')
  if (starting.kind !== 'one-to-many') return gone('pattern')
  const children = starting.children.includes(childId) ? starting.children : [...starting.children, childId]
  if (before.kind !== 'conflict-detection')
    return settled(setPattern(draft, parentId, { ...starting, children }), childId)
  const { handler, resolution, handledOn, blocksSync } = before
  return settled(
    setPattern(draft, parentId, { ...starting, children, handler, resolution, handledOn, blocksSync }),
    childId,
  )
}

const settled = (result: OperationResult, child: string): OperationResult<string> =>
  result.kind === 'refused' ? result : done(child)
