/** Reads a scope, however it is given, into a rule for the server and what is wrong with it. */
import type { Project, Scope, ServerEntity } from '@/designer/model'
import { readFilterScope } from './filter-scope'
import type { ReadScope } from './scope-facts'
import { readSqlScope } from './sql-scope'

export function readScope(project: Project, root: ServerEntity, scope: Scope): ReadScope {
  switch (scope.kind) {
    case 'all':
      return { rule: null, problems: [] }
    case 'filter':
      return readFilterScope(project, root, scope.filter)
    case 'sql':
      return readSqlScope(project, root, scope.where)
  }
}
