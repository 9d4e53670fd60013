import { describe, expect, it } from 'vitest'
import {
  addLocalAttribute,
  addLocalEntity,
  addSyncUnit,
  CARD_WIDTH,
  cardHeight,
  createNamedIds,
  emptyProject,
  moveEntityToUnit,
  moveFlowNodes,
  type OperationResult,
  type Project,
  removeLocalAttribute,
  removeLocalEntity,
  removeSyncUnit,
  renameLocalAttribute,
  renameLocalEntity,
  setDirection,
  setKeyStrategy,
  setLocalAttributes,
  setPatternKind,
  setUnitEntities,
  setUnitRetry,
  setUnitTrigger,
  takeSchema,
} from './index'
import { buildSchema, shopSchema } from './testing/build-schema'

const ids = createNamedIds()
const shop = (): Project => ({ ...emptyProject({ id: 'pr_1', name: 'Shop' }), ...shopSchema() })
const expectDone = <T>(result: OperationResult<T>): T => {
  if (result.kind === 'refused') throw new Error(result.reason)
  return result.value
}
const add = (project: Project, root: string): string => expectDone(addLocalEntity(project, { root, ids }))
const names = (project: Project, id: string): string[] =>
  Object.values(project.localEntities[id]?.attributes ?? {}).map((attribute) => attribute.name)

describe('addLocalEntity', () => {
  it('takes all attributes, and makes the unit Default that syncs when the device comes online', () => {
    const project = shop()
    const id = add(project, 'se_customers')
    expect(names(project, id)).toEqual(['customer_id', 'company_name', 'city', 'credit'])
    const units = Object.values(project.syncUnits)
    expect(units).toMatchObject([
      { name: 'Default', entities: { [id]: { order: 1 } }, triggers: { syncOnOnline: true } },
    ])
    expect(project.flows[units[0]?.flow ?? '']).toMatchObject({ kind: 'from-patterns' })
  })

  it('takes the key even where it was not chosen', () => {
    const project = shop()
    const id = expectDone(addLocalEntity(project, { root: 'se_orders', attributes: ['sa_orders_note'], ids }))
    expect(names(project, id)).toEqual(['order_id', 'note'])
  })

  it('derives who makes keys', () => {
    const project = shop()
    const strategy = (root: string) => project.localEntities[add(project, root)]?.keyStrategy
    expect(strategy('se_customers')).toBe('natural')
    expect(strategy('se_orders')).toBe('server')
    expect(strategy('se_order_details')).toBe('natural')
    expect(strategy('se_visits')).toBe('device-uuid')
  })

  it('derives server keys from serial columns', () => {
    const schema = buildSchema({
      things: {
        attributes: { id: { type: 'integer', nullable: false, default: "nextval('things_id_seq'::regclass)" } },
        key: ['id'],
      },
    })
    const project = { ...emptyProject({ id: 'pr_1', name: 'x' }), ...schema }
    expect(project.localEntities[add(project, 'se_things')]?.keyStrategy).toBe('server')
  })

  it('gives a second entity of the same table a free name', () => {
    const project = shop()
    add(project, 'se_orders')
    expect(project.localEntities[add(project, 'se_orders')]?.name).toBe('orders_2')
  })

  it('refuses a table without a primary key and a view, and says what to do', () => {
    const project = shop()
    const before = structuredClone(project)
    expect(addLocalEntity(project, { root: 'se_log', ids })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('Add a primary key'),
    })
    expect(addLocalEntity(project, { root: 'se_order_totals', ids })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('is a view'),
    })
    expect(addLocalEntity(project, { root: 'se_missing', ids }).kind).toBe('refused')
    expect(project).toEqual(before)
  })

  it('gives the direction that the pattern has', () => {
    const project = shop()
    const id = expectDone(addLocalEntity(project, { root: 'se_orders', pattern: 'read-only-delta', ids }))
    expect(project.localEntities[id]?.direction).toBe('down')
    expect(setDirection(project, id, 'both').kind).toBe('refused')
    setPatternKind(project, id, 'last-write-wins')
    expect(project.localEntities[id]?.direction).toBe('both')
  })

  it('does not put a card on another one, wherever those were put', () => {
    const project = shop()
    expectDone(addLocalEntity(project, { root: 'se_customers', position: { x: -170, y: 35 }, ids }))
    for (const root of ['se_orders', 'se_order_details', 'se_visits', 'se_orders', 'se_visits']) add(project, root)
    const cards = Object.entries(project.layout.data).map(([id, { x, y }]) => ({
      x,
      y,
      bottom: y + cardHeight(Object.keys(project.localEntities[id]?.attributes ?? {}).length),
    }))
    const overlaps = cards.flatMap((a, index) =>
      cards.slice(index + 1).filter((b) => Math.abs(a.x - b.x) < CARD_WIDTH && a.y < b.bottom && b.y < a.bottom),
    )
    expect(cards).toHaveLength(6)
    expect(overlaps).toEqual([])
  })
})

