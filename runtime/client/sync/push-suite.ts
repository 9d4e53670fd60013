/** What becomes of edits. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DeviceEvents } from '../../contract'
import { companies, orders, parts, type SyncGround, type SyncLab, startLab, sync } from './lab'

export function describePush(ground: SyncGround): void {
  let lab: SyncLab
  beforeEach(async () => {
    lab = await startLab(ground)
  })
  afterEach(() => lab.close())

  it('A03 P1 applies a group once though its answer was lost', async () => {
    const { device, link } = await lab.addDevice('A')
    await sync(device)
    await companies(device).create({ name: 'Once' })
    link.set({ answerLoss: 1 })
    expect(await device.sync.trigger('Default')).toMatchObject({
      kind: 'failed',
      error: { kind: 'unreachable', recovery: 'retry' },
    })
    expect(device.sync.status).toMatchObject({ pending: 1, stalled: { kind: 'unreachable' } })
    link.set({ answerLoss: 0 })
    await sync(device)
    expect(await lab.onServer("select count(*) from companies where name = 'Once'")).toEqual([{ count: 1 }])
    await lab.expectEqual(device)
  })

  it("A21 A23 P3 P6 puts a refused group aside with its reason, shows the server's row again and sends the others", async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    const order = await orders(device).create({ company_id: 1, title: 'pump' })
    const key = { work_order_id: order.id, company_id: 1, part: 'seal' }
    await parts(device).create({ ...key, quantity: 1 })
    await sync(device)
    await parts(device).update(key, { quantity: -5 })
    await companies(device).update(1, { city: 'Rome' })
    const heard: DeviceEvents['quarantine'][] = []
    device.on('quarantine', (event) => heard.push(event))
    await sync(device)
    expect(await parts(device).get(key)).toMatchObject({ quantity: 1 })
    await lab.expectEqual(device)
    expect(await lab.onServer('select city from companies where id = 1')).toEqual([{ city: 'Rome' }])
    const [group] = await device.quarantine.list()
    expect(group).toMatchObject({
      reason: 'constraint',
      edits: [{ entity: 'PartsUsed', op: 'update', set: { quantity: '-5' }, server: { quantity: '1' } }],
    })
    expect(group?.message).toContain('parts_used_quantity_check')
    expect(device.sync.status.quarantined).toBe(1)
    const { id, reason, message } = group ?? {}
    expect(heard).toEqual([{ id, reason, message }])

    await device.quarantine.retry(group?.id ?? '')
    expect(await parts(device).get(key)).toMatchObject({ quantity: -5 })
    await sync(device)
    expect(device.sync.status.quarantined).toBe(1)
    expect(await parts(device).get(key)).toMatchObject({ quantity: 1 })
    for (const left of await device.quarantine.list()) await device.quarantine.discard(left.id)
    expect(device.sync.status.quarantined).toBe(0)
  })

  it('A08 keeps an update of a row that the server deleted in quarantine', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await lab.onServer("delete from companies where name = 'Birch AG'")
    await companies(device).update(2, { city: 'Chur' })
    await sync(device)
    await lab.expectEqual(device)
    expect(await device.quarantine.list()).toMatchObject([
      {
        reason: 'row-deleted',
        edits: [{ set: { city: 'Chur' }, local: { id: '2', name: 'Birch AG', city: 'Chur' }, server: null }],
      },
    ])
  })

  it('A13 F2 P3 puts the second of two rows with one key aside, and sends what was made after it', async () => {
    const a = await lab.addDevice('A')
    const b = await lab.addDevice('B')
    await sync(a.device)
    await sync(b.device)
    for (const [{ device }, quantity] of [
      [a, 1],
      [b, 2],
    ] as const) {
      await companies(device).create({ id: 900, name: `Row of ${quantity}` })
      await companies(device).update(2, { city: 'Later edit' })
    }
    await sync(a.device)
    await sync(b.device)
    await lab.expectEqual(a.device, b.device)
    expect(await lab.onServer('select name from companies where id = 900')).toEqual([{ name: 'Row of 1' }])
    expect(await b.device.quarantine.list()).toMatchObject([
      { reason: 'constraint', edits: [{ op: 'create', set: { name: 'Row of 2' } }] },
    ])
  })

  it('P3 puts what was made on a refused row while it was on its way aside with it, not on the row that has the key', async () => {
    const a = await lab.addDevice('A')
    const b = await lab.addDevice('B')
    await sync(a.device)
    await sync(b.device)
    await companies(a.device).create({ id: 900, name: 'Row of A' })
    await sync(a.device)
    await companies(b.device).create({ id: 900, name: 'Row of B' })
    lab.beforeAnswer(async () => {
      lab.beforeAnswer(null)
      await b.device.transaction(async (tx) => {
        await tx.entities.Companies?.update(900, { city: 'Of B' })
        await tx.entities.Companies?.create({ id: 901, name: 'With it' })
      })
      await companies(b.device).update(901, { city: 'Chur' })
    })
    await sync(b.device)
    await sync(b.device)
    await lab.expectEqual(b.device)
    expect(await lab.onServer('select name, city from companies where id >= 900')).toEqual([
      { name: 'Row of A', city: null },
    ])
    const [group, ...others] = await b.device.quarantine.list()
    expect(others).toEqual([])
    expect(group?.edits.map(({ op }) => op)).toEqual(['create', 'update', 'create', 'update'])
  })

  it('P3 puts what was made on a refused row aside where it is sent beside it', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await lab.onServer("insert into companies (id, name) overriding system value values (900, 'Row of the server')")
    await companies(device).create({ id: 900, name: 'Mine' })
    await device.transaction(async (tx) => {
      await tx.entities.Companies?.update(900, { city: 'Mine too' })
      await tx.entities.Companies?.update(2, { city: 'With it' })
    })
    await companies(device).update(2, { name: 'Later' })
    await sync(device)
    await lab.expectEqual(device)
    expect(await lab.onServer('select name, city from companies where id = 900')).toEqual([
      { name: 'Row of the server', city: null },
    ])
    expect(await lab.onServer('select name from companies where id = 2')).toEqual([{ name: 'Later' }])
    expect((await device.quarantine.list()).map(({ edits }) => edits.length)).toEqual([1, 2])
  })

  it('P2 P3 puts what depends on a refused group aside with it', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await lab.onServer('alter table companies add constraint not_bad check (name <> $$Bad$$)')
    const company = await companies(device).create({ name: 'Bad' })
    await orders(device).create({ company_id: company.id, title: 'on bad' })
    await companies(device).update(company.id ?? null, { city: 'Nice' })
    await companies(device).create({ name: 'Good' })
    await sync(device)
    await lab.expectEqual(device)
    expect(await device.quarantine.list()).toHaveLength(3)
    expect(await lab.onServer("select name from companies where name in ('Good', 'Bad')")).toEqual([{ name: 'Good' }])
  })

  it('P3 P7 sends many large edits in parts, and puts a single one aside that is too large', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    for (let n = 1; n <= 8; n++) await companies(device).create({ name: `Large ${n}`, city: 'x'.repeat(120_000) })
    await companies(device).create({ name: 'Too large', city: 'x'.repeat(500_000) })
    await companies(device).create({ name: 'Small' })
    const totals: string[] = []
    device.on(
      'status',
      ({ progress }) => progress?.phase === 'push' && totals.push(`${progress.done}/${progress.total}`),
    )
    await sync(device)
    await lab.expectEqual(device)
    expect(totals).toContain('0/10')
    expect(await lab.onServer("select count(*) from companies where name like 'Large%' or name = 'Small'")).toEqual([
      { count: 9 },
    ])
    expect(await device.quarantine.list()).toMatchObject([
      { reason: 'too-large', edits: [{ set: { name: 'Too large' } }] },
    ])
  })

  it('F7 lets the edit win that arrives last, though the clock of its device is a year behind', async () => {
    const now = Date.UTC(2026, 5, 1)
    const a = await lab.addDevice('A', { clock: { now: () => now } })
    const b = await lab.addDevice('B', { clock: { now: () => now - 365 * 86_400_000 } })
    await sync(a.device)
    await sync(b.device)
    await companies(b.device).update(1, { city: 'Behind' })
    await companies(a.device).update(1, { city: 'Right' })
    await sync(a.device)
    await sync(b.device)
    expect(await lab.onServer('select city from companies where id = 1')).toEqual([{ city: 'Behind' }])
  })
}
