import { describe, expect, it } from 'vitest'
import { type Project, type ProjectFromSchema, projectFromSchema, serializeProject } from './index'
import { buildSchema, shopSchema } from './testing/build-schema'

const projectOf = (result: ProjectFromSchema): Project => {
  if (result.kind === 'refused') throw new Error(result.reason)
  return result.project
}
const localNames = (project: Project): string[] =>
  Object.values(project.localEntities)
    .map((entity) => entity.name)
    .sort()

describe('projectFromSchema', () => {
  it('takes all tables that have a key, and says which have none, and what is no table', () => {
    const result = projectFromSchema({ schema: shopSchema(), name: 'Shop' })
    expect(localNames(projectOf(result))).toEqual(['customers', 'order_details', 'orders', 'visits'])
    expect(result).toMatchObject({ leftOut: [{ name: 'log' }, { name: 'order_totals' }] })
  })

  it('takes the named tables on the pattern', () => {
    const project = projectOf(
      projectFromSchema({
        schema: shopSchema(),
        name: 'Shop',
        entities: ['orders', 'public.customers'],
        pattern: 'read-only-delta',
      }),
    )
    expect(localNames(project)).toEqual(['customers', 'orders'])
    expect(Object.values(project.localEntities).map((entity) => entity.pattern.kind)).toEqual([
      'read-only-delta',
      'read-only-delta',
    ])
    expect(Object.values(project.syncUnits).map((unit) => unit.name)).toEqual(['Default'])
  })

  it.each([
    ['all tables', 'all' as const],
    ['named tables', ['other.company', 'zoo.company', 'public.company', 'company_2']],
  ])('of %s with one name, gives it to the one in public', (_case, entities) => {
    const company = { attributes: { id: 'integer!' }, key: ['id'] }
    const schema = buildSchema({
      'other.company': { ...company, schema: 'other' },
      'zoo.company': { ...company, schema: 'zoo' },
      'public.company': company,
      'public.company_2': company,
    })
    const project = projectOf(projectFromSchema({ schema, name: 'x', entities }))
    const names = Object.values(project.localEntities).map(({ name, root }) => {
      const table = project.serverEntities[root]
      return [`${table?.schema}.${table?.name}`, name]
    })
    expect(Object.fromEntries(names)).toEqual({
      'public.company': 'company',
      'public.company_2': 'company_2',
      'other.company': 'company_3',
      'zoo.company': 'company_4',
    })
  })

  it('gives the same bytes for the same schema', () => {
    const make = () => serializeProject(projectOf(projectFromSchema({ schema: shopSchema(), name: 'Shop' })))
    expect(make()).toBe(make())
  })

  it('says which tables there are when a name is wrong', () => {
    const refusal = (name: string) => {
      const result = projectFromSchema({ schema: shopSchema(), name: 'Shop', entities: [name] })
      return result.kind === 'refused' ? result.reason : 'ok'
    }
    expect(refusal('nothing')).toContain('customers')
    expect(refusal('ORDERS')).toContain('Did you mean "orders"')
    expect(refusal('log')).toContain('no primary key')
  })

  it('places parents left of their children', () => {
    const project = projectOf(projectFromSchema({ schema: shopSchema(), name: 'Shop' }))
    const x = (name: string) =>
      project.layout.data[Object.values(project.localEntities).find((e) => e.name === name)?.id ?? '']?.x ?? -1
    expect(x('customers')).toBeLessThan(x('orders'))
    expect(x('orders')).toBeLessThan(x('order_details'))
  })

  it('places entities whose references form a cycle', () => {
    const schema = buildSchema({
      a: { attributes: { id: 'integer!', b: 'integer' }, key: ['id'], references: [{ attributes: ['b'], table: 'b' }] },
      b: {
        attributes: { id: 'integer!', a: 'integer' },
        key: ['id'],
        references: [
          { attributes: ['a'], table: 'a' },
          { attributes: ['id'], table: 'b' },
        ],
      },
    })
    expect(Object.keys(projectOf(projectFromSchema({ schema, name: 'x' })).layout.data)).toHaveLength(2)
  })

  it('leaves out what a device has no type for, and says so', () => {
    const schema = buildSchema({
      films: { attributes: { id: 'integer!', embedding: 'vector(20)' }, key: ['id'] },
      places: { attributes: { at: 'geography!' }, key: ['at'] },
    })
    const result = projectFromSchema({ schema, name: 'x' })
    expect(localNames(projectOf(result))).toEqual(['films'])
    expect(result).toMatchObject({ leftOut: [{ name: 'places' }, { name: 'films.embedding' }] })
    const [films] = Object.values(projectOf(result).localEntities)
    expect(Object.values(films?.attributes ?? {}).map(({ name }) => name)).toEqual(['id'])
    expect(projectFromSchema({ schema, name: 'x', entities: ['places'] })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('geography'),
    })
  })
})
