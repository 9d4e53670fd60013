import { describe, expect, it } from 'vitest'
import { type PatternKind, type Project, projectFromSchema } from './index'
import { buildSchema, shopSchema } from './testing/build-schema'

const made = (schema: ReturnType<typeof buildSchema>, pattern: PatternKind): Project => {
  const result = projectFromSchema({ schema, name: 'x', pattern })
  if (result.kind === 'refused') throw new Error(result.reason)
  return result.project
}
const pattern = (project: Project, name: string) =>
  Object.values(project.localEntities).find((entity) => entity.name === name)?.pattern
const names = (project: Project, ids: readonly string[]) => ids.map((id) => project.localEntities[id]?.name)
const children = (project: Project, name: string) => {
  const found = pattern(project, name)
  return found?.kind === 'one-to-many' ? names(project, found.children) : null
}

describe('the settings that a pattern starts with', () => {
  it('conflict-detection compares by row and parks on the server', () => {
    expect(pattern(made(shopSchema(), 'conflict-detection'), 'orders')).toEqual({
      kind: 'conflict-detection',
      granularity: 'row',
      handler: null,
      resolution: 'park',
      handledOn: 'server',
      blocksSync: false,
      attributes: {},
    })
  })

  it('one-to-many takes as children what refers to the row', () => {
    const project = made(shopSchema(), 'one-to-many')
    expect(children(project, 'customers')).toEqual(['orders'])
    expect(children(project, 'orders')).toEqual(['order_details'])
    expect(children(project, 'order_details')).toEqual([])
  })

  it('one-to-many makes nothing part of itself, nor of what may lose it', () => {
    const schema = buildSchema({
      employees: {
        attributes: { id: 'integer!', manager: 'integer', team: 'integer', desk: 'integer' },
        key: ['id'],
        references: [
          { attributes: ['manager'], table: 'employees' },
          { attributes: ['team'], table: 'teams' },
          { attributes: ['desk'], table: 'desks', onDelete: 'set-null' },
        ],
      },
      teams: {
        attributes: { id: 'integer!', leader: 'integer' },
        key: ['id'],
        references: [{ attributes: ['leader'], table: 'employees' }],
      },
      desks: { attributes: { id: 'integer!' }, key: ['id'] },
    })
    const project = made(schema, 'one-to-many')
    expect(children(project, 'desks')).toEqual([])
    const both = [children(project, 'employees'), children(project, 'teams')]
    expect(both.filter((list) => list?.length === 1)).toHaveLength(1)
  })

  it('merge counts numbers that identify nothing and are no flags, and merges arrays by element', () => {
    const schema = buildSchema({
      parts: {
        attributes: {
          id: 'integer!',
          quantity: 'bigint',
          number: 'integer',
          labels: 'text[]',
          kind: 'integer',
          price: 'numeric',
          is_sold: 'integer',
          Discontinued: 'bigint',
          rating: 'smallint',
          sold: 'boolean',
          line: { type: 'integer', identity: 'by-default' },
          twice: { type: 'integer', generated: '(quantity * 2)' },
        },
        key: ['id'],
        uniques: [['number']],
        references: [{ attributes: ['kind'], table: 'kinds' }],
      },
      kinds: { attributes: { id: 'integer!' }, key: ['id'] },
    })
    const project = made(schema, 'merge')
    const found = pattern(project, 'parts')
    const entity = Object.values(project.localEntities).find(({ name }) => name === 'parts')
    const policies = found?.kind === 'merge' ? found.attributes : {}
    expect(
      Object.fromEntries(Object.entries(policies).map(([id, policy]) => [entity?.attributes[id]?.name, policy])),
    ).toEqual({
      quantity: 'counter',
      labels: 'set',
    })
  })

  it('on-demand chooses by the one foreign key to the device, else by the key', () => {
    const project = made(shopSchema(), 'on-demand')
    expect(pattern(project, 'orders')).toEqual({ kind: 'on-demand', parent: 'fk_orders_1' })
    expect(pattern(project, 'customers')).toEqual({ kind: 'on-demand', parent: null })
    const alone = projectFromSchema({ schema: shopSchema(), name: 'x', entities: ['orders'], pattern: 'on-demand' })
    expect(alone.kind === 'ok' && pattern(alone.project, 'orders')).toEqual({ kind: 'on-demand', parent: null })
  })

  it.each([
    ['read-only', 'down'],
    ['append-only', 'up'],
    ['on-demand', 'both'],
  ] as const)('%s goes %s', (kind, direction) => {
    const project = made(shopSchema(), kind)
    expect(new Set(Object.values(project.localEntities).map((entity) => entity.direction))).toEqual(
      new Set([direction]),
    )
  })
})
