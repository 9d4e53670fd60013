/** Rules on scopes: that what they name is there, and can be evaluated by the server. */
import { inOrder, type LocalEntity, type Project, type ServerEntity, syncable } from '@/designer/model'
import { readScope } from '../2-lower/scopes/read-scope'
import type { ScopeProblem } from '../2-lower/scopes/scope-facts'
import { type Diagnostic, diagnostic, type Fix, type ScopePlace, withFixes } from '../diagnostics'

export function checkScopes(project: Project): Diagnostic[] {
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    if (root === undefined) return []
    return [
      ...checkScope(project, entity, root, 'read'),
      ...checkScope(project, entity, root, 'write'),
      ...(entity.writeScope === null || entity.direction !== 'down'
        ? []
        : [
            diagnostic(
              'SL5006',
              { kind: 'localEntity', id, scope: { which: 'write', path: null } },
              `"${entity.name}" has a write scope, but sends nothing. Remove it.`,
              { title: 'Remove the write scope', edit: { kind: 'no-write-scope', entity: id } },
            ),
          ]),
    ]
  })
}

/** What is wrong with one of an entity's scopes. */
export function checkScope(
  project: Project,
  entity: LocalEntity,
  root: ServerEntity,
  which: ScopePlace['which'],
): Diagnostic[] {
  const scope = which === 'read' ? entity.scope : entity.writeScope
  if (scope === null) return []
  const what = which === 'read' ? 'scope' : 'write scope'
  return readScope(project, root, scope).problems.map((problem) =>
    withFixes(
      diagnostic(
        problem.code,
        { kind: 'localEntity', id: entity.id, scope: { which, path: problem.path } },
        `The ${what} of "${entity.name}" ${problem.says}`,
      ),
      fixesFor(project, entity, which, problem),
    ),
  )
}

function fixesFor(project: Project, { id }: LocalEntity, which: ScopePlace['which'], problem: ScopeProblem): Fix[] {
  const { code, path, missing } = problem
  const remove: Fix[] =
    path === null
      ? []
      : [{ title: 'Remove the condition', edit: { kind: 'remove-scope-term', entity: id, which, path } }]
  const parent = missing === undefined ? undefined : project.serverEntities[missing]
  if (code === 'SL5009' && parent !== undefined && syncable(parent).kind === 'syncable') {
    return [{ title: `Add ${parent.name}`, edit: { kind: 'add-entity', root: parent.id } }, ...remove]
  }
  return code === 'SL5001' || code === 'SL5008' || code === 'SL5009' ? remove : []
}
