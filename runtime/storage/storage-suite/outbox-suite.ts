import { describe, expect, it } from 'vitest'
import type { DeviceTables, LocalTransaction, NewEdit, StoredEdit } from '../../contract'
import { suiteEntity } from './suite-bundle'
import { company, EVERYTHING, ID, NOW, OTHER_ID, type SuiteContext, shadowOf, storedEdits } from './suite-context'

export function describeOutbox(context: SuiteContext): void {
  const { harness, withCompanies } = context

  describe(`${harness.name}: outbox`, () => {
    const rename = (tables: DeviceTables, id: number, name: string) =>
      tables.write(NOW, (tx) => tx.update(suiteEntity('companies'), [id], { name }))

    it('P2 seals local transactions, the oldest first, and answers whole groups within the limit', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, async (tx) => {
        await tx.update(suiteEntity('companies'), [1], { name: 'a' })
        await tx.update(suiteEntity('companies'), [2], { name: 'b' })
      })
      await rename(tables, 1, 'c')
      const { lastSeq } = await tables.state()
      await rename(tables, 2, 'd')
      const groups = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
      await tables.sync(async (tx) => {
        const unsealed = await tx.unsealed(lastSeq, 10)
        expect(unsealed.map(({ rows }) => rows.map(({ key }) => key[0]).toSorted())).toEqual([['1', '2'], ['1']])
        expect(await tx.unsealed(lastSeq, 1)).toHaveLength(1)
        await tx.seal(new Map(unsealed.map(({ transaction }, index) => [transaction, groups[index] ?? ''])))
        expect(await tx.unsealed(lastSeq, 10)).toEqual([])
        expect((await tx.sealed(EVERYTHING)).map(({ set }) => set.a_name)).toEqual(['a', 'b', 'c'])
        expect((await tx.sealed({ ...EVERYTHING, groups: 1 })).map(({ group }) => group)).toEqual([
          groups[0],
          groups[0],
        ])
        expect(await tx.sealed({ ...EVERYTHING, edits: 1 })).toHaveLength(2)
        expect(await tx.sealed({ ...EVERYTHING, bytes: 1 })).toHaveLength(2)
        expect((await tx.editsOfGroups([groups[1] ?? ''])).map(({ set }) => set.a_name)).toEqual(['c'])
        expect(await tx.hasMore([], lastSeq, false)).toBe(true)
        expect(await tx.hasMore(groups, lastSeq, false)).toBe(false)
        expect(await tx.hasMore(groups, lastSeq + 1, false)).toBe(true)
        expect(await tx.hasMore(groups, lastSeq + 1, true)).toBe(false)
      })
    })

    it('removes edits, and the shadows of rows that are left without any', async () => {
      const tables = await withCompanies()
      await rename(tables, 1, 'a')
      await rename(tables, 2, 'b')
      await rename(tables, 1, 'c')
      const [first, second, third] = await storedEdits(tables)
      const remove = (edits: readonly (StoredEdit | undefined)[]) =>
        tables.sync((tx) => tx.removeEdits(edits.flatMap((each) => each?.seq ?? [])))
      await remove([first, second])
      expect(await shadowOf(tables, 'e_companies', ['1'])).toEqual(company(1, { a_city: 'Leeds' }))
      expect(await shadowOf(tables, 'e_companies', ['2'])).toBeUndefined()
      await remove([third])
      expect(await shadowOf(tables, 'e_companies', ['1'])).toBeUndefined()
      expect(await tables.state()).toMatchObject({ pendingEdits: 0, lastSeq: third?.seq })
    })

    it('C3 finds rows that came and went unsent, the youngest first, and those of whom others speak', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      const write = (fn: (tx: LocalTransaction) => Promise<unknown>) => tables.write(NOW, fn)
      await write((tx) => tx.create(companies, { id: 70, name: 'parent' }))
      await write((tx) => tx.create(companies, { id: 80, name: 'child', parent: 70 }))
      await write((tx) => tx.create(companies, { id: 90, name: 'stays', parent: 80 }))
      await write((tx) => tx.remove(companies, [80]))
      await write((tx) => tx.remove(companies, [70]))
      await write((tx) => tx.remove(companies, [1]))
      await tables.sync(async (tx) => {
        const rows = await tx.cancelled()
        expect(rows).toEqual([
          { entity: 'e_companies', key: ['80'] },
          { entity: 'e_companies', key: ['70'] },
        ])
        expect(await tx.mentioned(rows)).toEqual([{ entity: 'e_companies', key: ['80'] }])
        expect(await tx.mentioned(rows.slice(1))).toEqual([{ entity: 'e_companies', key: ['70'] }])
        const edits = await tx.editsOfRows(rows)
        await tx.removeEdits(edits.map(({ seq }) => seq))
        expect(await tx.cancelled()).toEqual([])
      })
      await tables.sync(async (tx) => {
        const [first] = await tx.unsealed(1000, 10)
        await tx.seal(new Map([[first?.transaction ?? '', OTHER_ID]]))
      })
      await write((tx) => tx.remove(companies, [90]))
      expect(await tables.sync((tx) => tx.cancelled())).toEqual([])
    })

    it('F5 holds back the edits of a parked row, and no others', async () => {
      const tables = await withCompanies()
      await tables.write(NOW, async (tx) => {
        await tx.update(suiteEntity('companies'), [1], { name: 'a' })
        await tx.update(suiteEntity('companies'), [2], { name: 'b' })
      })
      await tables.sync(async (tx) => {
        const [first] = await tx.unsealed(1000, 10)
        await tx.seal(new Map([[first?.transaction ?? '', ID]]))
      })
      await rename(tables, 1, 'c')
      await tables.sync((tx) => tx.parkEdits([{ entity: 'e_companies', key: ['1'], conflict: 'conflict 1' }], [ID]))
      await rename(tables, 1, 'd')
      const edits = await storedEdits(tables)
      expect(edits.map(({ set, group, parkedBy }) => [set.a_name, group, parkedBy])).toEqual([
        ['a', null, 'conflict 1'],
        ['b', ID, null],
        ['c', null, 'conflict 1'],
        ['d', null, null],
      ])
      await tables.sync(async (tx) => {
        expect((await tx.sealed(EVERYTHING)).map(({ set }) => set.a_name)).toEqual(['b'])
        expect((await tx.unsealed(1000, 10)).map(({ rows }) => rows)).toEqual([[{ entity: 'e_companies', key: ['1'] }]])
        await tx.parkEdits([{ entity: 'e_companies', key: ['1'], conflict: 'conflict 2' }], [])
        expect(await tx.unsealed(1000, 10)).toEqual([])
        expect(await tx.hasMore([ID], 1000, false)).toBe(false)
      })
      expect((await storedEdits(tables)).map(({ parkedBy }) => parkedBy)).toEqual([
        'conflict 2',
        null,
        'conflict 2',
        'conflict 2',
      ])
    })

    it('F6 writes edits as capture would, all of one transaction', async () => {
      const tables = await withCompanies()
      const made = (key: string, name: string): NewEdit => ({
        op: 'update',
        entity: 'e_companies',
        key: [key],
        set: { a_name: name },
        was: { a_name: null },
        base: 'version 3',
        at: NOW,
        resolves: 'conflict 1',
      })
      await tables.sync(async (tx) => {
        await tx.addEdits([
          { ...made('1', 'a'), shadow: company(1, {}) },
          { ...made('5', 'b'), shadow: null },
        ])
        await tx.addEdits([{ ...made('1', 'c'), shadow: null }])
      })
      const edits = await storedEdits(tables)
      expect(edits.map(({ seq: _, transaction: __, group, parkedBy, ...rest }) => rest)).toEqual([
        made('1', 'a'),
        made('5', 'b'),
        made('1', 'c'),
      ])
      expect(edits[0]?.transaction).toBe(edits[1]?.transaction)
      expect(edits[2]?.transaction).not.toBe(edits[1]?.transaction)
      expect(await shadowOf(tables, 'e_companies', ['1'])).toEqual(company(1, {}))
      expect(await shadowOf(tables, 'e_companies', ['5'])).toBeNull()
    })

    it('K1 puts keys that the server made in the place of temporary ones', async () => {
      const tables = await withCompanies()
      const companies = suiteEntity('companies')
      await tables.write(NOW, (tx) => tx.create(companies, { id: -5, name: 'new' }))
      await tables.write(NOW, (tx) => tx.create(companies, { id: -6, name: 'child', parent: -5 }))
      await tables.write(NOW, (tx) => tx.update(companies, [1], { parent: -5 }))
      const values = new Map([
        ['-5', '42'],
        ['-6', '43'],
        ['-99', '44'],
      ])
      await tables.sync(async (tx) => {
        expect(await tx.replaceValues('e_companies', 'a_id', values)).toBe(2)
        expect(await tx.replaceValues('e_companies', 'a_parent', values)).toBe(2)
        expect(await tx.replaceValues('e_companies', 'a_parent', new Map())).toBe(0)
      })
      expect(await tables.write(NOW, (tx) => tx.list(companies, { where: { parent: 42 } }))).toMatchObject([
        { id: 1 },
        { id: 43 },
      ])
      const edits = await storedEdits(tables)
      expect(edits.map(({ key, set }) => [key, set.a_id, set.a_parent])).toEqual([
        [['42'], '42', undefined],
        [['43'], '43', '42'],
        [['1'], undefined, '42'],
      ])
      expect(await shadowOf(tables, 'e_companies', ['42'])).toBeNull()
      expect(await shadowOf(tables, 'e_companies', ['-5'])).toBeUndefined()
      await tables.sync((tx) => tx.removeEdits(edits.map(({ seq }) => seq)))
      expect(await shadowOf(tables, 'e_companies', ['42'])).toBeUndefined()
    })
  })
}
