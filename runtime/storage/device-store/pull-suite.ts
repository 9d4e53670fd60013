/** What comes to a device, over any storage. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle } from '../../contract'
import { createDigest } from '../../core/digest'
import {
  applied,
  fieldBundle,
  lastPage,
  NOW_MS,
  type OpenStorage,
  openTestStore,
  page,
  partsOf,
  type TestStore,
} from './testing-store'

export function pullSuite(name: string, openStorage: OpenStorage): void {
  describe(`a pull on ${name}`, () => {
    const opened: TestStore[] = []
    afterEach(async () => {
      for (const { store } of opened.splice(0)) await store.close()
    })
    const open = async (bundle?: Bundle) => {
      const test = await openTestStore(await openStorage(), bundle)
      opened.push(test)
      return test
    }
    const company = (id: string, name: string, city: string | null = null) => [id, name, city, null, null, null]
    const order = (id: string, companyId: string) => [uuid(id), companyId, `order ${id}`, 'open', '1.50', null]
    const uuid = (id: string) => `00000000-0000-4000-8000-${id.padStart(12, '0')}`
    const names = async (test: TestStore) => (await test.list('companies')).map((row) => row.name)

    it('L2 L3 shows nothing before the last page, and goes on at the page where it broke off', async () => {
      const test = await open()
      const { requests, resume } = await test.begin(['le_company'])
      expect(resume).toBeNull()
      const part = (rows: string[][]) => partsOf(test.entity, { companies: { full: true, rows } })
      const first = page('p2', part([company('1', 'a') as string[], company('2', 'b') as string[]]))
      expect(await test.store.receive(requests, first, NOW_MS)).toBeNull()
      expect(await test.list('companies')).toEqual([])
      const again = await test.begin(['le_company'])
      expect([again.resume, again.staged]).toEqual(['p2', true])
      expect((await test.begin(['le_region'])).resume).toBeNull()
      // The row may have changed while the pages were read.
      const done = await test.store.receive(
        again.requests,
        lastPage('c1', partsOf(test.entity, { companies: { rows: [company('2', 'newer'), company('3', 'c')] } })),
        NOW_MS,
      )
      expect(done).toMatchObject({ rows: 4, entities: ['le_company'] })
      expect(await names(test)).toEqual(['a', 'newer', 'c'])
      const after = await test.begin(['le_company'])
      expect([after.resume, after.staged, after.requests[0]?.cursor]).toEqual([null, false, 'c1'])
    })

    it('L3 forgets pages that are not gone on with', async () => {
      const test = await open()
      const { requests } = await test.begin(['le_company'])
      await test.store.receive(
        requests,
        page('p2', partsOf(test.entity, { companies: { full: true, rows: [company('1', 'a')] } })),
        NOW_MS,
      )
      await test.store.unstage()
      await test.pull('c1', { companies: { full: true, rows: [company('2', 'b')] } })
      expect(await names(test)).toEqual(['b'])
    })

    it('L5 takes away what was deleted, and of a full pull what it does not mention', async () => {
      const test = await open()
      await test.pull('c1', {
        companies: { full: true, rows: [company('1', 'a'), company('2', 'b'), company('3', 'c')] },
      })
      await test.pull('c2', { companies: { deleted: [['2']] } })
      expect(await names(test)).toEqual(['a', 'c'])
      await test.pull('c3', { companies: { full: true, rows: [company('3', 'c'), company('4', 'd')] } })
      expect(await names(test)).toEqual(['c', 'd'])
    })

    it('L4 keeps edits over newer rows, over deleted ones and over a full pull that lacks them', async () => {
      const test = await open()
      await test.pull('c1', {
        companies: { full: true, rows: [company('1', 'a'), company('2', 'b'), company('3', 'c')] },
      })
      await test.update('companies', [1], { city: 'mine' })
      await test.update('companies', [2], { city: 'mine' })
      await test.remove('companies', [3])
      await test.create('companies', { id: 9, name: 'new' })
      await test.pull('c2', {
        companies: { rows: [company('1', 'newer', 'theirs'), company('3', 'newer')], deleted: [['2']] },
      })
      const shown = [
        { id: 1, name: 'newer', city: 'mine' },
        { id: 2, name: 'b', city: 'mine' },
        { id: 9, name: 'new' },
      ]
      expect(await test.list('companies')).toMatchObject(shown)
      await test.pull('c3', { companies: { full: true, rows: [company('1', 'newest', 'theirs')] } })
      expect(await test.list('companies')).toMatchObject([{ id: 1, name: 'newest', city: 'mine' }, ...shown.slice(1)])
      // C4: what was pulled since is not what the authors saw.
      expect((await test.begin()).groups.flatMap((group) => group.edits.map(({ base }) => base))).toEqual(
        Array(4).fill('c1'),
      )
    })

    it('L11 does not touch children when their parent is written or taken away', async () => {
      const test = await open()
      await test.pull('c1', {
        companies: { full: true, rows: [company('1', 'a')] },
        work_orders: { full: true, rows: [order('5', '1')] },
      })
      await test.pull('c2', { companies: { full: true, rows: [company('1', 'newer')] } })
      expect(await test.list('work_orders')).toHaveLength(1)
      expect((await test.store.counts()).pendingEdits).toBe(0)
    })

    it('L9 L11 takes in a table of a few thousand rows, whole and again, with the rows that were edited', async () => {
      const test = await open()
      const rows = Array.from({ length: 3000 }, (_, index) =>
        company(String(index + 1), `n${index}\t\\x`, index % 2 ? null : 'Bern'),
      )
      expect(await test.pull('c1', { companies: { full: true, rows } })).toMatchObject({ rows: 3000 })
      await test.update('companies', [7], { city: 'mine' })
      await test.pull('c2', { companies: { full: true, rows: rows.slice(0, 2500) } })
      expect(await test.list('companies')).toHaveLength(2500)
      expect(await test.get('companies', [7])).toMatchObject({ name: 'n6\t\\x', city: 'mine' })
    })

    it('asks for read-only entities whole each time, and shows nothing in between', async () => {
      const test = await open(fieldBundle({ le_region: { pattern: { kind: 'read-only' } } }))
      await test.pull('c1', { regions: { full: true, rows: [['N', 'North']] } })
      expect((await test.begin(['le_region'])).requests[0]?.cursor).toBeNull()
      await test.pull('c2', { regions: { full: true, rows: [['S', 'South']] } })
      expect(await test.list('regions')).toEqual([{ code: 'S', label: 'South' }])
    })

    it('writes nothing where nothing came, and still knows when it last synced', async () => {
      const test = await open()
      await test.pull('c1', { companies: { full: true, rows: [] } })
      const { requests } = await test.begin(['le_company'])
      await test.store.receive(requests, lastPage('c2', partsOf(test.entity, { companies: {} })), NOW_MS + 1000)
      expect((await test.begin(['le_company'])).requests[0]?.cursor).toBe('c1')
      expect((await test.store.counts()).lastSyncedAt).toBe(NOW_MS + 1000)
      // Not for ever: the server forgets what is older than its retention.
      await test.store.receive(requests, lastPage('c3', partsOf(test.entity, { companies: {} })), NOW_MS + 3_600_000)
      expect((await test.begin(['le_company'])).requests[0]?.cursor).toBe('c3')
    })

    it('F9 computes the digest that the server computes, edits aside', async () => {
      const test = await open()
      const rows = [company('1', 'a "b" \\'), company('2', '', 'Zürich'), company('3', 'c')]
      const ids = test.entity('companies').attributes.map(({ id }) => id)
      const digest = createDigest(ids)
      digest.add(rows.map((row) => Object.fromEntries(ids.map((id, index) => [id, row[index] ?? null]))))
      await test.pull('c1', { companies: { full: true, rows } })
      await test.update('companies', [1], { name: 'mine' })
      await test.remove('companies', [2])
      await test.create('companies', { id: 9, name: 'new' })
      const { requests } = await test.begin(['le_company'], { verify: true, push: false })
      const answer = (server: { rows: number; sum: string }) =>
        test.store.receive(
          requests,
          { ...lastPage('c2', partsOf(test.entity, { companies: {} })), digests: { le_company: server } },
          NOW_MS,
        )
      expect((await answer(digest.result()))?.digests).toMatchObject([{ entity: 'le_company', equal: true }])
      expect((await answer({ rows: 3, sum: '1' }))?.digests).toMatchObject([{ equal: false, device: digest.result() }])
    })

    it('F9 L12 names the rows that differ when it pulls them whole, and shows them as they should be', async () => {
      const test = await open()
      await test.pull('c1', {
        companies: { full: true, rows: [company('1', 'a'), company('2', 'b'), company('3', 'c')] },
      })
      const whole = { full: true, rows: [company('1', 'a'), company('3', 'other'), company('4', 'd')] }
      const repaired = await test.pull('c2', { companies: whole }, { whole: true })
      expect(repaired.differences.get('le_company')).toEqual({
        missing: [{ id: '4' }],
        surplus: [{ id: '2' }],
        different: [{ id: '3' }],
      })
      expect(await names(test)).toEqual(['a', 'other', 'd'])
    })

    it('D1 an own row that was settled stays until the pull brings it', async () => {
      const test = await open()
      await test.create('companies', { id: 7, name: 'x' })
      await test.push((id) => applied(id))
      expect(await names(test)).toEqual(['x'])
      await test.pull('c1', { companies: { full: true, rows: [company('7', 'x', 'by the server')] } })
      expect(await test.get('companies', [7])).toMatchObject({ city: 'by the server' })
    })
  })
}
