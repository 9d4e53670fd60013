import { describe, expect, it } from 'vitest'
import {
  createNamedIds,
  type LocalEntity,
  type Project,
  projectFromSchema,
  type Scope,
  type ScopeFilter,
  type ScopeOperand,
} from '@/designer/model'
import { buildSchema, shopSchema } from '@/designer/model/testing/build-schema'
import { fixesOf } from '../diagnostics'
import { applyFix, compile } from '../index'
import { checkScopeRelations } from './scope-relations'

const shop = (schema = shopSchema()): Project => {
  const made = projectFromSchema({ schema, name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}
const entity = (project: Project, name: string): LocalEntity => {
  const found = Object.values(project.localEntities).find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`The shop has no ${name}.`)
  return found
}
const equals = (left: ScopeOperand, ...right: ScopeOperand[]): ScopeFilter => ({
  kind: 'compare',
  operator: '=',
  left,
  right,
})
const city: ScopeOperand = { kind: 'attribute', attribute: 'sa_customers_city' }
const ofClaim: ScopeFilter = equals(city, { kind: 'claim', name: 'city' })
const filter = (of: ScopeFilter): Scope => ({ kind: 'filter', filter: of })
const noCustomer = equals({ kind: 'attribute', attribute: 'sa_orders_customer_id' }, { kind: 'constant', value: null })
const joined = equals(
  { kind: 'joined', path: ['fk_orders_1'], attribute: 'sa_customers_city' },
  { kind: 'claim', name: 'city' },
)
const exists: ScopeFilter = { kind: 'exists', foreignKey: 'fk_orders_1', term: ofClaim }
const follows: ScopeFilter = { kind: 'in-scope', foreignKey: 'fk_orders_1' }
const recent: ScopeFilter = {
  kind: 'compare',
  operator: '>',
  left: { kind: 'attribute', attribute: 'sa_orders_ordered_at' },
  right: [{ kind: 'now-minus', seconds: 60 }],
}

const findings = (parent: Scope, child: Scope): string[] => {
  const project = shop()
  entity(project, 'customers').scope = parent
  entity(project, 'orders').scope = child
  return checkScopeRelations(project)
    .filter(({ message }) => message.includes('"customers"'))
    .map(({ code }) => code)
}

describe('a child whose parent is bounded', () => {
  it.each<[string, Scope]>([
    ['follows', filter(follows)],
    ['follows among others', filter({ kind: 'and', terms: [recent, { kind: 'and', terms: [follows] }] })],
    ['asks the same of its parent', filter(exists)],
    ['asks the same or refers to nothing', filter({ kind: 'or', terms: [noCustomer, exists] })],
    ['compares the same joined attribute', filter(joined)],
    [
      'asks more of its parent',
      filter({ kind: 'exists', foreignKey: 'fk_orders_1', term: { kind: 'and', terms: [ofClaim, ofClaim] } }),
    ],
  ])('is safe where it %s', (_, scope) => {
    expect(findings(filter(ofClaim), scope)).toEqual([])
  })

  it.each<[string, Scope]>([
    ['brings all', { kind: 'all' }],
    ['asks something else', filter(recent)],
    ['has another way in', filter({ kind: 'or', terms: [follows, recent] })],
    ['asks the opposite', filter({ kind: 'not', term: exists })],
    [
      'asks another claim',
      filter({ kind: 'exists', foreignKey: 'fk_orders_1', term: equals(city, { kind: 'claim', name: 'town' }) }),
    ],
  ])('is reported where it %s', (_, scope) => {
    expect(findings(filter(ofClaim), scope)).toEqual(['SL5010'])
  })

  it('has to imply each of the conditions', () => {
    const two = filter({
      kind: 'and',
      terms: [
        ofClaim,
        equals({ kind: 'attribute', attribute: 'sa_customers_credit' }, { kind: 'constant', value: '1' }),
      ],
    })
    expect(findings(two, filter(exists))).toEqual(['SL5010'])
    expect(findings(two, filter(follows))).toEqual([])
  })

  it('may say the same of its own column of the reference', () => {
    const mine = filter(
      equals({ kind: 'attribute', attribute: 'sa_customers_customer_id' }, { kind: 'claim', name: 'me' }),
    )
    const own = filter(equals({ kind: 'attribute', attribute: 'sa_orders_customer_id' }, { kind: 'claim', name: 'me' }))
    expect(findings(mine, own)).toEqual([])
  })

  it('can not be compared with SQL, unless it follows', () => {
    const sql: Scope = { kind: 'sql', where: 'true' }
    expect(findings(sql, filter(recent))).toEqual(['SL5011'])
    expect(findings(filter(ofClaim), sql)).toEqual(['SL5011'])
    expect(findings(sql, filter(follows))).toEqual([])
    expect(findings(sql, { kind: 'all' })).toEqual(['SL5010'])
  })

  it('is safe where its parent is not bounded', () => {
    expect(findings({ kind: 'all' }, filter(recent))).toEqual([])
    expect(findings(filter({ kind: 'and', terms: [] }), { kind: 'all' })).toEqual([])
  })
})

describe('the fixes of a dangling reference', () => {
  const broken = (): Project => {
    const project = shop()
    entity(project, 'customers').scope = filter(ofClaim)
    return project
  }

  it('cascade, restrict and widen, and each removes the finding', () => {
    const titles = fixesOf(checkScopeRelations(broken())[0] ?? {}).map(({ title }) => title)
    expect(titles).toEqual(['Follow customers', 'Restrict by the same condition', 'Bring all of customers'])
    for (const index of titles.keys()) {
      const project = broken()
      const fix = fixesOf(checkScopeRelations(project)[0] ?? {})[index]
      expect(fix !== undefined && applyFix(project, fix, createNamedIds()).kind).toBe('done')
      expect(checkScopeRelations(project).filter(({ message }) => message.includes('"customers"'))).toEqual([])
      expect(compile(project).files).not.toBeNull()
    }
  })

  it('keep what the child says already', () => {
    const project = broken()
    entity(project, 'orders').scope = filter({ kind: 'or', terms: [recent, exists] })
    const found = checkScopeRelations(project).find(({ message }) => message.includes('"customers"'))
    if (found?.fix !== undefined) applyFix(project, found.fix, createNamedIds())
    expect(entity(project, 'orders').scope).toEqual(
      filter({ kind: 'and', terms: [{ kind: 'or', terms: [recent, exists] }, follows] }),
    )
  })

  it('go on to the children of what then holds fewer rows', () => {
    const project = broken()
    const [found] = checkScopeRelations(project)
    if (found?.fix !== undefined) applyFix(project, found.fix, createNamedIds())
    expect(entity(project, 'order_details').scope).toEqual(
      filter({ kind: 'in-scope', foreignKey: 'fk_order_details_1' }),
    )
    expect(checkScopeRelations(project)).toEqual([])
  })

  it('of rows that refer to their own kind is to bring all: each would have a parent again', () => {
    const project = shop(
      buildSchema({
        staff: {
          attributes: { id: 'integer!', lead: 'integer', team: 'text' },
          key: ['id'],
          references: [{ attributes: ['lead'], table: 'staff' }],
        },
      }),
    )
    entity(project, 'staff').scope = filter(
      equals({ kind: 'attribute', attribute: 'sa_staff_team' }, { kind: 'claim', name: 'team' }),
    )
    expect(
      checkScopeRelations(project)
        .flatMap(fixesOf)
        .map(({ title }) => title),
    ).toEqual(['Bring all of staff'])
  })

  it('never make a circle', () => {
    const project = shop(
      buildSchema({
        a: {
          attributes: { id: 'integer!', b: 'integer' },
          key: ['id'],
          references: [{ attributes: ['b'], table: 'b' }],
        },
        b: {
          attributes: { id: 'integer!', a: 'integer' },
          key: ['id'],
          references: [{ attributes: ['a'], table: 'a' }],
        },
      }),
    )
    entity(project, 'b').scope = filter({ kind: 'in-scope', foreignKey: 'fk_b_1' })
    expect(
      checkScopeRelations(project)
        .flatMap(fixesOf)
        .map(({ title }) => title),
    ).toEqual(['Bring all of b'])
  })

  it('of a parent on demand is to bring the child on demand too', () => {
    const project = shop()
    entity(project, 'customers').pattern = { kind: 'on-demand', parent: null }
    const [found] = checkScopeRelations(project)
    expect(found?.code).toBe('SL5010')
    if (found?.fix !== undefined) applyFix(project, found.fix, createNamedIds())
    expect(entity(project, 'orders').pattern).toEqual({ kind: 'on-demand', parent: 'fk_orders_1' })
  })
})
