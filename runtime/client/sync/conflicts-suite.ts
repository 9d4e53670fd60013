/** Conflicts as a device's user meets them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bundle, ConflictSettings, Device, HandlerContract } from '../../contract'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import { companies, type SyncGround, type SyncLab, startLab, sync } from './lab'

const HANDLERS: readonly HandlerContract[] = [
  { id: 'h_park', name: 'Ask', version: '1', decide: () => ({ kind: 'park' }) },
  {
    id: 'h_join',
    name: 'Join the cities',
    version: '1',
    decide: ({ local, server }) => ({
      kind: 'resolve',
      values: { city: [server?.city, local?.city].filter((city) => city != null).join(' and ') },
    }),
  },
  {
    id: 'h_broken',
    name: 'Broken',
    version: '1',
    decide: () => {
      throw new Error('A handler of the project is broken.')
    },
  },
]

function bundleWith(settings: Partial<ConflictSettings> & { readonly handler: string }): Bundle {
  const pattern = { kind: 'conflict-detection', granularity: 'row', handledOn: 'server', blocksSync: false } as const
  return {
    ...FIELD_BUNDLE,
    handlers: HANDLERS,
    entities: FIELD_BUNDLE.entities.map((entity) =>
      entity.id === 'le_company' ? { ...entity, pattern: { ...pattern, ...settings } } : entity,
    ),
  }
}

/** Conflicts of these entities wait for a person. */
function detecting(ids: readonly string[]): Bundle {
  const settings = { handler: 'h_park', handledOn: 'server', blocksSync: false } as const
  return {
    ...FIELD_BUNDLE,
    handlers: HANDLERS,
    entities: FIELD_BUNDLE.entities.map((entity) =>
      ids.includes(entity.id)
        ? { ...entity, pattern: { kind: 'conflict-detection', granularity: 'row', ...settings } }
        : entity,
    ),
  }
}

