import { expect, test } from 'vitest'
import { addLocalEntity, createNamedIds, emptyProject, type Project } from '@/designer/model'
import { buildSchema, entityId } from '@/designer/model/testing/build-schema'
import { checkReferences } from './references'

test('a table that several references lead to is asked for once', () => {
  const schema = buildSchema({
    customers: { attributes: { id: 'integer!' }, key: ['id'] },
    orders: {
      attributes: { id: 'integer!', customer_id: 'integer', payer_id: 'integer' },
      key: ['id'],
      references: [
        { attributes: ['customer_id'], table: 'customers' },
        { attributes: ['payer_id'], table: 'customers' },
      ],
    },
  })
  const project: Project = { ...structuredClone(emptyProject({ id: 'pr_a', name: 'Shop' })), ...schema }
  addLocalEntity(project, { root: entityId('orders'), ids: createNamedIds() })
  expect(checkReferences(project).map(({ code, message }) => [code, message])).toEqual([
    ['SL2010', '"orders" refers to "customers", which is not on the device.'],
  ])
})
