/** Rules on scopes: that what they name is there, and can be evaluated by the server. */
import { inOrder, type Project } from '@/designer/model'
import { readScope } from '../2-lower/scopes/read-scope'
import { type Diagnostic, diagnostic } from '../diagnostics'

export function checkScopes(project: Project): Diagnostic[] {
  return inOrder(project.localEntities).flatMap(([id, entity]) => {
    const root = project.serverEntities[entity.root]
    if (root === undefined) return []
    const target = { kind: 'localEntity', id } as const
    const problems = (what: string, scope: typeof entity.scope): Diagnostic[] =>
      readScope(project, root, scope).problems.map(({ code, says }) =>
        diagnostic(code, target, `The ${what} of "${entity.name}" ${says}`),
      )
    return [
      ...problems('scope', entity.scope),
      ...(entity.writeScope === null ? [] : problems('write scope', entity.writeScope)),
      ...(entity.writeScope === null || entity.direction !== 'down'
        ? []
        : [
            diagnostic('SL5006', target, `"${entity.name}" has a write scope, but sends nothing. Remove it.`, {
              title: 'Remove the write scope',
              edit: { kind: 'no-write-scope', entity: id },
            }),
          ]),
    ]
  })
}
