import { expect, test } from 'vitest'
import { createNamedIds } from '@/designer/model/ids'
import { emptyProject } from '@/designer/model/new-project'
import { addComputedAttribute, addDenormalisedAttribute } from '@/designer/model/operations/derived-attributes'
import { addLocalEntity } from '@/designer/model/operations/local-entities'
import type { Project } from '@/designer/model/project'
import { buildSchema, entityId } from '@/designer/model/testing/build-schema'
import type { DragItem, DropTarget } from './drag-item'
import { dropMeaning } from './drop-meaning'

const NAME = 'character varying(40)'

const schema = buildSchema({
  regions: { attributes: { id: 'integer!', title: NAME }, key: ['id'] },
  customers: {
    attributes: { id: 'integer!', company: NAME, city: NAME, region_id: 'integer', shape: 'geometry' },
    key: ['id'],
    references: [{ attributes: ['region_id'], table: 'regions' }],
  },
  suppliers: { attributes: { id: 'integer!', company: NAME, city: NAME }, key: ['id'] },
  orders: {
    attributes: { id: 'integer!', customer_id: 'integer!', payer_id: 'integer', note: 'text' },
    key: ['id'],
    references: [
      { attributes: ['customer_id'], table: 'customers' },
      { attributes: ['payer_id'], table: 'customers' },
    ],
  },
  lines: {
    attributes: { order_id: 'integer!', product: 'text!' },
    key: ['order_id', 'product'],
    references: [{ attributes: ['order_id'], table: 'orders' }],
  },
  log: { attributes: { line: 'text' } },
})

const ids = createNamedIds()

/** A project with cards of these tables; of `attributes` where they are given, else of all. */
function withCards(cards: Readonly<Record<string, readonly string[] | null>>) {
  const project: Project = {
    ...structuredClone(emptyProject({ id: 'pr_test', name: 'T' })),
    ...structuredClone(schema),
  }
  const idOf: Record<string, string> = {}
  const addCard = (table: string, attributes: readonly string[] | null) => {
    const chosen = attributes && { attributes: attributes.map((name) => attribute(table, name)) }
    const result = addLocalEntity(project, { root: entityId(table), ids, ...chosen })
    if (result.kind === 'done') idOf[table] = result.value
  }
  for (const [table, attributes] of Object.entries(cards)) addCard(table, attributes)
  const on = (table: string): DropTarget => ({ kind: 'card', entity: idOf[table] ?? '' })
  return { project, on, idOf, addCard }
}

const attribute = (table: string, name: string): string => `sa_${table}_${name}`
const CANVAS: DropTarget = { kind: 'canvas' }
const table = (name: string): DragItem => ({ kind: 'table', entity: entityId(name) })
const column = (name: string, of: string): DragItem => ({
  kind: 'attribute',
  entity: entityId(name),
  attribute: attribute(name, of),
})

const summary = (project: Project, item: DragItem, target: DropTarget): readonly string[] => {
  const meaning = dropMeaning(project, item, target)
  if (meaning.kind === 'refused') return [`refused: ${meaning.reason}`]
  return meaning.choices.map(({ choice, note, disabled }) =>
    [choice.kind, disabled ? 'not possible' : note].filter(Boolean).join(' '),
  )
}

test('on the canvas a table becomes an entity, and an attribute one with its key and itself', () => {
  const { project } = withCards({})
  expect(summary(project, table('orders'), CANVAS)).toEqual(['add-entity'])
  expect(dropMeaning(project, column('orders', 'note'), CANVAS)).toMatchObject({
    choices: [{ choice: { attributes: [attribute('orders', 'id'), attribute('orders', 'note')] } }],
  })
  expect(summary(project, table('log'), CANVAS)[0]).toMatch(/refused: .*no primary key/)
})

test('an attribute of the card’s own table is added once', () => {
  const { project, on } = withCards({ customers: ['company'] })
  expect(summary(project, column('customers', 'city'), on('customers'))).toEqual(['add-attributes'])
  expect(summary(project, column('customers', 'company'), on('customers'))[0]).toMatch(/has “company” already/)
  expect(summary(project, column('customers', 'shape'), on('customers'))[0]).toMatch(/type geometry/)
})

test('an attribute of a table that the card refers to is denormalised; with two ways the user chooses', () => {
  const { project, on } = withCards({ customers: null, orders: null })
  expect(summary(project, column('regions', 'title'), on('customers'))).toEqual(['denormalise via region_id'])
  expect(summary(project, column('customers', 'city'), on('orders'))).toEqual([
    'denormalise via customer_id',
    'denormalise via payer_id',
  ])
})

test('an attribute that was found along a way is denormalised along that way', () => {
  const { project, on, idOf } = withCards({ orders: null, customers: null, lines: null })
  const item: DragItem = {
    kind: 'path-attribute',
    entity: entityId('lines'),
    path: ['fk_lines_1', 'fk_orders_2', 'fk_customers_1'],
    attribute: attribute('regions', 'title'),
  }
  expect(summary(project, item, on('lines'))).toEqual(['denormalise via order_id → payer_id → region_id'])
  expect(summary(project, item, on('orders'))).toEqual(['denormalise via payer_id → region_id'])
  expect(summary(project, item, on('customers'))).toEqual(['denormalise via region_id'])
  addDenormalisedAttribute(project, {
    entity: idOf.customers ?? '',
    path: ['fk_customers_1'],
    attribute: attribute('regions', 'title'),
    ids,
  })
  expect(summary(project, item, on('customers'))[0]).toMatch(/has “regions.title” already/)
})

