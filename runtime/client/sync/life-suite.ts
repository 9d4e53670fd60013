/** A device over restarts, lost networks and new bundles, against a real server. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Bundle } from '../../contract'
import { PROTOCOL_VERSION } from '../../protocol/messages'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import { actions, companies, type SyncGround, type SyncLab, startLab, sync, transportOf } from './lab'

export function describeLife(ground: SyncGround): void {
  let lab: SyncLab
  beforeEach(async () => {
    lab = await startLab(ground)
  })
  afterEach(() => lab.close())

  it('D5 syncs by itself when the network returns, in a unit that says so', async () => {
    const { device, link } = await lab.addDevice('A')
    await sync(device)
    link.set({ online: false })
    await companies(device).update(1, { city: 'Bath' })
    const completed = new Promise((resolve) => device.on('syncComplete', resolve))
    link.set({ online: true })
    expect(await completed).toMatchObject({ unit: 'Default', pushedGroups: 1 })
    await lab.expectEqual(device)
  })

  it('D1 goes on after a restart with what was pending and where it was', async () => {
    const place = await ground.kind.place()
    try {
      const first = await lab.addDevice('A', { place })
      await sync(first.device)
      await companies(first.device).update(1, { city: 'Kept' })
      await first.device.close()
      const second = await lab.addDevice('A again', { place })
      expect(second.device.sync.status).toMatchObject({ pending: 1 })
      expect(second.device.sync.status.lastSyncedAt).not.toBeNull()
      await sync(second.device)
      await lab.expectEqual(second.device)
      expect(await lab.onServer('select city from companies where id = 1')).toEqual([{ city: 'Kept' }])
      await second.device.close()
    } finally {
      await place.remove()
    }
  })

  it('D4 tells how far it is, what is pending and when it last synced', async () => {
    await lab.onServer("insert into companies (name) select 'Company ' || n from generate_series(1, 25) n")
    const { device } = await lab.addDevice('A', { clock: { now: () => 1_800_000_000_000 } })
    expect(device.sync.status).toMatchObject({ pending: 0, lastSyncedAt: null, progress: null, running: null })
    const phases: string[] = []
    device.on(
      'status',
      ({ running, progress }) =>
        progress && phases.push(`${running} ${progress.phase} ${progress.done}/${progress.total}`),
    )
    await sync(device)
    expect(phases[0]).toBe('Default pull 0/null')
    expect(phases).toContain('Default pull 10/null')
    expect(phases).toContain('Default apply 0/29')
    expect(phases.at(-1)).toBe('Default apply 29/29')
    expect(device.sync.status).toMatchObject({ lastSyncedAt: 1_800_000_000_000, progress: null, running: null })
  })

  it('S1 syncs a device on which everything has another name', async () => {
    const renamed: Bundle = {
      ...FIELD_BUNDLE,
      entities: FIELD_BUNDLE.entities.map((entity) => ({
        ...entity,
        name: `My${entity.name}`,
        table: `my_${entity.table}`,
        attributes: entity.attributes.map((attribute) => ({ ...attribute, name: `the ${attribute.name}` })),
      })),
    }
    const { device } = await lab.addDevice('A', { bundle: renamed })
    await sync(device)
    await actions(device, 'MyCompanies').update(1, { 'the city': 'Named anew' })
    await sync(device)
    expect(await lab.onServer('select city from companies where id = 1')).toEqual([{ city: 'Named anew' }])
    expect(await actions(device, 'MyCompanies').get(1)).toMatchObject({ 'the city': 'Named anew' })
  })

  it('S2 S4 tells a device of another protocol to update, and keeps its edits', async () => {
    const { device, link } = await lab.addDevice('A', {
      transport: {
        sync: (body, options) => answering.sync({ ...(body as object), protocol: PROTOCOL_VERSION + 1 }, options),
      },
    })
    const answering = transportOf(link)
    await companies(device).create({ name: 'Kept' })
    expect(await device.sync.trigger('Default')).toMatchObject({
      kind: 'failed',
      error: { kind: 'incompatible', recovery: 'update' },
    })
    expect(device.sync.status).toMatchObject({ pending: 1, stalled: { kind: 'incompatible' } })
  })

  it('S3 a new bundle carries the database of the old one over, with what is pending', async () => {
    const place = await ground.kind.place()
    try {
      const first = await lab.addDevice('A', { place })
      await sync(first.device)
      await companies(first.device).update(1, { city: 'Kept' })
      await first.device.close()
      const next: Bundle = {
        ...FIELD_BUNDLE,
        schemaHash: 'field-2',
        entities: FIELD_BUNDLE.entities.map((entity) =>
          entity.id === 'le_company' ? { ...entity, name: 'Firms', table: 'firms' } : entity,
        ),
      }
      const second = await lab.addDevice('A again', { place, bundle: next })
      expect(second.device.sync.status.pending).toBe(1)
      expect(await actions(second.device, 'Firms').get(1)).toMatchObject({ name: 'Alder Ltd', city: 'Kept' })
      await second.device.close()
    } finally {
      await place.remove()
    }
  })

  it('signs out and leaves nothing of the device behind', async () => {
    const place = await ground.kind.place()
    try {
      const first = await lab.addDevice('A', { place })
      await sync(first.device)
      await companies(first.device).update(1, { city: 'Lost' })
      await first.device.signOut({ force: true })
      const second = await lab.addDevice('A again', { place })
      expect(second.device.sync.status).toMatchObject({ pending: 0, lastSyncedAt: null })
      expect(await companies(second.device).list()).toEqual([])
      await second.device.close()
    } finally {
      await place.remove()
    }
  })
}
