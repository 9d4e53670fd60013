import { describe, expect, it } from 'vitest'
import type { LocalTransaction, SyncTransaction } from '../../contract'
import { NEXT_BUNDLE, SUITE_BUNDLE, suiteEntity } from './suite-bundle'
import {
  cities,
  company,
  ID,
  NOW,
  readState,
  type SuiteContext,
  shadowOf,
  stagedPart,
  storedEdits,
} from './suite-context'

export function describeLife(context: SuiteContext): void {
  const { harness, openTables, newPlace, reopened, itInPlace, withCompanies } = context

  describe(`${harness.name}: life`, () => {
    itInPlace('D1 shows after a kill what was committed, and nothing of what was under way', async () => {
      const place = await newPlace()
      const tables = await openTables(await place.open())
      const companies = suiteEntity('companies')
      await tables.sync((tx) => tx.putImages('e_companies', [company(1, {}), company(2, {})]))
      await tables.write(NOW, (tx) => tx.update(companies, [1], { city: 'kept' }))
      let after = place
      const write = tables.write(NOW, async (tx) => {
        await tx.update(companies, [2], { city: 'lost' })
        await tx.create(companies, { id: 9, name: 'lost' })
        after = await reopened(place)
        const again = await openTables(await after.open(), SUITE_BUNDLE, 2)
        expect(again.deviceId).toBe(tables.deviceId)
        expect(await cities(again)).toEqual(['kept', null])
        expect((await again.state()).pendingEdits).toBe(1)
      })
      await write.catch(() => undefined)
    })

    itInPlace('D1 loses all of a sync that was killed, and none of one that was not', async () => {
      const place = await newPlace()
      const tables = await openTables(await place.open())
      await tables.sync(async (tx) => {
        await tx.stage(stagedPart('companies', [company(1, { a_city: 'staged' })], { full: true }))
        await tx.setMeta('pull', 'page 2')
      })
      const sync = tables.sync(async (tx) => {
        await tx.applyStaged('e_companies', true)
        await tx.unstage()
        await tx.setMeta('pull', null)
        await tx.setCursors(new Map([['e_companies', 'cursor 1']]))
        const again = await openTables(await (await reopened(place)).open(), SUITE_BUNDLE, 2)
        expect(await cities(again)).toEqual([])
        expect((await again.state()).meta.get('pull')).toBe('page 2')
        expect(await again.sync((other) => other.stagedEntities())).toEqual([{ entity: 'e_companies', full: true }])
        await again.sync(async (other) => {
          await other.applyStaged('e_companies', true)
          await other.setCursors(new Map([['e_companies', 'cursor 1']]))
        })
        expect(await cities(again)).toEqual(['staged'])
        // What is written now is captured, whatever the killed sync had switched off.
        await again.write(NOW, (other) => other.update(suiteEntity('companies'), [1], { city: 'mine' }))
        expect(await storedEdits(again)).toMatchObject([{ base: 'cursor 1', set: { a_city: 'mine' } }])
      })
      await sync.catch(() => undefined)
    })

    it('D1 takes transactions one at a time, and goes on after one that failed', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      const increase = () =>
        tables.write(NOW, async (tx) => {
          const row = await tx.get(companies, [1])
          await tx.update(companies, [1], { name: `${String(row?.name)}+` })
        })
      const failing = tables.sync(async () => {
        throw new Error('no')
      })
      const results = await Promise.allSettled([increase(), failing, increase(), increase()])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
      expect(await tables.write(NOW, (tx) => tx.get(companies, [1]))).toMatchObject({ name: 'company 1+++' })
    })

    it('D6 lets a transaction that is over do nothing more', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      const kept: { local?: LocalTransaction; sync?: SyncTransaction } = {}
      await tables.write(NOW, async (local) => void Object.assign(kept, { local }))
      await tables.sync(async (sync) => void Object.assign(kept, { sync }))
      await expect(kept.local?.update(companies, [1], { city: 'late' })).rejects.toThrow()
      await expect(kept.sync?.removeRows('e_companies', [['1']])).rejects.toThrow()
      expect(await cities(tables)).toEqual(['Leeds', null])
    })

    itInPlace('S3 carries a device over to another bundle and keeps its edits', async () => {
      const place = await newPlace()
      const storage = await place.open()
      const before = await openTables(storage)
      await before.sync(async (tx) => {
        await tx.putImages('e_companies', [company(1, { a_city: 'Leeds' }), company(2, {})])
        await tx.putImages('e_tickets', [{ a_id: ID, a_title: 't', a_note: null }])
        await tx.setCursors(
          new Map([
            ['e_companies', 'c'],
            ['e_tickets', 't'],
            ['e_readings', 'r'],
          ]),
        )
        await tx.stage(stagedPart('companies', [company(3, {})], {}))
        await tx.putRecord('conflict', { id: 'a', body: '{}' })
      })
      await before.write(NOW, async (tx) => {
        await tx.update(suiteEntity('companies'), [1], { city: 'Bern', name: 'new name' })
        await tx.create(suiteEntity('orders'), { id: ID, company: 1, title: 'x' })
      })
      const edits = await storedEdits(before)
      await before.close()
      await storage.close()

      const after = await openTables(await place.open(), NEXT_BUNDLE, 2)
      expect(after.deviceId).toBe(before.deviceId)
      expect(await storedEdits(after)).toEqual(edits)
      expect(await shadowOf(after, 'e_companies', ['1'])).toMatchObject({ a_id: '1', a_name: 'company 1' })
      const firms = suiteEntity('companies', NEXT_BUNDLE)
      const rows = await after.write(NOW, (tx) => tx.list(firms, {}))
      expect(rows).toMatchObject([
        { id: 1, title: 'new name', rank: null },
        { id: 2, title: 'company 2', rank: null },
      ])
      const state = await after.state()
      expect([...state.cursors]).toEqual([['e_tickets', 't']])
      expect(state.conflicts).toBe(1)
      expect(await after.sync((tx) => tx.stagedEntities())).toEqual([])
      await after.write(NOW, (tx) => tx.update(firms, [2], { title: 'later' }))
      expect((await storedEdits(after)).at(-1)).toMatchObject({
        entity: 'e_companies',
        set: { a_name: 'later' },
        was: { a_name: 'company 2' },
      })
      await expect(
        after.write(NOW, (tx) => tx.create(suiteEntity('orders'), { company: 99, title: 'x' })),
      ).rejects.toThrow()
    })

    itInPlace('S3 leaves a database of another project alone', async () => {
      const place = await newPlace()
      const storage = await place.open()
      const before = await openTables(storage)
      await before.write(NOW, (tx) => tx.create(suiteEntity('companies'), { id: 7, name: 'x' }))
      await before.close()
      await storage.close()
      const again = await place.open()
      await expect(openTables(again, { ...SUITE_BUNDLE, projectId: 'pr_other' })).rejects.toThrow('another project')
      expect((await (await openTables(again)).state()).pendingEdits).toBe(1)
    })

    itInPlace('D6 removes everything when told to', async () => {
      const place = await newPlace()
      const storage = await place.open()
      const tables = await openTables(storage)
      await tables.write(NOW, (tx) => tx.create(suiteEntity('companies'), { id: 7, name: 'x' }))
      await tables.wipe()
      await tables.close()
      await storage.close()
      const again = await openTables(await place.open(), SUITE_BUNDLE, 9)
      expect(again.deviceId).not.toBe(tables.deviceId)
      expect(await readState(again)).toEqual({ pendingEdits: 0, rows: 0 })
    })

    const { beside } = harness
    if (beside) {
      it('C1 C2 captures what another program writes to the database', async () => {
        const place = await newPlace()
        const tables = await openTables(await place.open())
        await tables.sync((tx) => tx.putImages('e_companies', [company(1, {})]))
        await beside(
          place,
          "begin; update companies set city = 'x' where id = 1; insert into companies (id, name, made) values (5, 'five', null); commit",
        )
        await tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [1], { name: 'y' }))
        const edits = await storedEdits(tables)
        expect(edits.map(({ op, key }) => [op, key])).toEqual([
          ['update', ['1']],
          ['create', ['5']],
          ['update', ['1']],
        ])
        expect(edits[0]?.transaction).toBe(edits[1]?.transaction)
        expect(edits[2]?.transaction).not.toBe(edits[1]?.transaction)
      })
    }
  })
}
