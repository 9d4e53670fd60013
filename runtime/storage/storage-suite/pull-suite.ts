import { describe, expect, it } from 'vitest'
import type { DeviceTables, Image, SyncTransaction } from '../../contract'
import { keyText } from '../../contract'
import { suiteEntity } from './suite-bundle'
import {
  company,
  companyIds,
  ID,
  imagesOf,
  NOW,
  OTHER_ID,
  type SuiteContext,
  shadowOf,
  sorted,
  stagedPart,
} from './suite-context'

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

    it('L3 L4 puts the pages of a large full pull together, the later over the earlier, under the edits', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, async (tx) => {
        await tx.update(suiteEntity('companies'), [1], { city: 'mine' })
        await tx.remove(suiteEntity('companies'), [2])
      })
      const rows = (from: number, to: number, city: string) =>
        Array.from({ length: to - from }, (_, index) => company(from + index, { a_city: city }))
      const full = true
      await staged(tables, stagedPart('companies', rows(1, 10, 'small'), { full }))
      await staged(tables, stagedPart('companies', rows(10, 3000, 'first'), { full }))
      await staged(tables, stagedPart('companies', rows(3000, 6000, 'first'), { full }))
      const later = stagedPart('companies', [company(5, { a_city: 'later' }), company(1, { a_city: 'theirs' })], {
        full,
        deleted: [['6'], ['4000'], ['2']],
      })
      await staged(tables, later)
      expect(await companyIds(tables)).toEqual([1])
      const last = stagedPart('companies', [company(7, { a_city: 'last' })], { full })
      const applied = await tables.sync(async (tx) => {
        await tx.stage(last)
        const answer = await tx.applyStaged('e_companies', full)
        await tx.unstage()
        return answer
      })
      expect(applied.rows).toBe(9 + 2990 + 3000 + 5 + 1)
      expect(sorted(applied.edited)).toEqual([
        { key: ['1'], image: company(1, { a_city: 'theirs' }) },
        { key: ['2'], image: null },
      ])
      expect((await companyIds(tables)).length).toBe(5999 - 3)
      const found = await imagesOf(tables, 'e_companies', [['1'], ['3'], ['4'], ['5'], ['7'], ['5999']])
      expect(found.map((image) => image?.a_city)).toEqual(['mine', 'small', 'small', 'later', 'last', 'first'])
      expect(await tables.sync((tx) => tx.stagedEntities())).toEqual([])
      // The next one begins as if there had been none.
      await staged(tables, stagedPart('companies', rows(1, 3000, 'again'), { full }))
      await tables.sync((tx) => tx.unstage())
      await staged(tables, stagedPart('companies', rows(1, 2500, 'whole'), { full }))
      expect((await apply(tables, full)).rows).toBe(2499)
      expect((await companyIds(tables)).length).toBe(2498)
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

    it('L9 tells which rows are deleted here and not on the server, and to which keys shown rows refer', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      const deletedHere = async () => sorted(await tables.sync((tx) => tx.deletedHere()))
      expect(await deletedHere()).toEqual([])
      await tables.sync((tx) => tx.putImages('e_companies', [company(3, {}), company(4, {}), company(5, {})]))
      await tables.write(NOW, async (tx) => {
        await tx.update(companies, [1], { city: 'mine' })
        await tx.update(companies, [2], { city: 'mine' })
        await tx.remove(companies, [2])
        await tx.remove(companies, [3])
        await tx.remove(companies, [4])
        await tx.create(companies, { id: 4, name: 'again' })
        await tx.create(companies, { id: 9, name: 'mine' })
        await tx.remove(companies, [9])
      })
      expect(await deletedHere()).toEqual([
        { entity: 'e_companies', key: ['2'] },
        { entity: 'e_companies', key: ['3'] },
      ])
      await tables.sync((tx) => tx.putShadows('e_companies', [[['3'], null]]))
      expect(await deletedHere()).toEqual([{ entity: 'e_companies', key: ['2'] }])

      await tables.sync(async (tx) => {
        await tx.putImages('e_companies', [company(7, { a_parent: '2' }), company(8, { a_parent: '3' })])
        await tx.putImages('e_orders', [
          { a_id: ID, a_company: '3', a_title: 'x', a_mood: 'sad', a_price: null, a_open: 'true' },
        ])
        await tx.putImages('e_steps', [
          { a_ticket: ID, a_number: '1', a_text: 'x' },
          { a_ticket: ID, a_number: '2', a_text: 'x' },
        ])
      })
      const referred = (target: string, keys: readonly string[][], entity: string, attributes: readonly string[]) =>
        tables.sync(async (tx) => (await tx.referredKeys(target, keys, entity, attributes)).toSorted())
      const keys = [['1'], ['2'], ['3']]
      expect(await referred('e_companies', keys, 'e_companies', ['a_parent'])).toEqual([['2'], ['3']])
      expect(await referred('e_companies', [['2'], ['3']], 'e_orders', ['a_company'])).toEqual([['3']])
      expect(await referred('e_companies', [], 'e_orders', ['a_company'])).toEqual([])
      expect(await referred('e_tickets', [[OTHER_ID], [ID]], 'e_steps', ['a_ticket'])).toEqual([[ID]])
      expect(
        await referred(
          'e_steps',
          [
            [ID, '2'],
            [ID, '3'],
            [OTHER_ID, '2'],
          ],
          'e_steps',
          ['a_ticket', 'a_number'],
        ),
      ).toEqual([[ID, '2']])
    })

    it('L9 tells to what rows with edits refer, and which rows are kept without edits', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      expect(await tables.sync((tx) => tx.shadowed())).toEqual([])
      await tables.sync((tx) =>
        tx.putImages('e_companies', [
          company(3, { a_parent: '1' }),
          company(4, { a_parent: '2' }),
          company(5, {}),
          company(6, { a_parent: '2' }),
        ]),
      )
      await tables.write(NOW, async (tx) => {
        for (const id of [4, 5, 6]) await tx.update(companies, [id], { city: 'mine' })
        await tx.create(suiteEntity('tickets'), { id: ID, title: 't' })
        await tx.create(suiteEntity('steps'), { ticket: ID, number: 1, text: 'x' })
        await tx.create(suiteEntity('steps'), { ticket: ID, number: 2, text: 'x' })
      })
      const references = (entity: string, ...attributes: string[]) =>
        tables.sync(async (tx) => (await tx.editedReferences(entity, attributes)).toSorted())
      expect(await references('e_companies', 'a_parent')).toEqual([['2']])
      expect(await references('e_steps', 'a_ticket')).toEqual([[ID]])
      expect(await references('e_steps', 'a_ticket', 'a_number')).toEqual([
        [ID, '1'],
        [ID, '2'],
      ])
      expect(await references('e_orders', 'a_company')).toEqual([])
      expect((await tables.sync((tx) => tx.shadowed())).toSorted()).toEqual(['e_companies', 'e_steps', 'e_tickets'])

      expect(await tables.sync((tx) => tx.keptRows())).toEqual([])
      await tables.sync(async (tx) => {
        await tx.putShadows('e_companies', [
          [['1'], null],
          [['4'], null],
        ])
        await tx.putShadows('e_orders', [[[OTHER_ID], null]])
      })
      expect(sorted(await tables.sync((tx) => tx.keptRows()))).toEqual([
        { entity: 'e_companies', key: ['1'] },
        { entity: 'e_orders', key: [OTHER_ID] },
      ])
      // An edit of it is made on nothing that the server has.
      await tables.write(NOW, (tx) => tx.update(companies, [1], { city: 'mine' }))
      expect(await shadowOf(tables, 'e_companies', ['1'])).toBeNull()
      await tables.sync((tx) => tx.removeShadows('e_orders', [[OTHER_ID]]))
      expect(await tables.sync((tx) => tx.keptRows())).toEqual([])
      const seen: Image[] = []
      await tables.sync((tx) => tx.serverImages('e_companies', (images) => void seen.push(...images)))
      expect(seen.map(({ a_id }) => a_id).toSorted()).toEqual(['2', '3', '5', '6'])
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
