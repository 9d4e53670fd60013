import { expect, test } from 'vitest'
import {
  addComputedAttribute,
  addDenormalisedAttribute,
  addLocalEntity,
  createNamedIds,
  emptyProject,
  mapByName,
  type NameMapping,
  nameMapping,
  type OperationResult,
  type Project,
  renameLocalAttribute,
  type ScopeFilter,
  setPatternKind,
  setScope,
} from '../index'
import { equalNames, matchable, matching } from '../name-mapping'
import { buildSchema, entityId } from '../testing/build-schema'

const ids = createNamedIds()
const schema = buildSchema({
  regions: { attributes: { id: 'integer!', title: 'text' }, key: ['id'] },
  customers: {
    attributes: { id: 'integer!', company: 'text!', city: 'text', phone: 'text', region_id: 'integer' },
    key: ['id'],
    references: [{ attributes: ['region_id'], table: 'regions' }],
  },
  suppliers: {
    attributes: {
      code: 'uuid!',
      id: 'integer!',
      company: 'text!',
      City: 'character varying(20)',
      region_id: 'integer',
      fax: 'text',
    },
    key: ['code'],
    references: [{ attributes: ['region_id'], table: 'regions' }],
  },
  orders: {
    attributes: { id: 'integer!', customer_id: 'integer!' },
    key: ['id'],
    references: [{ attributes: ['customer_id'], table: 'customers' }],
  },
  log: { attributes: { company: 'text' } },
})

const must = <T>(result: OperationResult<T>): T => {
  if (result.kind === 'refused') throw new Error(result.reason)
  return result.value
}

function shop() {
  const project: Project = { ...emptyProject({ id: 'pr_1', name: 'Shop' }), ...structuredClone(schema) }
  const add = (root: string) => must(addLocalEntity(project, { root: entityId(root), ids }))
  return { project, customers: add('customers'), orders: add('orders') }
}

const mappingOf = (project: Project, entity: string, table: string): NameMapping => {
  const possible = nameMapping(project, entity, entityId(table))
  if (possible.kind === 'impossible') throw new Error(possible.reason)
  return possible.mapping
}

const sources = (project: Project, entity: string) =>
  Object.values(project.localEntities[entity]?.attributes ?? {}).map(({ name, source }) =>
    source.kind === 'root' ? `${name}: ${source.attribute}` : `${name}: ${source.kind}`,
  )

test('attributes of equal names keep ids and settings, the others go, and the other key comes', () => {
  const { project, customers } = shop()
  const company = Object.values(project.localEntities[customers]?.attributes ?? {}).find(
    ({ name }) => name === 'company',
  )
  must(renameLocalAttribute(project, customers, company?.id ?? '', 'firm'))
  must(mapByName(project, { entity: customers, table: entityId('suppliers'), take: ['sa_suppliers_fax'], ids }))
  const entity = project.localEntities[customers]
  expect(entity).toMatchObject({ name: 'customers', root: entityId('suppliers'), keyStrategy: 'device-uuid' })
  expect(sources(project, customers)).toEqual([
    'id: sa_suppliers_id',
    'firm: sa_suppliers_company',
    'city: sa_suppliers_city',
    'region_id: sa_suppliers_region_id',
    'code: sa_suppliers_code',
    'fax: sa_suppliers_fax',
  ])
  expect(entity?.attributes[company?.id ?? '']).toMatchObject({ name: 'firm' })
})

test('what was read along a reference that both tables have is read along the other’s; else it goes', () => {
  const { project, customers, orders } = shop()
  must(
    addDenormalisedAttribute(project, {
      entity: customers,
      path: ['fk_customers_1'],
      attribute: 'sa_regions_title',
      ids,
    }),
  )
  must(
    addDenormalisedAttribute(project, { entity: orders, path: ['fk_orders_1'], attribute: 'sa_customers_city', ids }),
  )
  must(mapByName(project, { entity: customers, table: entityId('suppliers'), ids }))
  const title = Object.values(project.localEntities[customers]?.attributes ?? {}).find(
    ({ name }) => name === 'region_title',
  )
  expect(title?.source).toMatchObject({ kind: 'denormalised', path: ['fk_suppliers_1'] })
  expect(
    mappingOf(project, orders, 'regions').dropped.map(({ attribute, reason }) => [attribute.name, reason]),
  ).toEqual([
    ['customer_id', '“regions” has no column of this name.'],
    ['customer_city', '“regions” has no reference like the one that it is read along.'],
  ])
})

