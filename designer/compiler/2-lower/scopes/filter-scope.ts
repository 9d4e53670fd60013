/** Turns a scope that is a tree of comparisons into a rule for the server. */
import type { Project, ScopeFilter, ServerEntity } from '@/designer/model'
import { condition, startPlace } from './filter-condition'
import { createFacts, factsToRule, isBearable, type ReadScope } from './scope-facts'

export function readFilterScope(project: Project, root: ServerEntity, filter: ScopeFilter): ReadScope {
  const facts = createFacts()
  const where = condition(startPlace(project, facts, root), filter)
  const { problems } = facts
  return { rule: problems.every(isBearable) ? factsToRule(where, facts) : null, problems }
}
