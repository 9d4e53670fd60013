import { afterEach, describe, expect, it } from 'vitest'
import type { Device } from '../contract'
import type { Edit, SyncRequest } from '../protocol/messages'
import { FIELD_BUNDLE } from '../testing/field-bundle'
import { openFreshPGlite } from '../testing/fresh-pglite'
import { createSeededRandom } from '../testing/seeded-random'
import { createDevice } from './create-device'

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5)

const devices: Device[] = []
afterEach(async () => {
  for (const device of devices.splice(0)) await device.close()
})

/** A device whose server never answers: what it would send is kept. */
async function startDevice(seed = 1) {
  const requests: SyncRequest[] = []
  const device = await createDevice(FIELD_BUNDLE, {
    storage: await openFreshPGlite(),
    session: { user: 'ann' },
    random: createSeededRandom(seed),
    clock: { now: () => NOW_MS },
    transport: {
      sync: async (body) => {
        requests.push(structuredClone(body) as SyncRequest)
        throw new Error('Nobody answers.')
      },
    },
  })
  devices.push(device)
  const pendingGroups = async (): Promise<Edit[][]> => {
    await device.sync.trigger('Default')
    return (requests.at(-1)?.push ?? []).map((group) => group.edits)
  }
  return { device, pendingGroups, requests }
}

