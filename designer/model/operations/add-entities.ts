/** Many local entities at once: one step, laid out together. */
import { CARD_GAP_X, CARD_WIDTH, gridLayout } from '../card-layout'
import type { Ids } from '../ids'
import type { PatternKind, Project } from '../project'
import { addLocalEntity, setPatternKind } from './local-entities'
import { done, type OperationResult, refused } from './result'

export interface NewLocalEntities {
  /** Server entities. */
  readonly roots: readonly string[]
  readonly pattern: PatternKind
  readonly ids: Ids
}

/** Answers the new entities' ids. The cards go beside what is there already, parents left of their children. */
export function addLocalEntities(draft: Project, { roots, pattern, ids }: NewLocalEntities): OperationResult<string[]> {
  if (roots.length === 0) return refused('No table is chosen. Choose one at least.')
  const before = Object.keys(draft.localEntities)
  const right = Math.max(
    ...before.map((id) => (draft.layout.data[id]?.x ?? 0) + (draft.layout.data[id]?.width ?? CARD_WIDTH)),
  )
  const top = Math.min(...before.map((id) => draft.layout.data[id]?.y ?? 0))
  const added: string[] = []
  for (const root of roots) {
    // All are placed together in the end.
    const result = addLocalEntity(draft, { root, ids, position: { x: 0, y: 0 } })
    if (result.kind === 'refused') return result
    added.push(result.value)
  }
  // Only now, because some patterns speak of the other entities.
  for (const id of added) setPatternKind(draft, id, pattern)
  const theirs = Object.fromEntries(added.flatMap((id) => [[id, draft.localEntities[id]]]))
  const places = gridLayout({ ...draft, localEntities: definedOf(theirs) })
  const beside = before.length === 0 ? { x: 0, y: 0 } : { x: right + CARD_GAP_X, y: top }
  for (const [id, { x, y }] of Object.entries(places)) draft.layout.data[id] = { x: x + beside.x, y: y + beside.y }
  return done(added)
}

const definedOf = <T>(records: Readonly<Record<string, T | undefined>>): Record<string, T> =>
  Object.fromEntries(Object.entries(records).flatMap(([id, record]) => (record === undefined ? [] : [[id, record]])))
