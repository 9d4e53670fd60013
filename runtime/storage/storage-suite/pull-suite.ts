import { describe, expect, it } from 'vitest'
import type { DeviceTables, Image, SyncTransaction } from '../../contract'
import { keyText } from '../../contract'
import { suiteEntity } from './suite-bundle'
import { company, companyIds, imagesOf, NOW, type SuiteContext, sorted, stagedPart } from './suite-context'

export function describePull(context: SuiteContext): void {
  const { harness, fresh, withCompanies } = context

  describe(`${harness.name}: pull`, () => {
    const staged = (tables: DeviceTables, ...parts: Parameters<SyncTransaction['stage']>[0][]) =>
      tables.sync(async (tx) => {
        for (const part of parts) await tx.stage(part)
      })
    const apply = (tables: DeviceTables, full: boolean) =>
      tables.sync(async (tx) => {
        const applied = await tx.applyStaged('e_companies', full)
        await tx.unstage()
        return applied
      })

    it('L2 L3 keeps pages aside, unseen, until they are applied', async () => {
      const tables = await withCompanies()
      await staged(tables, stagedPart('companies', [company(3, {})], { full: true }))
      await staged(tables, stagedPart('orders', [], {}))
      expect(await companyIds(tables)).toEqual([1, 2])
      expect(await tables.sync((tx) => tx.stagedEntities())).toEqual(
        expect.arrayContaining([
          { entity: 'e_companies', full: true },
          { entity: 'e_orders', full: false },
        ]),
      )
      await apply(tables, true)
      expect(await companyIds(tables)).toEqual([3])
      expect(await tables.sync((tx) => tx.stagedEntities())).toEqual([])
    })

    it('L1 applies a delta: rows and deletions, a later page over an earlier one', async () => {
      const tables = await withCompanies()
      await staged(
        tables,
        stagedPart('companies', [company(1, { a_city: 'first' }), company(3, {}), company(4, {})], {
          deleted: [['2']],
        }),
        stagedPart('companies', [company(1, { a_city: 'second' }), company(2, { a_city: 'back' })], {
          deleted: [['4'], ['99']],
        }),
      )
      const { rows, edited } = await apply(tables, false)
      expect(rows).toBeGreaterThanOrEqual(4)
      expect(edited).toEqual([])
      expect(await imagesOf(tables, 'e_companies', [['1'], ['2'], ['3'], ['4']])).toEqual([
        company(1, { a_city: 'second' }),
        company(2, { a_city: 'back' }),
        company(3, {}),
        undefined,
      ])
      expect((await tables.state()).pendingEdits).toBe(0)
    })

    it('L4 leaves rows with edits alone and answers what the stage says of them', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.write(NOW, async (tx) => {
        await tx.update(companies, [1], { city: 'mine' })
        await tx.update(companies, [2], { city: 'mine' })
        await tx.create(companies, { id: 9, name: 'mine' })
      })
      await staged(
        tables,
        stagedPart('companies', [company(1, { a_city: 'theirs' }), company(3, {})], { deleted: [['2']] }),
      )
      const { edited } = await apply(tables, false)
      expect(sorted(edited)).toEqual([
        { key: ['1'], image: company(1, { a_city: 'theirs' }) },
        { key: ['2'], image: null },
      ])
      expect((await imagesOf(tables, 'e_companies', [['1'], ['2'], ['3']])).map((image) => image?.a_city)).toEqual([
        'mine',
        'mine',
        null,
      ])
    })

    it('L12 replaces the whole by a full pull, but for rows with edits', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.sync((tx) => tx.putImages('e_companies', [company(3, {})]))
      await tables.write(NOW, async (tx) => {
        await tx.update(companies, [1], { city: 'mine' })
        await tx.create(companies, { id: 9, name: 'mine' })
        await tx.remove(companies, [2])
      })
      await staged(
        tables,
        stagedPart('companies', [company(2, { a_city: 'theirs' }), company(5, {}), company(6, {})], { full: true }),
        stagedPart('companies', [], { full: true, deleted: [['6']] }),
      )
      const { edited } = await apply(tables, true)
      expect(sorted(edited)).toEqual([
        { key: ['1'], image: null },
        { key: ['2'], image: company(2, { a_city: 'theirs' }) },
        { key: ['9'], image: null },
      ])
      expect(await companyIds(tables)).toEqual([1, 5, 9])
    })

    it('L12 makes a table empty where the whole is nothing', async () => {
      const tables = await withCompanies()
      await staged(tables, stagedPart('companies', [], { full: true }))
      await apply(tables, true)
      expect(await companyIds(tables)).toEqual([])
    })

    it('L1 V1 applies thousands of rows at once, and captures what is written after', async () => {
      const tables = await fresh()
      const images = Array.from({ length: 5000 }, (_, index) =>
        company(index + 1, { a_name: `name\t${index}\\`, a_city: index % 3 ? null : '' }),
      )
      await staged(
        tables,
        stagedPart('companies', images.slice(0, 3000), { full: true }),
        stagedPart('companies', images.slice(3000), { full: true }),
      )
      expect((await apply(tables, true)).rows).toBe(5000)
      expect(await imagesOf(tables, 'e_companies', [['1'], ['3001'], ['5000']])).toEqual([
        images[0],
        images[3000],
        images[4999],
      ])
      await tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [5000], { city: 'x' }))
      expect((await tables.state()).pendingEdits).toBe(1)
      await staged(tables, stagedPart('companies', images.slice(0, 2500), { full: true }))
      await apply(tables, true)
      expect((await companyIds(tables)).length).toBe(2501)
    })

    it('F9 tells every row as the server has it', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.sync((tx) =>
        tx.putImages(
          'e_companies',
          Array.from({ length: 2500 }, (_, index) => company(index + 10, {})),
        ),
      )
      await tables.write(NOW, async (tx) => {
        await tx.update(companies, [1], { city: 'mine' })
        await tx.remove(companies, [2])
        await tx.create(companies, { id: 9, name: 'mine' })
      })
      const seen: Image[] = []
      await tables.sync((tx) => tx.serverImages('e_companies', (images) => void seen.push(...images)))
      expect(seen).toHaveLength(2502)
      expect(seen.filter(({ a_id }) => Number(a_id) < 10).toSorted((a, b) => Number(a.a_id) - Number(b.a_id))).toEqual([
        company(1, { a_city: 'Leeds' }),
        company(2, { a_city: null }),
      ])
    })

    it('keeps shadows, records and values until they are replaced or removed', async () => {
      const tables = await fresh()
      await tables.sync(async (tx) => {
        await tx.putShadows('e_companies', [
          [['1'], company(1, {})],
          [['2'], null],
        ])
        await tx.putShadows('e_companies', [[['1'], company(1, { a_city: 'x' })]])
        await tx.putRecord('conflict', { id: 'b', body: '{"n":1}' })
        await tx.putRecord('conflict', { id: 'a', body: '{"n":2}' })
        await tx.putRecord('conflict', { id: 'b', body: '{"n":3}' })
        await tx.putRecord('quarantine', { id: 'q', body: '{}' })
        await tx.setMeta('place', 'one')
        await tx.setMeta('place', 'two')
        await tx.setMeta('gone', 'x')
        await tx.setMeta('gone', null)
      })
      expect(await tables.sync((tx) => tx.shadows('e_companies', [['1'], ['2'], ['3']]))).toEqual(
        new Map([
          [keyText(['1']), company(1, { a_city: 'x' })],
          [keyText(['2']), null],
        ]),
      )
      expect(await tables.sync((tx) => tx.records('conflict'))).toEqual([
        { id: 'b', body: '{"n":3}' },
        { id: 'a', body: '{"n":2}' },
      ])
      expect(await tables.state()).toMatchObject({ conflicts: 2, quarantined: 1, meta: new Map([['place', 'two']]) })
      await tables.sync((tx) => tx.removeRecord('conflict', 'b'))
      expect(await tables.sync((tx) => tx.records('conflict'))).toHaveLength(1)
    })
  })
}