describe('capture on the device', () => {
  it('C1 captures plain SQL and entity actions alike', async () => {
    const { device, pendingGroups } = await startDevice()
    await device.query("insert into companies (id, name) values (7, 'By SQL')")
    await pendingGroups()
    await device.entities.Companies?.update(7, { city: 'Leeds' })
    await pendingGroups()
    await device.query('delete from companies where id = 7')
    expect(device.sync.status.pending).toBe(3)
    const groups = await pendingGroups()
    expect(groups.map((edits) => edits.map((edit) => edit.op))).toEqual([['create'], ['update'], ['delete']])
    expect(groups[1]).toEqual([
      {
        op: 'update',
        entity: 'le_company',
        key: ['7'],
        set: { city: 'Leeds' },
        was: { city: null },
        base: null,
        at: NOW_MS,
        resolves: null,
      },
    ])
  })

  it('C2 makes one local transaction one group', async () => {
    const { device, pendingGroups } = await startDevice()
    await device.transaction(async (tx) => {
      const company = await tx.entities.Companies?.create({ name: 'Acme' })
      await tx.entities.WorkOrders?.create({ company_id: company?.id, title: 'Fix the pump' })
    })
    const groups = await pendingGroups()
    expect(groups).toHaveLength(1)
    expect(groups[0]?.map((edit) => edit.entity)).toEqual(['le_company', 'le_order'])
  })

  it('C1 captures nothing of a transaction that was rolled back', async () => {
    const { device, pendingGroups } = await startDevice()
    await expect(
      device.transaction(async (tx) => {
        await tx.entities.Companies?.create({ name: 'Acme' })
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(device.sync.status.pending).toBe(0)
    expect(await pendingGroups()).toEqual([])
  })

  it('C3 sends nothing of what was created and deleted in one transaction', async () => {
    const { device, pendingGroups } = await startDevice()
    await device.query("with made as (insert into companies (id, name) values (7, 'x') returning id) select 1")
    await device.transaction(async (tx) => {
      await tx.query("insert into companies (id, name) values (8, 'y')")
      await tx.query('delete from companies where id = 8')
    })
    const groups = await pendingGroups()
    expect(groups).toHaveLength(1)
    expect(groups[0]?.[0]?.key).toEqual(['7'])
  })

  it('C3 sends nothing of what was created and deleted before it was sent, in whatever transactions', async () => {
    const { device, pendingGroups } = await startDevice()
    await device.query("insert into companies (id, name) values (70, 'parent')")
    await device.query("insert into companies (id, name, parent_id) values (80, 'child', 70)")
    await device.query("insert into companies (id, name) values (90, 'stays')")
    await device.query('delete from companies where id = 80')
    await device.query('delete from companies where id = 70')
    expect((await pendingGroups()).map((edits) => edits.map((edit) => [edit.op, edit.key]))).toEqual([
      [['create', ['90']]],
    ])
    expect(device.sync.status.pending).toBe(1)
  })

  it('C3 C4 draws unsent edits of the same row together with the oldest base, and leaves those that were sent', async () => {
    const { device, pendingGroups } = await startDevice()
    await device.query("insert into companies (id, name) values (70, 'x')")
    await pendingGroups()
    for (const city of ['a', 'b', 'c']) await device.query('update companies set city = $1 where id = 70', [city])
    const groups = await pendingGroups()
    expect(groups).toHaveLength(2)
    expect(groups[1]).toMatchObject([
      { op: 'update', entity: 'le_company', key: ['70'], set: { city: 'c' }, was: { city: null }, base: null },
    ])
  })

  it('C1 captures a changed key as the end of one row and the beginning of another', async () => {
    const { device, pendingGroups } = await startDevice()
    await device.query("insert into companies (id, name) values (7, 'x')")
    await pendingGroups()
    await device.query('update companies set id = 9 where id = 7')
    expect((await pendingGroups())[1]?.map((edit) => [edit.op, edit.key])).toEqual([
      ['delete', ['7']],
      ['create', ['9']],
    ])
  })

  it('C1 captures TRUNCATE and what a foreign key cascades to', async () => {
    const { device, pendingGroups } = await startDevice()
    await device.query("insert into companies (id, name) values (7, 'x')")
    await device.query("insert into work_orders (company_id, title) values (7, 'pump')")
    await pendingGroups()
    await device.query('delete from companies where id = 7')
    const groups = await pendingGroups()
    expect(
      groups
        .at(-1)
        ?.map((edit) => [edit.op, edit.entity])
        .toSorted(),
    ).toEqual([
      ['delete', 'le_company'],
      ['delete', 'le_order'],
    ])
    await device.query("insert into companies (id, name) values (8, 'z')")
    await pendingGroups()
    await device.query('truncate companies cascade')
    expect((await pendingGroups()).at(-1)?.map((edit) => [edit.op, edit.key])).toEqual([['delete', ['8']]])
  })

  it('C1 does not capture an update that changes nothing', async () => {
    const { device } = await startDevice()
    await device.query("insert into companies (id, name) values (7, 'x')")
    await device.query("update companies set name = 'x'")
    expect(device.sync.status.pending).toBe(1)
  })

  it('refuses a local write to a read-only entity and says why', async () => {
    const { device } = await startDevice()
    await expect(device.query("insert into regions values ('E', 'East')")).rejects.toThrow(
      'regions is read-only on this device',
    )
  })

  it('K1 gives a new row of a server-keyed entity a temporary key, and never the same one twice', async () => {
    const { device } = await startDevice()
    const first = await device.entities.Companies?.create({ name: 'a' })
    const second = await device.entities.Companies?.create({ name: 'b' })
    expect(Number(first?.id)).toBeLessThan(0)
    expect(second?.id).not.toBe(first?.id)
  })

  it('takes new keys and the time from the ports: the same seed makes the same rows', async () => {
    const makeOrder = async (seed: number) => {
      const { device } = await startDevice(seed)
      await device.query("insert into companies (id, name) values (7, 'x')")
      return device.entities.WorkOrders?.create({ company_id: 7, title: 'pump' })
    }
    const [one, again, other] = [await makeOrder(5), await makeOrder(5), await makeOrder(6)]
    expect(again).toEqual(one)
    expect(other?.id).not.toBe(one?.id)
    expect(one?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8/)
  })

  it('P1 keeps the id of a group over repeated attempts, and makes ids at random', async () => {
    const { device, requests } = await startDevice()
    await device.query("insert into companies (id, name) values (7, 'x')")
    await device.sync.trigger('Default')
    await device.query("insert into companies (id, name) values (8, 'y')")
    await device.sync.trigger('Default')
    const ids = requests.map((request) => request.push.map((group) => group.id))
    expect(ids[1]?.[0]).toBe(ids[0]?.[0])
    expect(new Set(ids[1]).size).toBe(2)
  })
})

describe('entity actions', () => {
  it('answer rows, null and what went wrong', async () => {
    const { device } = await startDevice()
    const { Companies } = device.entities
    if (!Companies) throw new Error('no accessor')
    await Companies.create({ id: 7, name: 'x', city: 'Bern' })
    await Companies.create({ id: 8, name: 'y' })
    expect(await Companies.get(7)).toMatchObject({ id: 7, name: 'x', city: 'Bern' })
    expect(await Companies.get(70)).toBeNull()
    expect(await Companies.list({ where: { city: null } })).toMatchObject([{ id: 8 }])
    expect(await Companies.list({ orderBy: ['name', 'desc'], limit: 1 })).toMatchObject([{ id: 8 }])
    await expect(Companies.update(70, { name: 'z' })).rejects.toThrow('Companies has no row with the key ["70"]')
    await expect(Companies.create({ nme: 'z' })).rejects.toThrow('Companies has no attribute nme. It has: id, name')
    expect(await Companies.delete(8)).toBe(true)
    expect(await Companies.delete(8)).toBe(false)
  })

  it('K2 take composite keys as objects', async () => {
    const { device } = await startDevice()
    await device.query("insert into companies (id, name) values (7, 'x')")
    const order = await device.entities.WorkOrders?.create({ company_id: 7, title: 'pump' })
    const key = { work_order_id: order?.id ?? null, company_id: 7, part: 'seal' }
    await device.entities.PartsUsed?.create({ ...key, quantity: 2 })
    expect(await device.entities.PartsUsed?.get(key)).toMatchObject({ quantity: 2 })
    await expect(device.entities.PartsUsed?.get('seal')).rejects.toThrow(
      'The key of PartsUsed is { work_order_id, company_id, part }',
    )
  })

  it('C1 says how many edits are pending, through the status event', async () => {
    const { device } = await startDevice()
    const seen: number[] = []
    device.on('status', (status) => seen.push(status.pending))
    await device.query("insert into companies (id, name) values (7, 'x')")
    expect(seen.at(-1)).toBe(1)
  })
})
