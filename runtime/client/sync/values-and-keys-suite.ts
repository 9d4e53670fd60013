/** Values and keys through the whole circle. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { companies, orders, parts, type SyncGround, type SyncLab, startLab, sync } from './lab'

export function describeValuesAndKeys(ground: SyncGround): void {
  let lab: SyncLab
  beforeEach(async () => {
    lab = await startLab(ground)
  })
  afterEach(() => lab.close())

  it('V1 brings values through the whole circle unchanged', async () => {
    const a = await lab.addDevice('A')
    const b = await lab.addDevice('B')
    await sync(a.device)
    const values = {
      company_id: 1,
      title: 'ünï "quoted" \\ \' 𝄞 \t\n\\N',
      price: '12345678.90',
      due: '2026-02-03 04:05:06.123456+00',
    }
    const order = await orders(a.device).create(values)
    await sync(a.device)
    await sync(b.device)
    expect(await orders(b.device).get(order.id ?? null)).toEqual({ ...order, ...values, status: 'open' })
    await lab.expectEqual(a.device, b.device)
  })

  it("K1 puts the server's key in the place of the temporary one, in every reference", async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    const seen: number[] = []
    await device.transaction(async (tx) => {
      const parent = await companies(tx).create({ name: 'Parent' })
      const child = await companies(tx).create({ name: 'Child', parent_id: parent.id })
      const order = await orders(tx).create({ company_id: child.id, title: 'pump' })
      await parts(tx).create({ work_order_id: order.id, company_id: child.id, part: 'seal', quantity: 2 })
      seen.push(Number(parent.id), Number(child.id))
    })
    const [part] = await parts(device).list()
    await parts(device).update(part ?? {}, { quantity: 3 })
    await sync(device)
    await lab.expectEqual(device)
    expect(seen.every((id) => id < 0)).toBe(true)
    const [after] = await parts(device).list()
    const child = await companies(device).get(after?.company_id ?? null)
    const parent = await companies(device).get(child?.parent_id ?? null)
    expect([after?.quantity, child?.stamp, parent?.name]).toEqual([3, 'from the server', 'Parent'])
  })

  it('A03 K1 gives a group whose answer was lost the same key again, though younger edits hang on it', async () => {
    const { device, link } = await lab.addDevice('A')
    await sync(device)
    const company = await companies(device).create({ name: 'Once' })
    link.set({ answerLoss: 1 })
    await device.sync.trigger('Default')
    link.set({ answerLoss: 0 })
    await orders(device).create({ company_id: company.id, title: 'later' })
    await companies(device).update(company.id ?? null, { city: 'Ulm' })
    await sync(device)
    await lab.expectEqual(device)
    expect(
      await lab.onServer(
        "select c.city from work_orders o join companies c on c.id = o.company_id where title = 'later'",
      ),
    ).toEqual([{ city: 'Ulm' }])
  })

  it('K1 takes in hundreds of keys at once', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await device.transaction(async (tx) => {
      for (let n = 1; n <= 400; n++) {
        const company = await companies(tx).create({ name: `Company ${n}` })
        await orders(tx).create({ company_id: company.id, title: 'Visit' })
      }
    })
    await sync(device)
    await lab.expectEqual(device)
    const keys = (await orders(device).list()).map((order) => Number(order.company_id))
    expect([keys.length, keys.every((key) => key > 0)]).toEqual([400, true])
  })

  it('K1 makes a new row of a temporary key that was used before', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await companies(device).create({ id: -7, name: 'First' })
    await sync(device)
    await companies(device).create({ id: -7, name: 'Second' })
    await orders(device).create({ company_id: -7, title: 'For the second' })
    await sync(device)
    await lab.expectEqual(device)
    expect(await lab.onServer('select c.name from work_orders o join companies c on c.id = o.company_id')).toEqual([
      { name: 'Second' },
    ])
    expect(await lab.onServer("select count(*) from companies where name in ('First', 'Second')")).toEqual([
      { count: 2 },
    ])
  })

  it('K1 P3 lets a quarantined child be tried again after its parent has got its key', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await lab.onServer("alter table companies add constraint not_bad check (name <> 'Bad')")
    const parent = await companies(device).create({ name: 'Bad' })
    await orders(device).create({ company_id: parent.id, title: 'Child' })
    await sync(device)
    await lab.onServer('alter table companies drop constraint not_bad')
    const groups = await device.quarantine.list()
    expect(groups).toHaveLength(2)
    await device.quarantine.retry(groups.find((group) => group.edits[0]?.entity === 'Companies')?.id ?? '')
    await sync(device)
    for (const group of await device.quarantine.list()) await device.quarantine.retry(group.id)
    await sync(device)
    await lab.expectEqual(device)
    expect(
      await lab.onServer(
        "select c.name from work_orders o join companies c on c.id = o.company_id where title = 'Child'",
      ),
    ).toEqual([{ name: 'Bad' }])
  })

  it('C2 K2 applies a transaction whose rows refer to each other in a circle', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await device.transaction(async (tx) => {
      await companies(tx).update(1, { city: 'Moved' })
      const made = await companies(tx).create({ name: 'New parent', parent_id: 1 })
      await companies(tx).update(1, { parent_id: made.id })
      await orders(tx).create({ company_id: made.id, title: 'Visit' })
    })
    await sync(device)
    expect(await device.quarantine.list()).toEqual([])
    await lab.expectEqual(device)
    for (const company of await companies(device).list()) await companies(device).delete(company.id ?? null)
    await sync(device)
    expect(await device.quarantine.list()).toEqual([])
    await lab.expectEqual(device)
    expect(await lab.onServer('select count(*) from companies')).toEqual([{ count: 0 }])
  })
}
