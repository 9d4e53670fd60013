import { describe, expect, it } from 'vitest'
import { denormalisedName } from './denormalised-name'
import { isTooLong } from './names'
import { followPath } from './paths'
import { buildSchema } from './testing/build-schema'

/** The name for a column at the end of references, each given by its column. */
function proposed(ways: readonly string[], column: string): string {
  const tables = Object.fromEntries(
    [...ways, null].map((way, index) => [
      `t${index}`,
      {
        attributes: { id: 'integer!', [column]: 'text', ...(way === null ? {} : { [way]: 'integer' }) },
        key: ['id'],
        references: way === null ? [] : [{ attributes: [way], table: `t${index + 1}` }],
      },
    ]),
  )
  const schema = buildSchema(tables)
  const path = ways.map((_, index) => Object.keys(schema.serverEntities[`se_t${index}`]?.foreignKeys ?? {})[0] ?? '')
  const followed = followPath(schema, 'se_t0', path)
  if (followed === null) throw new Error('The path leads nowhere.')
  return denormalisedName(followed.steps, { name: column })
}

describe('the name of a denormalised attribute', () => {
  it.each([
    [['customer_id'], 'company_name', 'customer_company_name'],
    [['bill_to_id'], 'name', 'bill_to_name'],
    [['ship_to_id'], 'name', 'ship_to_name'],
    [['ship_via'], 'phone', 'ship_via_phone'],
    [['country_code'], 'name', 'country_name'],
    [['customer_id', 'region_id'], 'name', 'customer_region_name'],
    [['customer_id'], 'customer_name', 'customer_name'],
    [['region'], 'region', 'region'],
    [['product_id'], 'production', 'product_production'],
    [['customerId'], 'companyName', 'customerCompanyName'],
    [['CustomerID'], 'CompanyName', 'CustomerCompanyName'],
    [['CustomerID'], 'Name', 'CustomerName'],
    [['paid'], 'at', 'paid_at'],
    [['Kunde_ID'], 'Größe', 'KundeGröße'],
    [['id'], 'name', 't1_name'],
  ])('along %s to %s is %s', (ways, column, name) => {
    expect(proposed(ways, column)).toBe(name)
  })

  it('names the table where the reference has several columns', () => {
    const schema = buildSchema({
      lines: {
        attributes: { id: 'integer!', order_no: 'integer', shop: 'text' },
        key: ['id'],
        references: [{ attributes: ['order_no', 'shop'], table: 'orders' }],
      },
      orders: { attributes: { no: 'integer!', shop: 'text!', placed: 'date' }, key: ['no', 'shop'] },
    })
    const steps = followPath(schema, 'se_lines', ['fk_lines_1'])?.steps ?? []
    expect(denormalisedName(steps, { name: 'placed' })).toBe('orders_placed')
  })

  it('leaves steps out rather than being cut off', () => {
    const long = proposed(['the_customer_who_ordered_it_in_the_first_place_id', 'region_id'], 'description')
    expect(long).toBe('region_description')
    expect(isTooLong(long)).toBe(false)
  })
})
