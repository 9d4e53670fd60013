import { describe, expect, it } from 'vitest'
import { withNeeded } from './closure'
import { buildSchema, type TableSpec } from './testing/build-schema'

const table = (...parents: readonly string[]): TableSpec => ({
  attributes: Object.fromEntries([['id', 'integer!'], ...parents.map((parent) => [parent, 'integer'])]),
  key: ['id'],
  references: parents.map((parent) => ({ attributes: [parent], table: parent })),
})
const { serverEntities } = buildSchema({
  lines: table('orders', 'products'),
  orders: table('customers', 'staff'),
  staff: table('staff', 'regions'),
  products: table('categories'),
  categories: table(),
  customers: table('regions'),
  regions: table(),
  log: { attributes: { line: 'text' } },
  entries: table('log'),
})

const needed = (ids: readonly string[], depth?: number) =>
  withNeeded(serverEntities, ids, depth).map(
    ({ entity, because, depth: steps }) => `${steps} ${entity} ← ${because.entity}`,
  )

describe('what a choice of tables needs', () => {
  it('is what they refer to and so on, nearest first, each with the nearest reason', () => {
    expect(needed(['se_lines'])).toEqual([
      '1 se_orders ← se_lines',
      '1 se_products ← se_lines',
      '2 se_customers ← se_orders',
      '2 se_staff ← se_orders',
      '2 se_categories ← se_products',
      '3 se_regions ← se_customers',
    ])
  })

  it('ends after as many steps as are asked for', () => {
    expect(needed(['se_lines'], 1)).toEqual(['1 se_orders ← se_lines', '1 se_products ← se_lines'])
    expect(needed(['se_lines'], 0)).toEqual([])
  })

  it('leaves out what is chosen already, what refers to itself and what can’t be synced', () => {
    expect(needed(['se_staff', 'se_regions'])).toEqual([])
    expect(needed(['se_entries'])).toEqual([])
    expect(needed(['se_nobody'])).toEqual([])
  })
})
