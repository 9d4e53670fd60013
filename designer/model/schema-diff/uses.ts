/** Where a project's local entities use its server schema: asked for each change, so looked up once. */
import type { LocalAttribute, LocalEntity, Project } from '../project'
import type { Scope, ScopeFilter, ScopeOperand } from '../scope'

export type Use = { readonly entity: LocalEntity } & (
  | { readonly kind: 'root' }
  /** Taken, or read along foreign keys. */
  | { readonly kind: 'attribute'; readonly attribute: LocalAttribute }
  | { readonly kind: 'scope'; readonly which: 'scope' | 'write scope' }
  /** Rows that are chosen by those that the foreign key leads to. */
  | { readonly kind: 'on-demand' }
  | { readonly kind: 'index'; readonly attribute: LocalAttribute }
)

/** SQL that the user wrote: names in it are only text. */
export type WrittenSql = { readonly entity: LocalEntity; readonly sql: string } & (
  | { readonly kind: 'scope'; readonly which: 'scope' | 'write scope' }
  | { readonly kind: 'computed'; readonly attribute: LocalAttribute }
)

export interface SchemaUses {
  /** Of a server entity, attribute or foreign key, by its id. */
  readonly of: (id: string) => readonly Use[]
  /** What mentions a name of the server's. */
  readonly mentioning: (name: string) => readonly WrittenSql[]
}

export function usesOfSchema(project: Pick<Project, 'localEntities'>): SchemaUses {
  const uses = new Map<string, Use[]>()
  const written: WrittenSql[] = []
  const note = (id: string, use: Use): void => {
    const there = uses.get(id)
    if (there === undefined) uses.set(id, [use])
    // A filter that speaks of an attribute twice is one use.
    else if (!there.some((other) => other.kind === use.kind && other.entity === use.entity && use.kind === 'scope'))
      there.push(use)
  }

  for (const entity of Object.values(project.localEntities)) {
    note(entity.root, { kind: 'root', entity })
    for (const attribute of Object.values(entity.attributes)) {
      const { source } = attribute
      if (source.kind === 'computed') {
        written.push({ kind: 'computed', entity, attribute, sql: source.expression })
        continue
      }
      note(source.attribute, { kind: 'attribute', entity, attribute })
      if (source.kind === 'denormalised')
        for (const key of source.path) note(key, { kind: 'attribute', entity, attribute })
    }
    for (const { attributes } of Object.values(entity.indexes)) {
      for (const id of attributes) {
        const attribute = entity.attributes[id]
        if (attribute?.source.kind === 'root') note(attribute.source.attribute, { kind: 'index', entity, attribute })
      }
    }
    if (entity.pattern.kind === 'on-demand' && entity.pattern.parent !== null)
      note(entity.pattern.parent, { kind: 'on-demand', entity })
    const scopes: readonly (readonly ['scope' | 'write scope', Scope | null])[] = [
      ['scope', entity.scope],
      ['write scope', entity.writeScope],
    ]
    for (const [which, scope] of scopes) {
      if (scope?.kind === 'sql') written.push({ kind: 'scope', which, entity, sql: scope.where })
      if (scope?.kind === 'filter') for (const id of idsIn(scope.filter)) note(id, { kind: 'scope', which, entity })
    }
  }

  return {
    of: (id) => uses.get(id) ?? [],
    mentioning: (name) => {
      const word = new RegExp(
        `(?<![\\p{L}\\p{N}_])${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\p{L}\\p{N}_])`,
        'iu',
      )
      return written.filter(({ sql }) => word.test(sql))
    },
  }
}

/** Attributes and foreign keys that a filter speaks of. */
function* idsIn(filter: ScopeFilter): Generator<string> {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const term of filter.terms) yield* idsIn(term)
      return
    case 'not':
      return yield* idsIn(filter.term)
    case 'compare':
      for (const operand of [filter.left, ...filter.right]) yield* idsInOperand(operand)
      return
    case 'exists':
      yield filter.foreignKey
      return yield* idsIn(filter.term)
    case 'in-scope':
      yield filter.foreignKey
  }
}

function* idsInOperand(operand: ScopeOperand): Generator<string> {
  switch (operand.kind) {
    case 'attribute':
      yield operand.attribute
      return
    case 'joined':
      yield* operand.path
      yield operand.attribute
      return
    case 'claim':
    case 'constant':
    case 'now-minus':
  }
}