test('another table can be mapped, added, denormalised or brought; what is not possible says why', () => {
  const { project, on, addCard } = withCards({ orders: null })
  expect(summary(project, table('customers'), on('orders'))).toEqual([
    'map-by-name 1 of 4 attributes match',
    'add-child not possible',
    'denormalise-many via customer_id',
    'denormalise-many via payer_id',
    'add-entity',
  ])
  const parent: DragItem = { kind: 'parent', entity: entityId('orders'), path: ['fk_orders_2'] }
  expect(summary(project, parent, on('orders'))).toEqual([
    'map-by-name 1 of 4 attributes match',
    'add-child not possible',
    'denormalise-many via payer_id',
    'add-entity',
  ])
  expect(summary(project, table('lines'), on('orders'))).toEqual([
    'map-by-name not possible',
    'add-child orders becomes One to many',
    'denormalise-many not possible',
    'add-entity',
  ])
  addCard('customers', ['id', 'company'])
  expect(summary(project, table('suppliers'), on('customers'))).toEqual([
    'map-by-name 2 of 2 attributes match',
    'add-child not possible',
    'denormalise-many not possible',
    'add-entity',
  ])
  expect(summary(project, table('log'), on('customers'))).toEqual([
    'map-by-name not possible',
    'add-child not possible',
    'denormalise-many not possible',
    'add-entity not possible',
  ])
  expect(reasons(project, table('lines'), on('orders'))).toEqual([
    expect.stringMatching(/No attribute of “orders” has the name of a column of “lines”/),
    expect.stringMatching(/One orders has many lines/),
  ])
  expect(reasons(project, table('lines'), on('customers'))[1]).toMatch(
    /by way of “orders” only: add it as a child of that/,
  )
  expect(reasons(project, table('suppliers'), on('customers'))).toEqual([
    expect.stringMatching(/“suppliers” does not refer to “customers”/),
    expect.stringMatching(/No foreign key leads from “customers” to “suppliers”/),
  ])
})

const reasons = (project: Project, item: DragItem, target: DropTarget) => {
  const meaning = dropMeaning(project, item, target)
  return meaning.kind === 'refused' ? [] : meaning.choices.flatMap(({ disabled }) => disabled ?? [])
}

test('a table that has a card is shown, not brought again', () => {
  const { project, on, idOf } = withCards({ orders: null, customers: ['id', 'company'], lines: null })
  for (const item of [table('customers'), column('customers', 'city')]) {
    expect(dropMeaning(project, item, CANVAS)).toMatchObject({
      kind: 'choices',
      choices: [{ choice: { kind: 'show-card', entity: idOf['customers'] }, disabled: null }],
    })
  }
  expect(summary(project, table('customers'), on('orders'))).toEqual([
    'map-by-name not possible',
    'add-child not possible',
    'denormalise-many via customer_id',
    'denormalise-many via payer_id',
    'add-entity not possible',
  ])
  expect(reasons(project, table('lines'), on('orders'))).toEqual([
    '“lines” is on the device already as “lines”.',
    '“lines” is on the device already as “lines”.',
    expect.stringMatching(/One orders has many lines/),
    '“lines” is on the device already as “lines”.',
  ])
})

test('only what finds a column counts as a match: nothing computed, and no key of another type', () => {
  const { project, on, idOf } = withCards({ customers: ['id', 'company'] })
  const computed = { entity: idOf['customers'] ?? '', name: 'loud', expression: 'upper(b.company)', type: 'text' }
  expect(addComputedAttribute(project, { ...computed, ids }).kind).toBe('done')
  expect(summary(project, table('suppliers'), on('customers'))[0]).toBe('map-by-name 2 of 2 attributes match')
  const key = project.serverEntities[entityId('suppliers')]?.attributes[attribute('suppliers', 'id')]
  if (key) key.type = 'uuid'
  expect(summary(project, table('suppliers'), on('customers'))[0]).toBe('map-by-name 1 of 2 attributes match')
})

test('a card whose table is gone is mapped to another by the names that it has', () => {
  const { project, on } = withCards({ customers: ['company', 'city'] })
  delete project.serverEntities[entityId('customers')]
  expect(summary(project, table('suppliers'), on('customers'))).toEqual([
    'map-by-name 3 of 3 attributes match',
    'add-entity',
  ])
  expect(summary(project, column('suppliers', 'city'), on('customers'))[0]).toMatch(/Drop another table on it/)
})

test('the rest of its own table is added to a card by name', () => {
  const { project, on } = withCards({ customers: ['id'] })
  expect(summary(project, table('customers'), on('customers'))).toEqual(['add-attributes company, city, region_id'])
})

test('what does not fit says why', () => {
  const { project, on } = withCards({ customers: null, regions: null })
  expect(summary(project, column('orders', 'note'), on('customers'))[0]).toMatch(/one customers has many orders/)
  expect(summary(project, table('regions'), on('regions'))[0]).toMatch(/has all attributes/)
  expect(summary(project, { kind: 'table', entity: 'se_gone' }, CANVAS)[0]).toMatch(/no longer in the schema/)
})
