import { describe, expect, it } from 'vitest'
import { nearNames } from './near-names'

const TABLES = ['customers', 'customer_demographics', 'orders', 'order_details', 'products', 'us_states']

describe('near names', () => {
  it.each([
    ['custmers', ['customers']],
    ['orderdetails', ['order_details']],
    ['public.Orders', ['orders']],
    ['states', ['us_states']],
    ['xyz', []],
  ])('of %s are %j', (name, near) => {
    expect(nearNames(name, TABLES).slice(0, near.length || 1)).toEqual(near)
  })
})
