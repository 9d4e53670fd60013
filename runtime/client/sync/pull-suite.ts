/** What becomes of the server's rows, beneath local edits. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Row } from '../../contract'
import { systemTimers } from '../ports'
import { companies, orders, type SyncGround, type SyncLab, startLab, sync, transportOf } from './lab'

export function describePull(ground: SyncGround): void {
  let lab: SyncLab
  beforeEach(async () => {
    lab = await startLab(ground)
  })
  afterEach(() => lab.close())
  const insertMany = (count: number) =>
    lab.onServer(`insert into companies (name) select 'Company ' || n from generate_series(1, ${count}) n`)

  it('L1 L2 brings what the server has, and what changes there, deletes too', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await lab.expectEqual(device)
    expect(await companies(device).list()).toHaveLength(2)
    await lab.onServer("insert into companies (name) values ('Cedar')")
    await lab.onServer("update companies set city = 'York' where name = 'Alder Ltd'")
    await lab.onServer("delete from companies where name = 'Birch AG'")
    await sync(device)
    await lab.expectEqual(device)
    expect(await companies(device).list()).toMatchObject([
      { name: 'Alder Ltd', city: 'York', stamp: 'from the server' },
      { name: 'Cedar', city: null, stamp: 'from the server' },
    ])
  })

  it('F9 converges two devices that edited offline: different rows, different attributes and the same one', async () => {
    const a = await lab.addDevice('A')
    const b = await lab.addDevice('B')
    await sync(a.device)
    await sync(b.device)
    a.link.set({ online: false })
    b.link.set({ online: false })
    await companies(a.device).update(1, { name: 'A1', city: 'A' })
    await companies(b.device).update(1, { name: 'B1' })
    await companies(b.device).update(2, { city: 'B' })
    expect(await a.device.sync.trigger('Default')).toEqual({ kind: 'offline', unit: 'Default' })
    a.link.set({ online: true })
    await sync(a.device)
    b.link.set({ online: true })
    await sync(b.device)
    await sync(a.device)
    await lab.expectEqual(a.device, b.device)
    expect(await lab.onServer('select name, city from companies order by id')).toEqual([
      { name: 'B1', city: 'A' },
      { name: 'Birch AG', city: 'B' },
    ])
  })

  it('A02 L4 keeps an edit that is made while a sync is under way', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await lab.onServer("update companies set name = 'Server name', city = 'Server city' where id = 1")
    lab.beforeAnswer(async () => {
      lab.beforeAnswer(null)
      await companies(device).update(1, { city: 'Mine' })
    })
    await sync(device)
    expect(await companies(device).get(1)).toMatchObject({ name: 'Server name', city: 'Mine' })
    expect(device.sync.status.pending).toBe(1)
    await sync(device)
    await lab.expectEqual(device)
  })

  it('L7 keeps an own write visible that was pushed by a unit which does not pull it', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await companies(device).update(1, { city: 'Oslo' })
    await companies(device).update(2, { name: 'Second edit' })
    await sync(device, 'OrdersOnly')
    expect(device.sync.status.pending).toBe(0)
    expect(await companies(device).get(1)).toMatchObject({ city: 'Oslo' })
    await sync(device)
    await lab.expectEqual(device)
  })

  it('C4 L7 lets an edit that is answered while a younger one waits sink beneath it', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await companies(device).update(1, { city: 'First' })
    lab.beforeAnswer(async () => {
      lab.beforeAnswer(null)
      await companies(device).update(1, { name: 'Second' })
    })
    await sync(device, 'OrdersOnly')
    expect(await companies(device).get(1)).toMatchObject({ name: 'Second', city: 'First' })
    await sync(device)
    await lab.expectEqual(device)
    expect(await lab.onServer('select name, city from companies where id = 1')).toEqual([
      { name: 'Second', city: 'First' },
    ])
  })

  it('L4 shows a row again that was deleted here when the server refuses the deletion', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await lab.onServer("insert into companies (id, name) overriding system value values (50, 'Held')")
    await sync(device)
    await lab.database.execute(
      'create table holds (company integer references companies); insert into holds values (50)',
    )
    await companies(device).delete(50)
    await sync(device)
    expect(await companies(device).get(50)).toMatchObject({ name: 'Held' })
    expect(await device.quarantine.list()).toMatchObject([{ reason: 'constraint', edits: [{ op: 'delete' }] }])
    await lab.expectEqual(device)
  })

  it('L3 goes on at the page where a pull broke off', async () => {
    await insertMany(35)
    const { device, link } = await lab.addDevice('A')
    let answers = 0
    lab.beforeAnswer(async () => {
      answers += 1
      if (answers === 3) link.set({ online: false })
    })
    expect(await device.sync.trigger('Default')).toEqual({ kind: 'offline', unit: 'Default' })
    lab.beforeAnswer(null)
    expect(await companies(device).list()).toEqual([])
    link.set({ online: true })
    await sync(device)
    await lab.expectEqual(device)
    const firstOf = (from: number) =>
      lab.messages.slice(from).find(({ direction, fate }) => direction === 'request' && fate === 'delivered')
    const broken = lab.messages.findIndex(({ fate }) => fate !== 'delivered')
    expect(firstOf(broken)?.body).toContain('"resume":"')
  })

  it('L6 begins a pull anew when the server no longer knows the place, and keeps the edits', async () => {
    await insertMany(35)
    const { device, link } = await lab.addDevice('A')
    let answers = 0
    lab.beforeAnswer(async () => {
      answers += 1
      if (answers === 3) link.set({ online: false })
    })
    await device.sync.trigger('Default')
    lab.beforeAnswer(null)
    await lab.server.uninstall()
    await lab.server.install()
    await companies(device).create({ name: 'Made meanwhile' })
    link.set({ online: true })
    await sync(device)
    await lab.expectEqual(device)
    expect(await lab.onServer("select count(*) from companies where name = 'Made meanwhile'")).toEqual([{ count: 1 }])
  })

  it('D7 asks for the next page while it keeps the last one aside, and never for more', async () => {
    await insertMany(45)
    const { device } = await lab.addDevice('A')
    await sync(device)
    await lab.expectEqual(device)
    let open = 0
    for (const { direction } of lab.messages) {
      open += direction === 'request' ? 1 : -1
      expect(open).toBeLessThanOrEqual(1)
    }
    expect(lab.messages.length).toBeGreaterThan(8)
  })

  it('a small sync is one round trip, and one without news changes nothing on the device', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    lab.messages.length = 0
    await companies(device).update(1, { city: 'Oslo' })
    await sync(device)
    expect(lab.messages.map((message) => message.direction)).toEqual(['request', 'answer'])
    await sync(device)
    const changes: unknown[] = []
    device.on('change', (event) => changes.push(event))
    await sync(device)
    expect(changes).toEqual([])
  })

  it('L9 L11 shows a reader whole tables and whole references at every moment of a sync', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    const torn: (Row | number)[] = []
    let reads = 0
    let syncing = true
    const reading = (async () => {
      while (syncing) {
        await device.transaction(async (tx) => {
          const known = new Set((await companies(tx).list()).map((company) => company.id))
          if (known.size < 2) torn.push(known.size)
          for (const order of await orders(tx).list()) if (!known.has(order.company_id ?? null)) torn.push(order)
        })
        reads += 1
        await companies(device).update(1, { city: `Edit ${reads}` })
        // A store in the same thread answers without leaving the turn, and a server's socket needs one now and then.
        if (reads % 5 === 0) await new Promise<void>((resolve) => systemTimers.after(0, resolve))
      }
    })()
    for (let round = 1; round <= 3; round++) {
      await lab.onServer(`with made as (insert into companies (name) select 'New ' || n from generate_series(1, 15) n returning id)
        insert into work_orders (company_id, title) select id, 'Visit' from made`)
      await sync(device)
    }
    syncing = false
    await reading
    expect(torn).toEqual([])
    expect(reads).toBeGreaterThan(3)
    expect(await orders(device).list()).toHaveLength(45)
    await sync(device)
    await lab.expectEqual(device)
  })

  it('F9 verifies that the rows are the server’s, names those that are not, and repairs them', async () => {
    let spoil = true
    const { device, link } = await lab.addDevice('A', {
      transport: {
        sync: async (body, options) => {
          const answer = await honest.sync(body, options)
          return spoil ? { ...answer, body: spoilt(answer.body) } : answer
        },
      },
    })
    const honest = transportOf(link)
    await sync(device)
    spoil = false
    await companies(device).update(1, { name: 'Unsent' })
    const { equal, entities } = await device.verify()
    expect(equal).toBe(false)
    expect(entities.find(({ entity }) => entity === 'Companies')).toEqual({
      entity: 'Companies',
      equal: false,
      rows: 2,
      serverRows: 2,
      missing: [{ id: '2' }],
      surplus: [{ id: '3' }],
      different: [{ id: '1' }],
    })
    expect(entities.filter((entity) => !entity.equal)).toHaveLength(1)
    expect(await device.verify()).toMatchObject({ equal: true })
  })
}

/** The answer, as a broken disk might have left it. */
function spoilt(body: unknown): unknown {
  const text = JSON.stringify(body).replace('Leeds', 'Lead').replace('2\\tBirch', '3\\tBirch')
  return JSON.parse(text)
}
