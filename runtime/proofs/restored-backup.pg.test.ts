/** L6: the server's database comes back as it was some time ago, and devices have seen what it has not. */
import { afterEach, describe, expect, it } from 'vitest'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import { createProofWorld, expectEqualToServer, type ProofWorld, sync } from './proof-world'

const opened: { real: RealPostgres; world: ProofWorld }[] = []
afterEach(async () => {
  for (const { real, world } of opened.splice(0)) {
    await world.close()
    await real.stop()
  }
})

describe('L6 a restored backup', () => {
  it.each([
    ['whose files were put back', false],
    ['of a recovery to a point in time', true],
  ])('%s makes devices pull everything anew and keeps their queued edits', async (_, newTimeline) => {
    // A server of its own: going back in time is not for those who share it.
    const real = await startPostgres()
    const world = await createProofWorld(await real.createDatabase())
    opened.push({ real, world })
    const device = await world.openDevice('sqlite')
    await sync(device)
    const backup = await real.backUp()
    await world.database.execute("update companies set city = 'Lost' where id = 1")
    for (let n = 1; n <= 50; n += 1) {
      await world.database.query('insert into companies (name) values ($1)', [`Lost with the restore ${n}`])
    }
    await sync(device)
    await device.entities.Companies?.update(2, { city: 'Queued before' })
    await device.entities.Companies?.create({ name: 'Queued too' })
    expect(await device.entities.Companies?.list()).toHaveLength(53)

    await backup.restore({ newTimeline })
    // Others go on with the restored server, and use again the numbers that the device has seen.
    await world.database.execute("update companies set city = 'After the restore' where id = 1")
    await sync(device)
    await expectEqualToServer(device, world)
    expect(await world.database.query('select name, city from companies order by id')).toEqual([
      { name: 'Alder Ltd', city: 'After the restore' },
      { name: 'Birch AG', city: 'Queued before' },
      { name: 'Queued too', city: null },
    ])
    expect(device.sync.status).toMatchObject({ pending: 0, quarantined: 0, conflicts: 0 })
  })

  it.each([
    ['copied while the server ran', true],
    ['copied while it was down', false],
  ])('of files %s is noticed by one lost transaction, however many came since', async (_, live) => {
    const real = await startPostgres()
    const world = await createProofWorld(await real.createDatabase())
    opened.push({ real, world })
    const device = await world.openDevice('sqlite')
    await sync(device)
    const backup = await real.backUp({ live })
    await world.database.execute("update companies set city = 'Lost' where id = 1")
    await sync(device)
    expect(await device.entities.Companies?.get(1)).toMatchObject({ city: 'Lost' })
    await device.entities.Companies?.update(2, { city: 'Queued before' })

    await backup.restore()
    for (let n = 0; n < 100; n += 1) await world.database.query('select pg_current_xact_id()')
    await world.database.execute("update companies set city = 'After the restore' where id = 2")
    // Pushes first, in the same request.
    await sync(device)
    await expectEqualToServer(device, world)
    expect(await device.entities.Companies?.list()).toEqual([
      expect.objectContaining({ id: 1, city: 'Leeds' }),
      expect.objectContaining({ id: 2, city: 'Queued before' }),
    ])
    expect(device.sync.status).toMatchObject({ pending: 0, quarantined: 0, conflicts: 0 })
  })

  it('that was merely a restart keeps the cursors: the next pull is a delta', async () => {
    const real = await startPostgres()
    const world = await createProofWorld(await real.createDatabase())
    opened.push({ real, world })
    const device = await world.openDevice('memory')
    await sync(device)
    await real.restart()
    await world.database.execute("update companies set city = 'After the restart' where id = 1")
    expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed', pulledRows: 1 })
    await expectEqualToServer(device, world)
  })
})
