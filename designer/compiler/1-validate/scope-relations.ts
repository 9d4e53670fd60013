/**
 * Scopes and references: whether a row that a device holds may refer to one that it does not hold.
 *
 * A child is safe where its own filter implies its parent's: each condition of the parent is found among the child's,
 * said of the row that it refers to. The comparison is of their shape, so that it may miss that two filters that are
 * written differently mean the same, and never takes one for implied that is not.
 */
import { ANY_ROW, inOrder, type LocalEntity, type Project, type ScopeFilter, type ServerEntity } from '@/designer/model'
import { type Diagnostic, diagnostic, type Fix, withFixes } from '../diagnostics'
import { impliesOfParent, topTerms } from './scope-implies'

export function checkScopeRelations(project: Project): Diagnostic[] {
  const localOfRoot = new Map(inOrder(project.localEntities).map(([, entity]) => [entity.root, entity]))
  return inOrder(project.localEntities).flatMap(([, child]) => {
    const root = project.serverEntities[child.root]
    // What is only sent is never pulled: its references are as good as those that the device made.
    if (root === undefined || child.direction === 'up') return []
    return Object.values(root.foreignKeys)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap((key) => {
        const parent = localOfRoot.get(key.entity)
        const found = parent === undefined ? null : checkReference(project, child, root, key.id, parent)
        return found === null ? [] : [found]
      })
  })
}

function checkReference(
  project: Project,
  child: LocalEntity,
  root: ServerEntity,
  foreignKey: string,
  parent: LocalEntity,
): Diagnostic | null {
  const isTaken = (root.foreignKeys[foreignKey]?.attributes ?? []).every((attribute) =>
    Object.values(child.attributes).some(({ source }) => source.kind === 'root' && source.attribute === attribute),
  )
  // That the reference itself is left out has a diagnostic of its own.
  if (!isTaken || parent.direction === 'up') return null
  const target = { kind: 'localEntity', id: child.id, scope: { which: 'read', path: null } } as const
  const columns = referencing(root, foreignKey)
  if (parent.pattern.kind === 'on-demand') {
    if (child.pattern.kind === 'on-demand') return null
    return withFixes(
      diagnostic(
        'SL5010',
        target,
        `Rows of "${child.name}" refer by ${columns} to "${parent.name}", of which a device holds only the rows that it asked for. Bring "${child.name}" on demand with them, or bring "${parent.name}" by a scope.`,
      ),
      [
        {
          title: `Bring ${child.name} on demand`,
          edit: { kind: 'bring-on-demand', entity: child.id, foreignKey },
        },
      ],
    )
  }
  if (parent.scope.kind === 'all') return null
  const conditions = parent.scope.kind === 'filter' ? topTerms(parent.scope.filter) : null
  if (conditions?.length === 0) return null
  const own = child.scope.kind === 'filter' ? child.scope.filter : ANY_ROW
  if (impliesOfParent(own, root, foreignKey, conditions)) return null
  if (child.scope.kind === 'sql' || (parent.scope.kind === 'sql' && child.scope.kind === 'filter')) {
    return withFixes(
      diagnostic(
        'SL5011',
        target,
        `Rows of "${child.name}" refer by ${columns} to "${parent.name}", which holds only some rows. Whether those are among them can’t be told from SQL.`,
      ),
      fixes(project, child, root, foreignKey, parent),
    )
  }
  return withFixes(
    diagnostic(
      'SL5010',
      target,
      child.id === parent.id
        ? `A row of "${child.name}" may refer by ${columns} to another that is not on the device: only some of them are.`
        : `A row of "${child.name}" may refer by ${columns} to a row of "${parent.name}" that is not on the device: "${parent.name}" holds only some rows, and "${child.name}" does not follow.`,
    ),
    fixes(project, child, root, foreignKey, parent),
  )
}

/** Cascade, restrict, widen. A child that refers to its own entity can only be widened: each row has a parent again. */
function fixes(
  project: Project,
  child: LocalEntity,
  root: ServerEntity,
  foreignKey: string,
  parent: LocalEntity,
): Fix[] {
  const widen: Fix = { title: `Bring all of ${parent.name}`, edit: { kind: 'widen-scope', entity: parent.id } }
  if (child.scope.kind === 'sql' || follows(project, parent, child.id, [])) return [widen]
  const cascade: Fix = {
    title: `Follow ${parent.name}`,
    edit: { kind: 'follow-parent', entity: child.id, foreignKey },
  }
  if (parent.scope.kind !== 'filter') return [cascade, widen]
  const restrict: Fix = {
    title: 'Restrict by the same condition',
    edit: { kind: 'add-scope-term', entity: child.id, term: restriction(root, foreignKey, parent.scope.filter) },
  }
  return [cascade, restrict, widen]
}

/** A row that refers to nothing stays. */
function restriction(root: ServerEntity, foreignKey: string, term: ScopeFilter): ScopeFilter {
  const exists: ScopeFilter = { kind: 'exists', foreignKey, term }
  const empty = (root.foreignKeys[foreignKey]?.attributes ?? []).flatMap((attribute): ScopeFilter[] =>
    root.attributes[attribute]?.nullable === false
      ? []
      : [
          {
            kind: 'compare',
            operator: '=',
            left: { kind: 'attribute', attribute },
            right: [{ kind: 'constant', value: null }],
          },
        ],
  )
  return empty.length === 0 ? exists : { kind: 'or', terms: [...empty, exists] }
}

/** Whether the scope of an entity depends, however far, on that of another. */
function follows(project: Project, entity: LocalEntity, other: string, seen: readonly string[]): boolean {
  if (entity.id === other) return true
  if (entity.scope.kind !== 'filter' || seen.includes(entity.id)) return false
  return followedBy(project, project.serverEntities[entity.root], entity.scope.filter).some((next) =>
    follows(project, next, other, [...seen, entity.id]),
  )
}

function followedBy(project: Project, entity: ServerEntity | undefined, filter: ScopeFilter): LocalEntity[] {
  if (entity === undefined) return []
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap((term) => followedBy(project, entity, term))
    case 'not':
      return followedBy(project, entity, filter.term)
    case 'compare':
      return []
    case 'exists': {
      const key = entity.foreignKeys[filter.foreignKey]
      const there =
        key === undefined
          ? Object.values(project.serverEntities).find(
              ({ foreignKeys }) => foreignKeys[filter.foreignKey]?.entity === entity.id,
            )
          : project.serverEntities[key.entity]
      return followedBy(project, there, filter.term)
    }
    case 'in-scope': {
      const parent = entity.foreignKeys[filter.foreignKey]?.entity
      return Object.values(project.localEntities).filter(({ root }) => root === parent)
    }
  }
}

const referencing = (root: ServerEntity, foreignKey: string): string =>
  (root.foreignKeys[foreignKey]?.attributes ?? []).map((id) => `"${root.attributes[id]?.name ?? id}"`).join(', ')
