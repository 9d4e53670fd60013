import { expect, test } from 'vitest'
import type { ServerEntity } from '@/designer/model/project'
import { withReferredTables } from './related-tables'
import { indexSchema, schemaRows } from './schema-rows'

const attribute = (id: string, order: number) => ({
  id,
  name: id,
  order,
  type: 'integer',
  typeId: null,
  nullable: false,
  default: null,
  identity: null,
  generated: null,
  comment: null,
  averageBytes: null,
})

function table(
  name: string,
  columns: readonly string[],
  refersTo: readonly string[] = [],
  schema = 'public',
): ServerEntity {
  return {
    id: name,
    schema,
    name,
    kind: 'table',
    attributes: Object.fromEntries(columns.map((column, index) => [column, attribute(column, index)])),
    primaryKey: columns.slice(0, 1),
    uniques: [],
    foreignKeys: Object.fromEntries(
      refersTo.map((target) => [
        `fk_${target}`,
        {
          id: `fk_${target}`,
          name: target,
          attributes: columns.slice(1),
          entity: target,
          referencedAttributes: ['id'],
          onDelete: 'no-action' as const,
          onUpdate: 'no-action' as const,
          deferrable: false,
        },
      ]),
    ),
    rowEstimate: null,
    comment: null,
  }
}

const ENTITIES = Object.fromEntries(
  [
    table('orders', ['id', 'customer_id'], ['customers']),
    table('customers', ['id', 'region_id'], ['regions']),
    table('regions', ['id', 'parent_id'], ['regions']),
    table('audit', ['id'], [], 'logs'),
  ].map((entity) => [entity.id, entity]),
)
const INDEX = indexSchema(ENTITIES)
const keys = (search: string, expanded: readonly string[] = []) =>
  schemaRows(INDEX, ENTITIES, search, new Set(expanded)).map(({ key }) => key)

test('tables stand by name under their schema, public first', () => {
  expect(keys('')).toEqual(['schema:public', 'customers', 'orders', 'regions', 'schema:logs', 'audit'])
})

test('a search finds tables by their own name and by that of a column', () => {
  expect(keys('ORD')).toEqual(['schema:public', 'orders'])
  expect(keys('customer_id')).toEqual(['schema:public', 'orders'])
  expect(keys('nothing like it')).toEqual([])
})

test('an opened table shows its columns in the order of the table, with what they refer to', () => {
  expect(keys('orders', ['orders'])).toEqual(['schema:public', 'orders', 'orders/id', 'orders/customer_id'])
  const reference = schemaRows(INDEX, ENTITIES, 'orders', new Set(['orders'])).at(-1)
  expect(reference).toMatchObject({ kind: 'attribute', isKey: false, refersTo: 'customers' })
})

test('a table comes with all that it refers to, also where a reference leads back to itself', () => {
  expect(withReferredTables('orders', ENTITIES).sort()).toEqual(['customers', 'orders', 'regions'])
})