describe('entities', () => {
  it('removing one cleans its unit and its card', () => {
    const project = shop()
    const id = add(project, 'se_orders')
    removeLocalEntity(project, id)
    expect(Object.values(project.syncUnits)[0]?.entities).toEqual({})
    expect(project.layout.data).toEqual({})
    expect(removeLocalEntity(project, id).kind).toBe('refused')
  })

  it('a name can not be confused with another', () => {
    const project = shop()
    add(project, 'se_orders')
    const details = add(project, 'se_order_details')
    expect(renameLocalEntity(project, details, 'Orders').kind).toBe('refused')
    expect(renameLocalEntity(project, details, ' ').kind).toBe('refused')
    expect(renameLocalEntity(project, details, 'x'.repeat(64)).kind).toBe('refused')
    expect(renameLocalEntity(project, details, 'lines').kind).toBe('done')
    expect(project.localEntities[details]?.name).toBe('lines')
  })

  it('key strategies that the key can not have are refused', () => {
    const project = shop()
    expect(setKeyStrategy(project, add(project, 'se_orders'), 'device-uuid').kind).toBe('refused')
    expect(setKeyStrategy(project, add(project, 'se_customers'), 'server').kind).toBe('refused')
    expect(setKeyStrategy(project, add(project, 'se_visits'), 'natural').kind).toBe('done')
  })
})

describe('attributes', () => {
  it('key attributes always stay; the others come and go, and keep their ids', () => {
    const project = shop()
    const id = add(project, 'se_customers')
    const before = project.localEntities[id]?.attributes ?? {}
    const city = Object.values(before).find((attribute) => attribute.name === 'city')
    setLocalAttributes(project, id, ['sa_customers_city'], ids)
    expect(names(project, id)).toEqual(['customer_id', 'city'])
    expect(project.localEntities[id]?.attributes[city?.id ?? '']).toEqual(city)
    const key = Object.values(project.localEntities[id]?.attributes ?? {})[0]
    expect(removeLocalAttribute(project, id, key?.id ?? '').kind).toBe('refused')
    expect(removeLocalAttribute(project, id, city?.id ?? '').kind).toBe('done')
    const again = expectDone(addLocalAttribute(project, id, 'sa_customers_city', ids))
    expect(addLocalAttribute(project, id, 'sa_customers_city', ids)).toEqual({ kind: 'done', value: again })
    expect(renameLocalAttribute(project, id, again, 'customer_id').kind).toBe('refused')
    expect(renameLocalAttribute(project, id, again, 'town').kind).toBe('done')
  })
})

describe('sync units', () => {
  it('an entity is in one unit at most', () => {
    const project = shop()
    const orders = add(project, 'se_orders')
    const customers = add(project, 'se_customers')
    const night = expectDone(addSyncUnit(project, 'Night', ids))
    moveEntityToUnit(project, orders, night)
    const [first] = Object.values(project.syncUnits)
    expect(Object.keys(first?.entities ?? {})).toEqual([customers])
    setUnitEntities(project, night, [customers, orders])
    expect(first?.entities).toEqual({})
    expect(project.syncUnits[night]?.entities).toEqual({ [customers]: { order: 1 }, [orders]: { order: 2 } })
    moveEntityToUnit(project, orders, null)
    expect(Object.keys(project.syncUnits[night]?.entities ?? {})).toEqual([customers])
  })

  it('removing one removes its flow and where its nodes are', () => {
    const project = shop()
    const unit = expectDone(addSyncUnit(project, 'Night', ids))
    const flow = project.syncUnits[unit]?.flow ?? ''
    moveFlowNodes(project, flow, { start: { x: 1, y: 2 } })
    removeSyncUnit(project, unit)
    expect([project.syncUnits, project.flows, project.layout.flows]).toEqual([{}, {}, {}])
  })

  it('refuses times that are not above zero', () => {
    const project = shop()
    const unit = expectDone(addSyncUnit(project, 'Night', ids))
    expect(setUnitRetry(project, unit, { retryIntervalInSeconds: 0 }).kind).toBe('refused')
    expect(setUnitTrigger(project, unit, { intervalInSeconds: Number.NaN }).kind).toBe('refused')
    expect(setUnitTrigger(project, unit, { intervalInSeconds: 60 }).kind).toBe('done')
  })
})

describe('takeSchema', () => {
  it('keeps the ids of what has the same name, so that local entities stay joined', () => {
    const project = shop()
    const id = add(project, 'se_orders')
    const before = structuredClone(project)
    const text = JSON.stringify(shopSchema())
      .replaceAll('"se_', '"xe_')
      .replaceAll('"sa_', '"xa_')
      .replaceAll('"fk_', '"xk_')
    takeSchema(project, JSON.parse(text) as ReturnType<typeof shopSchema>)
    expect(project).toEqual(before)
    expect(project.serverEntities[project.localEntities[id]?.root ?? '']?.name).toBe('orders')
  })

  it('never gives the id of one table to another', () => {
    const project = shop()
    const other = buildSchema({ invoices: { attributes: { id: 'integer!' }, key: ['id'] } })
    const text = JSON.stringify(other).replaceAll('"se_invoices"', '"se_orders"')
    takeSchema(project, JSON.parse(text) as ReturnType<typeof shopSchema>)
    expect(Object.keys(project.serverEntities)).toEqual(['se_orders_2'])
  })
})
