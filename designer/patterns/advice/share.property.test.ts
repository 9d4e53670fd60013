/** What `entitiesRead` names is all that an estimate reads of other local entities. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LocalEntity, type Project, projectFromSchema, type Scope, type ScopeFilter } from '@/designer/model'
import { buildSchema, type TableSpec } from '@/designer/model/testing/build-schema'
import { entityEstimate } from './estimate'
import { withPattern } from './recommend'
import { entitiesRead } from './share'

const TABLES = 6

/** Each table refers to each, itself too: the foreign key to table n is the one of column `to_n`. */
function mesh(): Project {
  const all = Array.from({ length: TABLES }, (_, index) => `t${index}`)
  const table: TableSpec = {
    attributes: { id: 'integer!', note: 'text', ...Object.fromEntries(all.map((name) => [`to_${name}`, 'integer'])) },
    key: ['id'],
    references: all.map((name) => ({ attributes: [`to_${name}`], table: name })),
  }
  const schema = buildSchema(Object.fromEntries(all.map((name) => [name, table])))
  for (const each of Object.values(schema.serverEntities)) each.rowEstimate = 10_000
  const made = projectFromSchema({ schema, name: 'Mesh' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}

const project = mesh()
const ids = Object.values(project.localEntities)
  .sort((a, b) => (a.root < b.root ? -1 : 1))
  .map(({ id }) => id)

/** A filter with foreign keys by the number of the table that they lead to; it is put onto a table by `onto`. */
type Draft =
  | { readonly kind: 'compare' }
  | { readonly kind: 'in-scope'; readonly to: number }
  | { readonly kind: 'exists'; readonly to: number; readonly back: boolean; readonly term: Draft }
  | { readonly kind: 'not'; readonly term: Draft }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Draft[] }

const to = fc.nat(TABLES - 1)
const { draft } = fc.letrec<{ draft: Draft }>((tie) => ({
  draft: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('in-scope' as const), to }),
    fc.constant({ kind: 'compare' as const }),
    fc.record({ kind: fc.constant('not' as const), term: tie('draft') }),
    fc.record({ kind: fc.constant('exists' as const), to, back: fc.boolean(), term: tie('draft') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(tie('draft'), { minLength: 1, maxLength: 2 }),
    }),
  ),
}))

const foreignKey = (from: number, into: number): string => `fk_t${from}_${into + 1}`

function onto(table: number, given: Draft): ScopeFilter {
  switch (given.kind) {
    case 'compare':
      return {
        kind: 'compare',
        operator: '=',
        left: { kind: 'attribute', attribute: `sa_t${table}_note` },
        right: [{ kind: 'constant', value: 'x' }],
      }
    case 'in-scope':
      return { kind: 'in-scope', foreignKey: foreignKey(table, given.to) }
    case 'exists':
      return {
        kind: 'exists',
        foreignKey: given.back ? foreignKey(given.to, table) : foreignKey(table, given.to),
        term: onto(given.to, given.term),
      }
    case 'not':
      return { kind: 'not', term: onto(table, given.term) }
    case 'and':
    case 'or':
      return { kind: given.kind, terms: given.terms.map((term) => onto(table, term)) }
  }
}

const scopeOf = (table: number, given: Draft | null): Scope =>
  given === null ? { kind: 'all' } : { kind: 'filter', filter: onto(table, given) }

const scopes = fc.array(fc.option(draft, { nil: null }), { minLength: TABLES, maxLength: TABLES })

const withScopes = (given: readonly (Draft | null)[], keeps: (id: string) => boolean = () => false): Project => ({
  ...project,
  localEntities: Object.fromEntries(
    ids.flatMap((id, table) => {
      const entity = project.localEntities[id]
      return entity === undefined || keeps(id) ? [] : [[id, { ...entity, scope: scopeOf(table, given[table] ?? null) }]]
    }),
  ),
})

function entityOf({ localEntities }: Pick<Project, 'localEntities'>, id: string): LocalEntity {
  const entity = localEntities[id]
  if (entity === undefined) throw new Error(`There is no ${id}.`)
  return entity
}

describe('the entities that an estimate reads', () => {
  it('are enough for it, and whatever becomes of the scopes of others changes nothing', () => {
    fc.assert(
      fc.property(scopes, scopes, to, fc.constantFrom('last-write-wins', 'on-demand'), (now, later, at, pattern) => {
        const id = ids[at] ?? ''
        const before = withPattern(withScopes(now), id, pattern)
        const entity = entityOf(before, id)
        const read = entitiesRead(before, entity)
        const estimate = entityEstimate(before, id)
        expect(estimate).not.toBeNull()
        expect(entityEstimate({ ...before, localEntities: read }, id)).toEqual(estimate)
        const others = withScopes(later, (other) => other in read).localEntities
        expect(entityEstimate({ ...before, localEntities: { ...others, ...read } }, id)).toEqual(estimate)
      }),
    )
  })

  it('are those whose scopes its own follows, through other tables too, and no more', () => {
    const none = ids.map(() => null)
    const read = (given: Readonly<Record<number, Draft>>) => {
      const made = withScopes(none.map((nothing, table) => given[table] ?? nothing))
      return Object.keys(entitiesRead(made, entityOf(made, ids[0] ?? ''))).map((id) => ids.indexOf(id))
    }
    expect(read({ 1: { kind: 'in-scope', to: 2 } })).toEqual([0])
    expect(read({ 0: { kind: 'in-scope', to: 1 }, 1: { kind: 'in-scope', to: 2 } })).toEqual([0, 1, 2])
    const through: Draft = { kind: 'exists', to: 3, back: true, term: { kind: 'in-scope', to: 4 } }
    expect(read({ 0: { kind: 'not', term: through } })).toEqual([0, 4])
    expect(read({ 0: { kind: 'in-scope', to: 1 }, 1: { kind: 'in-scope', to: 0 } })).toEqual([0, 1])
  })

  it('make the estimate of a card follow the scope of its parent', () => {
    const [child = '', parent = ''] = ids
    const followed = withScopes([{ kind: 'in-scope', to: 1 }, null])
    const narrowed = withScopes([{ kind: 'in-scope', to: 1 }, { kind: 'compare' }])
    expect(entityEstimate(narrowed, child)?.rowsOnDevice).toBeLessThan(
      entityEstimate(followed, child)?.rowsOnDevice ?? 0,
    )
    expect(entitiesRead(narrowed, entityOf(narrowed, child))).toHaveProperty(parent)
  })
})
