/** What plain SQL can do on a device; the store in memory has none. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { companies, orders, type SyncGround, type SyncLab, startLab, sync } from './lab'

export function describeSql(ground: SyncGround): void {
  let lab: SyncLab
  beforeEach(async () => {
    lab = await startLab(ground)
  })
  afterEach(() => lab.close())

  it('C1 C2 sends what plain SQL wrote, as one group where it was one transaction', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await device.transaction(async (tx) => {
      await tx.query("update companies set city = 'Bath' where name = $1", ['Alder Ltd'])
      await tx.query("insert into companies (name) values ('By SQL')")
      await companies(tx).create({ name: 'By action' })
    })
    expect(device.sync.status.pending).toBe(3)
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed', pushedGroups: 1 })
    await lab.expectEqual(device)
    expect(await device.query('select name from companies order by id')).toEqual([
      { name: 'Alder Ltd' },
      { name: 'Birch AG' },
      { name: 'By SQL' },
      { name: 'By action' },
    ])
  })

  it('C1 sends what a foreign key on the device cascaded to', async () => {
    const { device } = await lab.addDevice('A')
    await sync(device)
    await orders(device).create({ company_id: 2, title: 'Visit' })
    await sync(device)
    await device.query('delete from companies where id = 2')
    expect(await orders(device).list()).toEqual([])
    await sync(device)
    await lab.expectEqual(device)
    expect(await device.quarantine.list()).toEqual([])
    expect(await lab.onServer('select count(*) from companies')).toEqual([{ count: 1 }])
  })
}
