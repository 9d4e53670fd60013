import { expect, it } from 'vitest'
import { createIds, createNamedIds, pascalCase } from './index'
import { Project } from './project'

it('ids fit the document, are random, and avoid those that are taken', () => {
  let byte = 0
  const ids = createIds((length) =>
    Uint8Array.from({ length }, () => {
      byte += 7
      return byte
    }),
  )
  const first = ids('localEntity', 'orders', () => false)
  expect(first).toMatch(/^le_[0-9a-z]{10}$/)
  expect(ids('localEntity', 'orders', (id) => id === first)).not.toBe(first)
})

it('named ids depend on the name alone', () => {
  const make = () => createNamedIds()('localEntity', 'orders', () => false)
  expect(make()).toBe(make())
  expect(createNamedIds()('localEntity', 'orders', (id) => id === make())).not.toBe(make())
  expect(Project.shape.id.safeParse(make()).success).toBe(true)
})

it('accessors are in PascalCase', () => {
  expect(
    ['order_details', 'Order Details', 'ORDER_DETAILS', 'invoiceLine', '2020-sales', 'größe', '!'].map(pascalCase),
  ).toEqual(['OrderDetails', 'OrderDetails', 'OrderDetails', 'InvoiceLine', '_2020Sales', 'Größe', '_'])
})
