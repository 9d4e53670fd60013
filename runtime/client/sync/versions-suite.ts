/** A device on the bundle before meets a server on the next one. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle, EntityContract } from '../../contract'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import { companies, type SyncGround, type SyncLab, startLab, sync } from './lab'

/** The next bundle knows companies in another way; the rest is as it was. */
function nextBundle(change: (entity: EntityContract) => EntityContract): Bundle {
  return {
    ...FIELD_BUNDLE,
    schemaHash: 'field-2',
    entities: FIELD_BUNDLE.entities.map((entity) => (entity.id === 'le_company' ? change(entity) : entity)),
  }
}

const renamed = nextBundle((entity) => ({
  ...entity,
  attributes: entity.attributes.map((attribute) =>
    attribute.id === 'city' ? { ...attribute, name: 'town' } : attribute,
  ),
}))

const withoutStamp = nextBundle((entity) => ({
  ...entity,
  attributes: entity.attributes.filter(({ id }) => id !== 'stamp'),
}))

export function describeVersions(ground: SyncGround): void {
  describe('a device of the bundle before', () => {
    let lab: SyncLab
    afterEach(() => lab.close())

    it('S2 sends what was pending and receives what is new, where the next bundle still has what it knows', async () => {
      lab = await startLab(ground, renamed)
      const { device } = await lab.addDevice('old', { bundle: FIELD_BUNDLE })
      await sync(device)
      await companies(device).update(1, { city: 'York' })
      await lab.onServer(`update companies set city = 'Basel' where id = 2`)
      await sync(device)
      expect(await lab.onServer('select city from companies order by id')).toEqual([
        { city: 'York' },
        { city: 'Basel' },
      ])
      expect(await companies(device).get(2)).toMatchObject({ city: 'Basel' })
    })

    it('S2 S3 is told to update where it does not, loses no edit, and sends it once it was updated', async () => {
      lab = await startLab(ground, withoutStamp)
      const place = await ground.kind.place()
      const { device } = await lab.addDevice('old', { bundle: FIELD_BUNDLE, place })
      const before = await device.sync.trigger('Default')
      expect(before).toMatchObject({ kind: 'failed', error: { kind: 'incompatible', recovery: 'update' } })
      const made = await companies(device).create({ name: 'Fir Ltd', city: 'Ulm' })
      expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'failed', error: { kind: 'incompatible' } })
      expect(device.sync.status.pending).toBe(1)
      await device.close()

      const { device: updated } = await lab.addDevice('new', { bundle: withoutStamp, place })
      expect(await companies(updated).get(made.id ?? null)).toMatchObject({ name: 'Fir Ltd', city: 'Ulm' })
      await sync(updated)
      expect(await lab.onServer(`select city from companies where name = 'Fir Ltd'`)).toEqual([{ city: 'Ulm' }])
      await lab.expectEqual(updated)
      await updated.close()
      await place.remove()
    })
  })
}