export function describeConflicts(ground: SyncGround): void {
  let lab: SyncLab
  const begin = async (settings: Parameters<typeof bundleWith>[0]) => {
    lab = await startLab(ground, bundleWith(settings))
    const { device } = await lab.addDevice('A')
    await sync(device)
    return device
  }
  const city = async () => (await lab.onServer('select city from companies where id = 1'))[0]?.city

  describe('that a person decides', () => {
    let device: Awaited<ReturnType<typeof begin>>
    let heard: string[]
    beforeEach(async () => {
      device = await begin({ handler: 'h_park' })
      heard = []
      device.on('conflict', ({ id }) => heard.push(id))
      await companies(device).update(1, { city: 'Mine' })
      await companies(device).update(2, { city: 'Free' })
      await lab.onServer("update companies set city = 'Theirs' where id = 1")
      await sync(device)
    })
    afterEach(() => lab.close())

    it('F1 F4 L7 are listed with all versions, and the own row stays visible', async () => {
      const conflicts = await device.conflicts.list()
      expect(conflicts).toMatchObject([
        {
          entity: 'Companies',
          key: { id: '1' },
          kind: 'update-update',
          base: { city: 'Leeds' },
          local: { city: 'Mine' },
          server: { city: 'Theirs' },
        },
      ])
      expect(heard).toEqual([conflicts[0]?.id])
      expect(device.sync.status).toMatchObject({ conflicts: 1, pending: 1, stalled: null })
      expect(await companies(device).get(1)).toMatchObject({ city: 'Mine' })
      expect(await city()).toBe('Theirs')
    })

    it('F5 hold back their own row and nothing else', async () => {
      expect(await lab.onServer('select city from companies where id = 2')).toEqual([{ city: 'Free' }])
      await companies(device).update(1, { name: 'Later' })
      await companies(device).update(2, { city: 'Freer' })
      await sync(device)
      expect(await lab.onServer('select name, city from companies order by id')).toEqual([
        { name: 'Alder Ltd', city: 'Theirs' },
        { name: 'Birch AG', city: 'Freer' },
      ])
      expect(await companies(device).get(1)).toMatchObject({ name: 'Later', city: 'Mine' })
      expect(device.sync.status.conflicts).toBe(1)
    })

    it.each([
      ['local' as const, 'Mine'],
      ['server' as const, 'Theirs'],
      [{ city: 'Both' }, 'Both'],
    ])('F6 are resolved by a normal write: %j', async (resolution, expected) => {
      const [conflict] = await device.conflicts.list()
      await device.conflicts.resolve(conflict?.id ?? '', resolution)
      expect(await companies(device).get(1)).toMatchObject({ city: expected })
      expect(device.sync.status.conflicts).toBe(0)
      await sync(device)
      expect(await city()).toBe(expected)
      await lab.expectEqual(device)
    })

    it('F4 D1 end in the server’s record too where nothing is sent, however often the answer is lost', async () => {
      const records = () =>
        lab.onServer('select decision, resolved_by, resolved_at is not null as dated from syncline.conflict')
      const [conflict] = await device.conflicts.list()
      await device.conflicts.resolve(conflict?.id ?? '', 'server')
      expect(await records()).toEqual([{ decision: 'parked', resolved_by: null, dated: false }])
      lab.beforeAnswer(() => Promise.reject(new Error('The answer is lost.')))
      await device.sync.trigger('Default')
      const ended = [{ decision: 'kept-server', resolved_by: 'ann', dated: true }]
      expect(await records()).toEqual(ended)
      lab.beforeAnswer(null)
      const told = () => lab.messages.filter(({ body }) => body.includes('"ended"')).length
      const before = told()
      await sync(device)
      expect(told()).toBeGreaterThan(before)
      const after = told()
      await sync(device)
      expect(told()).toBe(after)
      expect(await records()).toEqual(ended)
    })

    it('F6 are conflicts again where the server has moved on from what was shown', async () => {
      const [conflict] = await device.conflicts.list()
      await lab.onServer("update companies set city = 'Moved on' where id = 1")
      await device.conflicts.resolve(conflict?.id ?? '', 'local')
      await sync(device)
      expect(await city()).toBe('Moved on')
      expect(await device.conflicts.list()).toMatchObject([{ local: { city: 'Mine' }, server: { city: 'Moved on' } }])
    })

    it('are not resolved by what is no value', async () => {
      const [conflict] = await device.conflicts.list()
      await expect(device.conflicts.resolve(conflict?.id ?? '', { parent_id: 'eleven' })).rejects.toMatchObject({
        kind: 'bad-values',
        message: expect.stringContaining('Companies.parent_id'),
      })
      expect(await device.conflicts.list()).toHaveLength(1)
    })

    it.each([
      [
        'nothing where there must be a value',
        { name: null },
        'bad-values',
        'Companies.name must have a value. Give one.',
      ],
      [
        'a reference to what is not on the device',
        { parent_id: 987_654 },
        'broken-reference',
        'Companies refers by parent_id (987654) to Companies, to a row that is not on this device.',
      ],
      ['an unknown attribute', { town: 'Leeds' }, 'unknown-attribute', "can't set town of Companies: it has no such"],
      ['another key', { id: 7 }, 'bad-key', "can't set id of Companies: the key of the row stays what it is."],
    ])('F6 are not resolved by %s, and still wait', async (_, values, kind, message) => {
      const [conflict] = await device.conflicts.list()
      await expect(device.conflicts.resolve(conflict?.id ?? '', values)).rejects.toMatchObject({
        name: 'EntityError',
        kind,
        message: expect.stringContaining(message),
      })
      expect(await device.conflicts.list()).toEqual([conflict])
      expect(await companies(device).get(1)).toMatchObject({ city: 'Mine' })
      expect(device.sync.status).toMatchObject({ conflicts: 1, pending: 1 })
    })

    it('F6 are resolved by a reference to a row that is here, however its key is written', async () => {
      const [conflict] = await device.conflicts.list()
      await device.conflicts.resolve(conflict?.id ?? '', { parent_id: '02' })
      await sync(device)
      expect(await lab.onServer('select parent_id from companies where id = 1')).toEqual([{ parent_id: 2 }])
    })

    it('says so where there is no such conflict', async () => {
      await expect(device.conflicts.resolve('nope', 'local')).rejects.toThrow('nope')
    })
  })

  describe('F1 F2 the deletion of a row to which another device has added another meanwhile', () => {
    let a: Device
    let b: Device
    beforeEach(async () => {
      lab = await startLab(ground, detecting(['le_order', 'le_part']))
      a = (await lab.addDevice('A')).device
      b = (await lab.addDevice('B')).device
      await sync(a)
      const order = await a.entities.WorkOrders?.create({ company_id: 1, title: 'Pump' })
      const part = { work_order_id: String(order?.id), company_id: 1, quantity: 1 }
      await a.entities.PartsUsed?.create({ ...part, part: 'Seal' })
      await sync(a)
      await sync(b)
      await a.entities.WorkOrders?.delete(String(order?.id))
      await b.entities.PartsUsed?.create({ ...part, part: 'Valve' })
      await sync(b)
      await sync(a)
    })
    afterEach(() => lab.close())

    const settle = async (how: 'local' | 'server') => {
      for (let open = await a.conflicts.list(); open.length > 0; open = await a.conflicts.list()) {
        for (const { id } of open) await a.conflicts.resolve(id, how)
        await sync(a)
      }
      await sync(b)
      await lab.expectEqual(a, b)
    }

    it('is a conflict, and takes nothing of it along', async () => {
      expect(await a.conflicts.list()).toMatchObject([
        { entity: 'WorkOrders', kind: 'children-left', local: null, server: { title: 'Pump' } },
        { entity: 'PartsUsed', kind: 'children-left', local: null, server: { part: 'Seal' } },
      ])
      expect(await lab.onServer('select part from parts_used order by part')).toEqual([
        { part: 'Seal' },
        { part: 'Valve' },
      ])
    })

    it('leaves the whole where it is given up', async () => {
      await settle('server')
      expect(await a.entities.PartsUsed?.list()).toHaveLength(2)
    })

    it('takes the whole along where it is made all the same', async () => {
      await settle('local')
      expect(await lab.onServer('select id from work_orders')).toEqual([])
      expect(await b.entities.PartsUsed?.list()).toEqual([])
    })
  })

  describe('F2 what was made later for a row that waits itself', () => {
    let device: Device
    beforeEach(async () => {
      const bundle = detecting(['le_company', 'le_order', 'le_part'])
      lab = await startLab(ground, {
        ...bundle,
        entities: bundle.entities.map((entity) =>
          entity.id === 'le_company' ? { ...entity, uniques: [['name']] } : entity,
        ),
      })
      device = (await lab.addDevice('A')).device
      await sync(device)
      const { id } = await companies(device).create({ name: 'Alder Ltd' })
      await sync(device)
      const order = await device.entities.WorkOrders?.create({ company_id: Number(id), title: 'Pump' })
      await sync(device)
      const part = { work_order_id: String(order?.id), company_id: Number(id), part: 'Seal', quantity: 2 }
      await device.entities.PartsUsed?.create(part)
      await sync(device)
    })
    afterEach(() => lab.close())

    const waiting = async () => (await device.conflicts.list()).map(({ entity, kind }) => [entity, kind])
    const onServer = () =>
      lab.onServer(
        `select c.name, o.title, p.part from companies c
         join work_orders o on o.company_id = c.id join parts_used p on p.work_order_id = o.id and p.company_id = c.id`,
      )

    it('waits with it, listed behind it, and goes with it', async () => {
      expect(await waiting()).toEqual([
        ['Companies', 'unique-taken'],
        ['WorkOrders', 'parent-missing'],
        ['PartsUsed', 'parent-missing'],
      ])
      expect(await device.quarantine.list()).toEqual([])
      expect(await device.entities.PartsUsed?.list()).toHaveLength(1)
      const [parent] = await device.conflicts.list()
      await device.conflicts.resolve(parent?.id ?? '', { name: 'Alder Ltd (Leeds)' })
      expect(await waiting()).toEqual([])
      await sync(device)
      expect(await onServer()).toEqual([{ name: 'Alder Ltd (Leeds)', title: 'Pump', part: 'Seal' }])
      await lab.expectEqual(device)
      const open = "select entity from syncline.conflict where decision in ('parked', 'device')"
      expect(await lab.onServer(open)).toEqual([])
    })

    it('waits again where it is sent alone, and can be given another parent', async () => {
      const [, order] = await device.conflicts.list()
      await device.conflicts.resolve(order?.id ?? '', 'local')
      await sync(device)
      expect(await waiting()).toContainEqual(['WorkOrders', 'parent-missing'])
      const again = (await device.conflicts.list()).find(({ entity }) => entity === 'WorkOrders')
      await device.conflicts.resolve(again?.id ?? '', { company_id: 2 })
      await sync(device)
      expect(await lab.onServer('select company_id, title from work_orders')).toEqual([
        { company_id: 2, title: 'Pump' },
      ])
    })
  })

  it('F4 D1 ends in the server’s record after the device was started again', async () => {
    const place = await ground.kind.place()
    lab = await startLab(ground, bundleWith({ handler: 'h_park' }))
    try {
      const first = await lab.addDevice('A', { place })
      await sync(first.device)
      await companies(first.device).update(1, { city: 'Mine' })
      await lab.onServer("update companies set city = 'Theirs' where id = 1")
      await sync(first.device)
      const [conflict] = await first.device.conflicts.list()
      await first.device.conflicts.resolve(conflict?.id ?? '', 'server')
      await first.device.close()
      const { device } = await lab.addDevice('A again', { place })
      await sync(device)
      expect(await lab.onServer('select decision, resolved_by from syncline.conflict')).toEqual([
        { decision: 'kept-server', resolved_by: 'ann' },
      ])
      await device.close()
    } finally {
      await place.remove()
      await lab.close()
    }
  })

  describe('on a row that is gone on both sides', () => {
    afterEach(() => lab.close())

    it.each(['server', 'device'] as const)(
      'L4 F4 are none where the row was changed and then deleted here (decided on the %s)',
      async (handledOn) => {
        const device = await begin({ handler: handledOn === 'server' ? 'h_park' : 'h_join', handledOn })
        await companies(device).update(1, { city: 'Mine' })
        // Edits of one row that follow each other would be sent as one.
        await companies(device).update(2, { city: 'Between' })
        await companies(device).delete(1)
        await lab.onServer('delete from companies where id = 1')
        await sync(device)
        expect(await device.conflicts.list()).toEqual([])
        expect(device.sync.status.conflicts).toBe(0)
        expect(await companies(device).get(1)).toBeNull()
        await lab.expectEqual(device)
      },
    )

    it('L4 F4 end when the row that is missing there is deleted here as well', async () => {
      const device = await begin({ handler: 'h_park' })
      await companies(device).update(1, { city: 'Mine' })
      await lab.onServer('delete from companies where id = 1')
      await sync(device)
      expect(await device.conflicts.list()).toMatchObject([{ kind: 'update-delete', server: null }])
      await companies(device).delete(1)
      await sync(device)
      expect(await device.conflicts.list()).toEqual([])
      expect(device.sync.status.conflicts).toBe(0)
      await lab.expectEqual(device)
    })
  })

  describe('that handlers decide', () => {
    afterEach(() => lab.close())

    it.each(['server', 'device'] as const)('F1 F3 are decided alike on the %s', async (handledOn) => {
      const device = await begin({ handler: 'h_join', handledOn })
      await companies(device).update(1, { city: 'Mine' })
      await lab.onServer("update companies set city = 'Theirs' where id = 1")
      await sync(device)
      expect(await city()).toBe('Theirs and Mine')
      await sync(device)
      await lab.expectEqual(device)
      expect(device.sync.status.conflicts).toBe(0)
    })

    it.each(['server', 'device'] as const)('D6 are parked where the handler on the %s is broken', async (handledOn) => {
      const device = await begin({ handler: 'h_broken', handledOn })
      await companies(device).update(1, { city: 'Mine' })
      await lab.onServer("update companies set city = 'Theirs' where id = 1")
      await sync(device)
      expect(await device.conflicts.list()).toHaveLength(1)
    })

    it('F5 block the units of their entity where the pattern says so, and no other', async () => {
      const device = await begin({ handler: 'h_park', blocksSync: true })
      await companies(device).update(1, { city: 'Mine' })
      await lab.onServer("update companies set city = 'Theirs' where id = 1")
      await sync(device)
      expect(await device.sync.trigger('Default')).toEqual({ kind: 'blocked', unit: 'Default', conflicts: 1 })
      await sync(device, 'OrdersOnly')
      const [conflict] = await device.conflicts.list()
      await device.conflicts.resolve(conflict?.id ?? '', 'server')
      await sync(device)
      await lab.expectEqual(device)
    })
  })
}
