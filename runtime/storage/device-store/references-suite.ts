/** Rows that were deleted, here or on the server, while others refer to them, over any storage (L9). */
import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle } from '../../contract'
import { createDigest } from '../../core/digest'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import {
  applied,
  conflict,
  fieldBundle,
  lastPage,
  NOW_MS,
  type OpenStorage,
  openTestStore,
  partsOf,
  refused,
  type TestStore,
} from './testing-store'

export function referencesSuite(name: string, openStorage: OpenStorage): void {
  describe(`references on ${name}`, () => {
    const opened: TestStore[] = []
    afterEach(async () => {
      for (const { store } of opened.splice(0)) await store.close()
    })
    const company = (id: string, parent: string | null = null, name = `n${id}`) => [id, name, null, null, parent, null]
    const uuid = (id: string) => `00000000-0000-4000-8000-${id.padStart(12, '0')}`
    const order = (id: string, companyId: string) => [uuid(id), companyId, `order ${id}`, 'open', null, null]
    const part = (id: string, companyId: string) => [uuid(id), companyId, 'bolt', '2']
    /** A device with two companies of which the second is deleted here. */
    const open = async (bundle?: Bundle) => {
      const test = await openTestStore(await openStorage(), bundle)
      opened.push(test)
      await test.pull('c1', { companies: { full: true, rows: [company('1'), company('2')] } })
      await test.update('companies', [2], { name: 'mine' })
      await test.remove('companies', [2])
      return test
    }
    const shown = async (test: TestStore) => (await test.list('companies')).map(({ id }) => id)
    const deletesSent = async (test: TestStore) =>
      (await test.begin()).groups.flatMap(({ edits }) =>
        edits.filter(({ op }) => op === 'delete').map(({ key }) => key[0]),
      )
    const park = () => ({ kind: 'park' as const })
    const digestOf = (ids: readonly string[]) => {
      const entity = FIELD_BUNDLE.entities.find(({ id }) => id === 'le_company')
      const names = entity?.attributes.map(({ id }) => id) ?? []
      const digest = createDigest(names)
      digest.add(ids.map((id) => Object.fromEntries(names.map((name, index) => [name, company(id)[index] ?? null]))))
      return digest.result()
    }

    it('L9 shows a row that is deleted here as the server has it while a row refers to it, and sends the delete', async () => {
      const test = await open()
      const { entities } = await test.pull('c2', { work_orders: { rows: [order('5', '2')] } })
      expect(entities).toEqual(['le_order', 'le_company'])
      expect(await test.get('companies', [2])).toMatchObject({ name: 'n2' })
      expect(await deletesSent(test)).toEqual(['2'])
      // What the server says of it meanwhile is shown.
      await test.pull('c3', { companies: { rows: [company('2', null, 'newer')] } })
      expect(await test.get('companies', [2])).toMatchObject({ name: 'newer' })
      // Nothing refers to it any more.
      expect((await test.pull('c4', { work_orders: { deleted: [[uuid('5')]] } })).entities).toContain('le_company')
      expect(await shown(test)).toEqual([1])
      expect(await deletesSent(test)).toEqual(['2'])
    })

    it('L9 takes the row away with the pull that follows the delete', async () => {
      const test = await open()
      await test.pull('c2', { work_orders: { rows: [order('5', '2')] } })
      await test.push()
      expect(await shown(test)).toEqual([1, 2])
      expect((await test.store.counts()).pendingEdits).toBe(0)
      await test.pull('c3', { companies: { deleted: [['2']] }, work_orders: { deleted: [[uuid('5')]] } })
      expect(await shown(test)).toEqual([1])
      expect(await test.list('work_orders')).toEqual([])
    })

    it('L9 takes the row away with the delete where nothing refers to it any more', async () => {
      const test = await open()
      await test.pull('c2', { work_orders: { rows: [order('5', '2')] } })
      await test.remove('work_orders', [uuid('5')])
      expect(await shown(test)).toEqual([1, 2])
      await test.push()
      expect(await shown(test)).toEqual([1])
    })

    it('L9 shows chains of deleted rows, and of rows that refer only to each other none', async () => {
      const test = await open()
      await test.pull('c2', {
        companies: { rows: ['3', '4', '5', '6'].map((id) => company(id)) },
        work_orders: { full: true, rows: [order('7', '3')] },
      })
      await test.remove('work_orders', [uuid('7')])
      for (const id of [3, 4, 5, 6]) await test.remove('companies', [id])
      // 7's order is deleted too, and a part refers to it; 3 refers to 4; 5 and 6 refer to each other.
      await test.pull('c3', {
        companies: { rows: [company('3', '4'), company('5', '6'), company('6', '5')] },
        parts_used: { rows: [part('7', '1')] },
      })
      expect(await test.list('work_orders')).toMatchObject([{ id: uuid('7') }])
      expect(await shown(test)).toEqual([1, 3, 4])
      expect((await deletesSent(test)).toSorted()).toEqual([uuid('7'), '2', '3', '4', '5', '6'])
      await test.pull('c4', { parts_used: { full: true } })
      expect(await test.list('work_orders')).toEqual([])
      expect(await shown(test)).toEqual([1])
    })

    it('L9 P3 shows the row without its quarantined delete, and again where the delete is tried once more', async () => {
      const test = await open()
      await test.pull('c2', { work_orders: { rows: [order('5', '2')] } })
      await test.push((id) => refused(id))
      expect(await shown(test)).toEqual([1, 2])
      const [quarantined] = (await test.store.quarantine.list()).filter(({ edits }) =>
        edits.some(({ op }) => op === 'delete'),
      )
      await test.store.quarantine.retry(quarantined?.id ?? '', NOW_MS)
      expect(await shown(test)).toEqual([1, 2])
      expect(await deletesSent(test)).toEqual(['2'])
    })

    it('L9 shows the parent of a row whose delete was refused', async () => {
      const test = await open()
      await test.pull('c2', { companies: { rows: [company('3', '2')] } })
      await test.remove('companies', [3])
      await test.pull('c3', { regions: { rows: [['N', 'North']] } })
      expect(await shown(test)).toEqual([1])
      const { groups } = await test.begin()
      const of = (key: string) => groups.filter(({ edits }) => edits.some((edit) => edit.key[0] === key))
      await test.store.settle(
        of('3').map(({ id }) => refused(id)),
        NOW_MS,
        park,
      )
      expect(await shown(test)).toEqual([1, 2, 3])
      await test.store.settle(
        of('2').map(({ id }) => applied(id)),
        NOW_MS,
        park,
      )
      expect(await shown(test)).toEqual([1, 2, 3])
    })

    describe('a row that is gone on the server', () => {
      /** Orders of the companies 2 and 3, of which 3 belongs to 2; the order of 3 has an edit. */
      const openEdited = async () => {
        const test = await openTestStore(await openStorage())
        opened.push(test)
        await test.pull('c1', {
          companies: { full: true, rows: [company('1'), company('2'), company('3', '2'), company('4')] },
          work_orders: { full: true, rows: [order('5', '3'), order('6', '4')] },
        })
        await test.update('work_orders', [uuid('5')], { title: 'mine' })
        return test
      }
      const GONE = {
        companies: { deleted: [['2'], ['3'], ['4']] },
        work_orders: { deleted: [[uuid('5')], [uuid('6')]] },
      }
      const orders = async (test: TestStore) => (await test.list('work_orders')).map(({ title }) => title)

      it('L9 stays while a row with edits refers to it, with what it refers to itself', async () => {
        const test = await openEdited()
        expect((await test.pull('c2', GONE)).entities).toEqual(['le_company', 'le_order'])
        expect(await shown(test)).toEqual([1, 2, 3])
        expect(await orders(test)).toEqual(['mine'])
        // A full pull does not take it for a row of the server either.
        await test.pull('c3', { companies: { full: true, rows: [company('1')] } })
        expect(await shown(test)).toEqual([1, 2, 3])
        expect((await test.begin()).groups.flatMap(({ edits }) => edits)).toMatchObject([{ set: { title: 'mine' } }])
        await test.push((id) => refused(id))
        expect(await shown(test)).toEqual([1])
        expect(await orders(test)).toEqual([])
      })

      it('L9 F9 counts for nothing that the server has', async () => {
        const test = await openEdited()
        await test.pull('c2', GONE)
        const { requests } = await test.begin(['le_company'], { push: false, whole: true })
        const page = lastPage('c3', partsOf(test.entity, { companies: { full: true, rows: [company('1')] } }))
        const done = await test.store.receive(requests, { ...page, digests: { le_company: digestOf(['1']) } }, NOW_MS)
        expect(done?.digests).toMatchObject([{ equal: true }])
        expect(done?.differences.get('le_company')).toEqual({ missing: [], surplus: [], different: [] })
        expect(await shown(test)).toEqual([1, 2, 3])
      })

      it('L9 is the server’s again where a pull brings it', async () => {
        const test = await openEdited()
        await test.pull('c2', GONE)
        await test.pull('c3', { companies: { rows: [company('2', null, 'back'), company('3', '2')] } })
        await test.push((id) => refused(id))
        expect(await shown(test)).toEqual([1, 2, 3])
        expect(await test.get('companies', [2])).toMatchObject({ name: 'back' })
        await test.pull('c4', { companies: { deleted: [['3']] } })
        expect(await shown(test)).toEqual([1, 2])
      })

      it('L9 P3 goes with the last edit that holds it, its own ones too', async () => {
        const test = await openEdited()
        await test.pull('c2', GONE)
        await test.update('companies', [2], { name: 'mine too' })
        await test.push((id) => refused(id))
        expect(await shown(test)).toEqual([1])
        expect((await test.store.counts()).pendingEdits).toBe(0)
        expect(await test.store.quarantine.list()).toHaveLength(2)
      })

      it('L9 L4 stays while its own edit is refused and the other is not answered yet', async () => {
        const test = await openEdited()
        await test.update('companies', [3], { name: 'mine too' })
        await test.pull('c2', GONE)
        const { groups } = await test.begin()
        const answer = (entity: string) =>
          test.store.settle(
            groups.filter(({ edits }) => edits.some((edit) => edit.entity === entity)).map(({ id }) => refused(id)),
            NOW_MS,
            park,
          )
        await answer('le_company')
        expect(await shown(test)).toEqual([1, 2, 3])
        await answer('le_order')
        expect(await shown(test)).toEqual([1])
      })
    })

    it('L9 P3 shows a row that the server refused while rows that were made meanwhile refer to it', async () => {
      const test = await openTestStore(await openStorage())
      opened.push(test)
      await test.pull('c1', { companies: { full: true, rows: [company('1')] } })
      await test.create('companies', { id: 9, name: 'refused' })
      const { groups } = await test.begin()
      await test.create('work_orders', { id: uuid('5'), company_id: 9, title: 'meanwhile' })
      await test.store.settle(
        groups.map(({ id }) => refused(id)),
        NOW_MS,
        park,
      )
      expect(await shown(test)).toEqual([1, 9])
      const [quarantined] = await test.store.quarantine.list()
      expect(quarantined).toMatchObject({ edits: [{ op: 'create' }] })
      // It is not there for the server: trying again creates it.
      await test.store.quarantine.retry(quarantined?.id ?? '', NOW_MS)
      expect((await test.begin()).groups.flatMap(({ edits }) => edits.map(({ op, key }) => [op, key[0]]))).toEqual([
        ['create', uuid('5')],
        ['create', '9'],
      ])
      await test.push((id) => refused(id))
      expect(await shown(test)).toEqual([1])
      expect(await test.list('work_orders')).toEqual([])
    })

    it('L9 lets the row go that a new row held, when that is deleted before it was sent', async () => {
      const test = await openTestStore(await openStorage())
      opened.push(test)
      await test.pull('c1', { companies: { full: true, rows: [company('1'), company('2')] } })
      await test.create('work_orders', { id: uuid('5'), company_id: 2, title: 'new' })
      await test.pull('c2', { companies: { deleted: [['2']] } })
      expect(await shown(test)).toEqual([1, 2])
      await test.remove('work_orders', [uuid('5')])
      expect((await test.begin()).groups).toEqual([])
      expect(await shown(test)).toEqual([1])
    })

    it('L9 F4 shows a row whose delete is parked while a row refers to it; the conflict still speaks of a delete', async () => {
      const test = await open(
        fieldBundle({
          le_company: {
            pattern: {
              kind: 'conflict-detection',
              granularity: 'row',
              handler: 'ch',
              handledOn: 'device',
              blocksSync: false,
            },
          },
        }),
      )
      const server = { id: '2', name: 'theirs', city: null, region: null, parent_id: null, stamp: null }
      const report = conflict({ entity: 'le_company', key: ['2'], kind: 'delete-update', server })
      await test.push((id) => applied(id, { conflicts: [report] }))
      expect(await shown(test)).toEqual([1])
      await test.pull('c2', {
        companies: { rows: [company('2', null, 'theirs')] },
        work_orders: { rows: [order('5', '2')] },
      })
      expect(await test.get('companies', [2])).toMatchObject({ name: 'theirs' })
      expect(await test.store.conflicts.list()).toMatchObject([{ local: null, server: { name: 'theirs' } }])
      expect(await deletesSent(test)).toEqual([])
      await test.store.conflicts.resolve(report.id, 'local', NOW_MS)
      expect(await shown(test)).toEqual([1, 2])
      expect(await deletesSent(test)).toEqual(['2'])
    })
  })
}
