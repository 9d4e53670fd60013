/** Operations on the filters of scopes. Setting a scope as a whole is among the operations on local entities. */
import { ANY_ROW, type FilterPath, insertTerm, replaceTerm, termAt } from '../filter-tree'
import type { Project } from '../project'
import type { Scope, ScopeFilter } from '../scope'
import { DONE, gone, type OperationResult, refused } from './result'

/** Narrows what devices hold: the rows for which the term holds too. */
export function addScopeTerm(draft: Project, id: string, term: ScopeFilter): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  if (entity.scope.kind === 'sql') {
    return refused(
      `The scope of "${entity.name}" is written in SQL. Add the condition there, or make it a filter first.`,
    )
  }
  const filter = entity.scope.kind === 'all' ? ANY_ROW : entity.scope.filter
  // A filter that is one "or" gets the term around it, not among its alternatives.
  const outer: ScopeFilter = filter.kind === 'or' ? { kind: 'and', terms: [filter] } : filter
  entity.scope = { kind: 'filter', filter: isEmptyGroup(outer) ? term : insertTerm(outer, [], term) }
  return DONE
}

/** Removes one term; a filter of which nothing is left brings all rows. */
export function removeScopeTerm(
  draft: Project,
  id: string,
  which: 'read' | 'write',
  path: FilterPath,
): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  const scope = which === 'read' ? entity.scope : entity.writeScope
  if (scope?.kind !== 'filter' || termAt(scope.filter, path) === null) return gone('condition')
  const filter = replaceTerm(scope.filter, path, null)
  const next: Scope = filter === null || isEmptyGroup(filter) ? { kind: 'all' } : { kind: 'filter', filter }
  if (which === 'read') entity.scope = next
  else entity.writeScope = next.kind === 'all' ? null : next
  return DONE
}

const isEmptyGroup = (filter: ScopeFilter): boolean => filter.kind === 'and' && filter.terms.length === 0
