import { expect, test } from 'vitest'
import { projectFromSchema } from './new-project'
import type { ScopeFilter, ScopeOperand } from './scope'
import { durationInWords, filterInWords, scopeInWords } from './scope-words'
import { shopSchema } from './testing/build-schema'

const made = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
if (made.kind === 'refused') throw new Error(made.reason)
const { project } = made
const orders = project.serverEntities.se_orders
if (orders === undefined) throw new Error('The shop has no orders.')

const city: ScopeOperand = { kind: 'attribute', attribute: 'sa_customers_city' }
const ordered: ScopeOperand = { kind: 'attribute', attribute: 'sa_orders_ordered_at' }
const note: ScopeOperand = { kind: 'attribute', attribute: 'sa_orders_note' }
const customerCity: ScopeOperand = { kind: 'joined', path: ['fk_orders_1'], attribute: 'sa_customers_city' }
const compare = (
  left: ScopeOperand,
  operator: Extract<ScopeFilter, { kind: 'compare' }>['operator'],
  ...right: ScopeOperand[]
): ScopeFilter => ({ kind: 'compare', operator, left, right })
const claim: ScopeOperand = { kind: 'claim', name: 'region' }
const recent = compare(ordered, '>', { kind: 'now-minus', seconds: 30 * 86_400 })
const nothing: ScopeOperand = { kind: 'constant', value: null }

test.each<[string, ScopeFilter]>([
  [
    'note is the claim region, and ordered_at is newer than 30 days',
    { kind: 'and', terms: [compare(note, '=', claim), recent] },
  ],
  [
    'note is empty, or (note is “a”, and ordered_at is newer than 30 days)',
    {
      kind: 'or',
      terms: [
        compare(note, '=', nothing),
        { kind: 'and', terms: [compare(note, '=', { kind: 'constant', value: 'a' }), recent] },
      ],
    },
  ],
  ['not (note is not empty)', { kind: 'not', term: compare(note, '<>', nothing) }],
  [
    'customer.city is one of “a”, the claim region',
    compare(customerCity, 'in', { kind: 'constant', value: 'a' }, claim),
  ],
  ['ordered_at is before “2026-01-01”', compare(ordered, '<', { kind: 'constant', value: '2026-01-01' })],
  [
    'its customer is one where city is the claim region',
    { kind: 'exists', foreignKey: 'fk_orders_1', term: compare(city, '=', claim) },
  ],
  ['it has order_details', { kind: 'exists', foreignKey: 'fk_order_details_1', term: { kind: 'and', terms: [] } }],
  ['its customer is in the scope of customers', { kind: 'in-scope', foreignKey: 'fk_orders_1' }],
  ['a column that is not there is the claim region', compare({ kind: 'attribute', attribute: 'sa_gone' }, '=', claim)],
  ['no row', { kind: 'or', terms: [] }],
])('a filter says: %s', (words, filter) => {
  expect(filterInWords(project, orders, filter)).toBe(words)
})

test('a scope in SQL is one line', () => {
  expect(scopeInWords(project, { root: 'se_orders' }, { kind: 'sql', where: 'a =\n  1 ' })).toBe('rows where a = 1')
  expect(scopeInWords(project, { root: 'se_orders' }, { kind: 'all' })).toBe('all rows')
})

test('durations are in the largest unit without a rest', () => {
  expect([1, 90, 5400, 86_400, 604_800, 30 * 86_400, 0].map(durationInWords)).toEqual([
    '1 second',
    '90 seconds',
    '90 minutes',
    '1 day',
    '1 week',
    '30 days',
    '0 seconds',
  ])
})
