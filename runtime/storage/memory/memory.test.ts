import { describe, expect, it } from 'vitest'
import { createSeededRandom } from '../../testing/seeded-random'
import { describeStorage } from '../storage-suite/storage-suite'
import { SUITE_BUNDLE, suiteEntity } from '../storage-suite/suite-bundle'
import type { StoragePlace } from '../storage-suite/suite-context'
import { createMemoryDisk } from './memory-disk'
import { openMemory } from './open-memory'

describeStorage({
  name: 'memory',
  hasSql: false,
  open: () => openMemory(),
  place: async () => {
    const disk = createMemoryDisk()
    const place: StoragePlace = {
      open: () => openMemory({ disk }),
      afterKill: async () => place,
      remove: async () => undefined,
    }
    return place
  },
})

describe('openMemory', () => {
  it('D1 lets nothing of a device that was killed touch the disk any more', async () => {
    const disk = createMemoryDisk()
    const ports = { randomBytes: createSeededRandom(1).bytes }
    const companies = suiteEntity('companies')
    const tables = await (await openMemory({ disk })).openTables(SUITE_BUNDLE, ports)
    const late = tables.write(0, async (tx) => {
      await tx.create(companies, { id: 1, name: 'lost' })
      const again = await (await openMemory({ disk })).openTables(SUITE_BUNDLE, ports)
      await expect(tx.create(companies, { id: 2, name: 'late' })).rejects.toThrow('opened anew')
      expect((await again.state()).pendingEdits).toBe(0)
    })
    await expect(late).rejects.toThrow('opened anew')
    await expect(tables.state()).rejects.toThrow('opened anew')
  })

  it('says that it has no SQL', async () => {
    const ports = { randomBytes: createSeededRandom(1).bytes }
    const tables = await (await openMemory()).openTables(SUITE_BUNDLE, ports)
    await expect(tables.write(0, (tx) => tx.query('select 1'))).rejects.toThrow('no SQL')
  })
})