test('a scope follows the names, and a condition without a counterpart stays and is told', () => {
  const { project, customers } = shop()
  const is = (attribute: string): ScopeFilter => ({
    kind: 'compare',
    operator: '=',
    left: { kind: 'attribute', attribute },
    right: [{ kind: 'constant', value: '1' }],
  })
  const here = (...terms: ScopeFilter[]) =>
    must(setScope(project, customers, { kind: 'filter', filter: { kind: 'and', terms } }))
  here(is('sa_customers_company'), { kind: 'in-scope', foreignKey: 'fk_customers_1' })
  expect(mappingOf(project, customers, 'suppliers')).toMatchObject({
    scope: { filter: { terms: [is('sa_suppliers_company'), { foreignKey: 'fk_suppliers_1' }] } },
  })
  expect(mappingOf(project, customers, 'suppliers').breaks.join(' ')).not.toMatch(/scope/)
  here(is('sa_customers_company'), is('sa_customers_phone'))
  const mapping = mappingOf(project, customers, 'suppliers')
  expect(mapping.scope).toMatchObject({ filter: { terms: [is('sa_suppliers_company'), is('sa_customers_phone')] } })
  expect(mapping.breaks.join(' ')).toMatch(/Its scope reads what “suppliers” has not/)
})

test('who refers to it, and who was part of it, is told; children go with their reference', () => {
  const { project, customers, orders } = shop()
  must(setPatternKind(project, customers, 'one-to-many'))
  expect(project.localEntities[customers]?.pattern).toMatchObject({ children: [orders] })
  const { breaks } = mappingOf(project, customers, 'suppliers')
  expect(breaks.join(' ')).toMatch(/“orders” refers to rows of “customers”, which are then not on the device/)
  expect(breaks.join(' ')).toMatch(/Rows of “orders” are no longer part/)
  must(mapByName(project, { entity: customers, table: entityId('suppliers'), ids }))
  expect(project.localEntities[customers]?.pattern).toMatchObject({ children: [] })
})

test('a parent loses a child that does not refer to it any more', () => {
  const { project, customers, orders } = shop()
  must(setPatternKind(project, customers, 'one-to-many'))
  must(mapByName(project, { entity: orders, table: entityId('regions'), ids }))
  expect(project.localEntities[customers]?.pattern).toMatchObject({ children: [] })
})

test('the SQL of computed attributes stays, and that is told', () => {
  const { project, customers } = shop()
  must(
    addComputedAttribute(project, {
      entity: customers,
      name: 'loud',
      expression: 'upper(b.company)',
      type: 'text',
      ids,
    }),
  )
  const { kept, breaks } = mappingOf(project, customers, 'suppliers')
  expect(kept.map(({ attribute }) => attribute.name)).toContain('loud')
  expect(breaks.join(' ')).toMatch(/Computed attributes keep their SQL/)
})

test('a table that another card is of is refused, and the reason names that card', () => {
  const { project, customers } = shop()
  const added = must(addLocalEntity(project, { root: entityId('suppliers'), ids }))
  const before = structuredClone(project)
  expect(mapByName(project, { entity: customers, table: entityId('suppliers'), ids })).toEqual({
    kind: 'refused',
    reason: `“suppliers” is on the device already as “${project.localEntities[added]?.name}”.`,
  })
  expect(project).toEqual(before)
})

test('a key of another type is kept, but is no match, and neither is what is computed', () => {
  const { project, customers } = shop()
  must(addComputedAttribute(project, { entity: customers, name: 'n', expression: '1', type: 'integer', ids }))
  const suppliers = project.serverEntities[entityId('suppliers')]
  const entity = project.localEntities[customers]
  if (!suppliers || !entity) throw new Error('There is nothing to map.')
  const counts = () => {
    const mapping = mappingOf(project, customers, 'suppliers')
    const root = project.serverEntities[entityId('customers')]
    return [mapping.kept.length, matching(mapping), matchable(mapping.entity), equalNames(entity, root, suppliers)]
  }
  expect(counts()).toEqual([5, 4, 5, 4])
  const id = suppliers.attributes['sa_suppliers_id']
  if (id) id.type = 'uuid'
  // Of a type of its own, a column that is not the key still matches.
  expect(counts()).toEqual([5, 4, 5, 4])
  suppliers.primaryKey = ['sa_suppliers_id']
  expect(counts()).toEqual([5, 3, 5, 3])
})

test('a table without a key, of no equal names, or that it is of already, is refused and changes nothing', () => {
  const { project, customers, orders } = shop()
  const before = structuredClone(project)
  for (const [entity, table] of [
    [customers, 'log'],
    [customers, 'customers'],
    [orders, 'gone'],
  ] as const) {
    expect(mapByName(project, { entity, table: entityId(table), ids })).toMatchObject({ kind: 'refused' })
  }
  expect(project).toEqual(before)
})
