import { describe, expect, it, test } from 'vitest'
import {
  insertTerm,
  moveTerm,
  projectFromSchema,
  replaceTerm,
  type ScopeFilter,
  type ScopeOperand,
  unwrapTerm,
  wrapTerm,
} from '@/designer/model'
import { shopSchema } from '@/designer/model/testing/build-schema'
import { claimToText, textToClaim } from './claim-text'
import { knownClaims, operandOptions } from './operand-options'
import { type Comparison, shownOperator, startingComparison, withOperator } from './operators'
import { shapeOfOperand } from './value-shape'

const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
if (made.kind === 'refused') throw new Error(made.reason)
const { project } = made
const details = project.serverEntities.se_order_details
if (details === undefined) throw new Error('The shop has no lines.')

const term = (name: string): ScopeFilter => ({
  kind: 'compare',
  operator: '=',
  left: { kind: 'claim', name },
  right: [{ kind: 'constant', value: 'x' }],
})
const [a, b, c] = [term('a'), term('b'), term('c')]
const and = (...terms: ScopeFilter[]): ScopeFilter => ({ kind: 'and', terms })
const or = (...terms: ScopeFilter[]): ScopeFilter => ({ kind: 'or', terms })

describe('a filter tree', () => {
  it('is changed where it is asked to, and nowhere else', () => {
    const filter = and(a, or(b, c))
    expect(replaceTerm(filter, [1, 0], a)).toEqual(and(a, or(a, c)))
    expect(replaceTerm(filter, [1, 1], null)).toEqual(and(a, or(b)))
    expect(replaceTerm(a, [], null)).toBeNull()
    expect(replaceTerm({ kind: 'not', term: a }, [0], null)).toBeNull()
    expect(replaceTerm({ kind: 'exists', foreignKey: 'fk_x', term: a }, [0], null)).toEqual({
      kind: 'exists',
      foreignKey: 'fk_x',
      term: and(),
    })
    expect(insertTerm(filter, [1], a, 1)).toEqual(and(a, or(b, a, c)))
    expect(insertTerm(a, [], b)).toEqual(and(a, b))
  })

  it('is wrapped and unwrapped', () => {
    expect(wrapTerm(and(a, b), [1], 'or')).toEqual(and(a, or(b)))
    expect(wrapTerm(a, [], 'not')).toEqual({ kind: 'not', term: a })
    expect(unwrapTerm(and(a, or(b, c)), [1])).toEqual(and(a, b, c))
    expect(unwrapTerm(and(a, { kind: 'not', term: b }), [1])).toEqual(and(a, b))
    expect(unwrapTerm(or(a), [])).toEqual(a)
  })

  it('lets a term travel up and down through groups, and back', () => {
    let moved = { filter: and(a, or(b), c), path: [0] as readonly number[] }
    const seen: (readonly number[])[] = []
    for (let step = 0; step < 5; step += 1) {
      moved = moveTerm(moved.filter, moved.path, 1)
      seen.push(moved.path)
    }
    expect(seen).toEqual([[0, 0], [0, 1], [1], [2], [2]])
    expect(moved.filter).toEqual(and(or(b), c, a))
    for (let step = 0; step < 4; step += 1) moved = moveTerm(moved.filter, moved.path, -1)
    expect(moved).toEqual({ filter: and(a, or(b), c), path: [0] })
  })
})

describe('what a condition can be about', () => {
  it('is found through foreign keys', () => {
    const found = operandOptions(project, details, 'customer city')
    expect(found.map(({ words }) => words)).toEqual(['order.customer.city'])
    expect(found[0]?.operand).toEqual({
      kind: 'joined',
      path: ['fk_order_details_1', 'fk_orders_1'],
      attribute: 'sa_customers_city',
    })
  })

  it('is what is near, where nothing is searched', () => {
    const words = operandOptions(project, details, '').map((option) => option.words)
    expect(words.slice(0, 4)).toEqual(['order_id', 'product', 'quantity', 'order.order_id'])
    expect(words).not.toContain('order.customer.city')
  })

  it('knows the claims of users and of scopes', () => {
    const changed = structuredClone(project)
    changed.testUsers.tu_1 = { id: 'tu_1', name: 'ada', order: 1, claims: { region: 'N' } }
    const [first, second] = Object.values(changed.localEntities)
    if (first) first.scope = { kind: 'filter', filter: and(a, { kind: 'not', term: b }) }
    if (second) second.writeScope = { kind: 'sql', where: "b.x = session.claims ->> 'depot'" }
    expect(knownClaims(changed)).toEqual(['a', 'b', 'depot', 'region'])
  })
})

describe('operators', () => {
  const quantity: ScopeOperand = { kind: 'attribute', attribute: 'sa_order_details_quantity' }
  const shape = shapeOfOperand(project, details, quantity)

  it('that are words of their own come back as they were', () => {
    const start = startingComparison(quantity, shape, [])
    expect(start.right).toEqual([{ kind: 'constant', value: '0' }])
    for (const operator of ['empty', 'not-empty', 'newer', 'older', 'in', '<>', 'like'] as const) {
      expect(shownOperator(withOperator(start, operator, shape))).toBe(operator)
    }
  })

  it('keep the value where the next one takes it too', () => {
    const seven: Comparison = {
      kind: 'compare',
      operator: '=',
      left: quantity,
      right: [{ kind: 'constant', value: '7' }],
    }
    expect(withOperator(withOperator(seven, 'in', shape), '>', shape)).toEqual({ ...seven, operator: '>' })
    expect(withOperator(withOperator(seven, 'empty', shape), '=', shape).right).toEqual([
      { kind: 'constant', value: '0' },
    ])
  })

  it('begin with a claim of the same name', () => {
    expect(startingComparison(quantity, shape, ['Customer-Id'], 'customer_id').right).toEqual([
      { kind: 'claim', name: 'Customer-Id' },
    ])
  })
})

test.each(['Basel', '', 7, true, false, null, ['a', 1], { a: [null] }, '7', 'true', '["a"]', 'null', ' padded '])(
  'the claim %j is the same after it was written in a field',
  (value) => {
    expect(textToClaim(claimToText(value))).toEqual(value)
  },
)
