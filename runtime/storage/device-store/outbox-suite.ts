/** What leaves a device and what becomes of it, over any storage. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle } from '../../contract'
import type { Outcome } from '../../protocol/messages'
import { applied, fieldBundle, NOW_MS, type OpenStorage, openTestStore, refused, type TestStore } from './testing-store'

export function outboxSuite(name: string, openStorage: OpenStorage): void {
  describe(`the outbox on ${name}`, () => {
    const opened: TestStore[] = []
    afterEach(async () => {
      for (const { store } of opened.splice(0)) await store.close()
    })
    const open = async (bundle?: Bundle) => {
      const test = await openTestStore(await openStorage(), bundle)
      opened.push(test)
      return test
    }
    const edits = async (test: TestStore) => (await test.begin()).groups.map((group) => group.edits)
    const company = (id: string, name: string, city: string | null = null) => [id, name, city, null, null, null]

    it('C3 sends one edit where a row was written many times, with the oldest base and the youngest time', async () => {
      const test = await open()
      await test.pull('c1', { companies: { full: true, rows: [company('7', 'x')] } })
      await test.update('companies', [7], { city: 'a' }, 1000)
      await test.pull('c2', { companies: { rows: [company('7', 'theirs')] } })
      await test.update('companies', [7], { city: 'b' }, 2000)
      expect(await edits(test)).toEqual([
        [
          {
            op: 'update',
            entity: 'le_company',
            key: ['7'],
            set: { city: 'b' },
            was: { city: null },
            base: 'c1',
            at: 2000,
            resolves: null,
          },
        ],
      ])
    })

    it('C3 sends nothing of rows that came and went, and all of those of which another edit speaks', async () => {
      const test = await open()
      await test.create('companies', { id: 70, name: 'parent' })
      await test.create('companies', { id: 80, name: 'child', parent_id: 70 })
      await test.create('companies', { id: 90, name: 'stays' })
      await test.remove('companies', [80])
      await test.remove('companies', [70])
      expect((await edits(test)).flat().map(({ key }) => key)).toEqual([['90']])
      await test.create('companies', { id: 71, name: 'spoken of' })
      await test.update('companies', [90], { parent_id: 71 })
      await test.create('companies', { id: 91, name: 'between' })
      await test.update('companies', [90], { parent_id: null })
      await test.remove('companies', [71])
      const keys = (await edits(test))
        .slice(1)
        .flat()
        .map(({ op, key }) => [op, key[0]])
      expect(keys).toEqual([
        ['create', '71'],
        ['update', '90'],
        ['create', '91'],
        ['update', '90'],
        ['delete', '71'],
      ])
    })

    it('C3 leaves what was sent as it was, whatever is written after it', async () => {
      const test = await open()
      await test.create('companies', { id: 7, name: 'x' })
      const [sent] = (await test.begin()).groups
      await test.remove('companies', [7])
      const again = await test.begin()
      expect(again.groups[0]).toEqual(sent)
      expect(again.groups.map((group) => group.edits.map(({ op }) => op))).toEqual([['create'], ['delete']])
    })

    it('P1 P2 seals in order, whole transactions, and asks for what was sent even where it does not push', async () => {
      const test = await open()
      await test.create('companies', { id: 1, name: 'a' })
      const [first] = (await test.begin()).groups
      await test.create('companies', { id: 2, name: 'b' })
      expect((await test.begin([], { push: false })).groups).toEqual([first])
      const begun = await test.begin()
      expect(begun.groups.map((group) => group.edits[0]?.key[0])).toEqual(['1', '2'])
      expect(begun.more).toBe(false)
    })

    it('P7 answers the oldest groups within the bounds, and at least one', async () => {
      const test = await open()
      for (const id of [1, 2, 3]) await test.create('companies', { id, name: 'x'.repeat(100) })
      const begun = await test.store.begin({ groups: 10, edits: 10, bytes: 50, push: true, pull: [] })
      expect([begun.groups.length, begun.more]).toEqual([1, true])
      const limit = { groups: 2, edits: 10, bytes: 5000, upTo: begun.upTo, onlySealed: false }
      await test.store.settle(
        begun.groups.map(({ id }) => applied(id)),
        NOW_MS,
        () => ({ kind: 'park' }),
      )
      const next = await test.store.nextGroups(limit)
      expect([next.groups.length, next.more]).toEqual([2, false])
    })

    it('P3 P6 puts a refused group aside with the server’s row, and shows what the server last said', async () => {
      const test = await open()
      await test.pull('c1', { companies: { full: true, rows: [company('7', 'x', 'Bern')] } })
      await test.update('companies', [7], { city: 'a' })
      const newer = { id: '7', name: 'newer', city: 'Bern' }
      await test.push((id) => refused(id, [{ entity: 'le_company', key: ['7'], row: newer }]))
      expect(await test.get('companies', [7])).toMatchObject({ name: 'x', city: 'Bern' })
      const [group] = await test.store.quarantine.list()
      expect(group).toMatchObject({
        reason: 'constraint',
        edits: [{ entity: 'Companies', set: { city: 'a' }, server: newer }],
      })
      expect(await test.store.counts()).toMatchObject({ pendingEdits: 0, quarantined: 1 })
      await test.store.quarantine.retry(group?.id ?? '', NOW_MS)
      expect(await test.get('companies', [7])).toMatchObject({ name: 'x', city: 'a' })
      expect((await edits(test)).flat()).toMatchObject([
        { op: 'update', set: { city: 'a' }, was: { city: 'Bern' }, base: 'c1' },
      ])
      await expect(test.store.quarantine.retry(group?.id ?? '', NOW_MS)).rejects.toThrow(
        'There is no quarantined group',
      )
    })

    it('L9 does not make an edit again that refers to a row which is not here', async () => {
      const test = await open()
      await test.store.write(NOW_MS, async (tx) => {
        await tx.create(test.entity('companies'), { id: 7, name: 'x' })
      })
      await test.create('work_orders', { company_id: 7, title: 'pump' })
      await test.push((id) => refused(id))
      const [parent, child] = await test.store.quarantine.list()
      await expect(test.store.quarantine.retry(child?.id ?? '', NOW_MS)).rejects.toThrow('refers to a row of Companies')
      await test.store.quarantine.retry(parent?.id ?? '', NOW_MS)
      await test.store.quarantine.retry(child?.id ?? '', NOW_MS)
      expect(await test.list('work_orders')).toHaveLength(1)
    })

    it('L7 C4 lets an applied edit sink beneath a younger one, so that a refusal of that shows it', async () => {
      const test = await open()
      await test.pull('c1', { companies: { full: true, rows: [company('7', 'x')] } })
      await test.update('companies', [7], { city: 'first' })
      const { groups } = await test.begin()
      await test.update('companies', [7], { name: 'second' })
      await test.store.settle(
        groups.map(({ id }) => applied(id)),
        NOW_MS,
        () => ({ kind: 'park' }),
      )
      expect(await test.get('companies', [7])).toMatchObject({ name: 'second', city: 'first' })
      await test.push((id) => refused(id))
      expect(await test.get('companies', [7])).toMatchObject({ name: 'x', city: 'first' })
    })

    it('P6 F7 shows the server’s values where an edit was overruled, and only those', async () => {
      const test = await open()
      await test.pull('c1', { companies: { full: true, rows: [company('7', 'x', 'Bern')] } })
      await test.update('companies', [7], { name: 'mine', city: 'mine' })
      await test.push((id) => applied(id, { overruled: [{ entity: 'le_company', key: ['7'], attributes: ['city'] }] }))
      expect(await test.get('companies', [7])).toMatchObject({ name: 'mine', city: 'Bern' })
      await test.remove('companies', [7])
      await test.push((id) => applied(id, { overruled: [{ entity: 'le_company', key: ['7'], attributes: null }] }))
      expect(await test.get('companies', [7])).toMatchObject({ name: 'mine', city: 'Bern' })
      expect((await test.store.counts()).pendingEdits).toBe(0)
    })

    it('K1 puts keys that the server made everywhere: rows, references, younger edits, quarantine', async () => {
      const test = await open()
      const made = await test.create('companies', { name: 'made' })
      const other = await test.create('companies', { name: 'child', parent_id: made.id })
      await test.create('work_orders', { company_id: made.id, title: 'pump' })
      const begun = await test.begin()
      await test.update('companies', [made.id], { city: 'later' })
      const [parent, child, order] = begun.groups
      const keys = [{ entity: 'le_company', temporary: [String(made.id)], key: ['100'] }]
      const outcomes: Outcome[] = [
        applied(parent?.id ?? '', { keys }),
        refused(child?.id ?? ''),
        refused(order?.id ?? ''),
      ]
      await test.store.settle(outcomes, NOW_MS, () => ({ kind: 'park' }))
      expect(await test.list('companies')).toMatchObject([{ id: 100, name: 'made', city: 'later' }])
      expect((await edits(test)).flat()).toMatchObject([{ op: 'update', key: ['100'] }])
      expect((await test.store.quarantine.list()).flatMap((group) => group.edits)).toMatchObject([
        { key: { id: String(other.id) }, set: { parent_id: '100' } },
        { set: { company_id: '100' } },
      ])
    })

    it('L6 P3 keeps edits of a row that a restored server has lost apart from the row that has its key now', async () => {
      const test = await open()
      const lost = ['100', '101', '102'].map((id) => company(id, `lost ${id}`, 'Bern'))
      await test.pull('c1', { companies: { full: true, rows: lost } })
      await test.update('companies', [100], { city: 'edited' })
      await test.remove('companies', [101])
      const sealed = (await test.begin()).groups.map(({ id }) => refused(id))
      const made = [await test.create('companies', { name: 'a' }), await test.create('companies', { name: 'b' })]
      made.push(await test.create('companies', { name: 'c' }))
      await test.update('companies', [100], { name: 'edited later' })
      const keyOf = (index: number) => [
        { entity: 'le_company', temporary: [String(made[index]?.id)], key: [String(100 + index)] },
      ]
      const begun = await test.begin()
      const answers = begun.groups.map(({ id, edits }) => {
        const index = made.findIndex((row) => edits[0]?.op === 'create' && edits[0].key[0] === String(row.id))
        return index < 0 ? refused(id) : applied(id, { keys: keyOf(index) })
      })
      const settled = await test.store.settle([...answers, ...sealed], NOW_MS, () => ({ kind: 'park' }))
      expect(await test.list('companies')).toMatchObject([
        { id: 100, name: 'a', city: null },
        { id: 101, name: 'b', city: null },
        { id: 102, name: 'c', city: null },
      ])
      expect((await test.store.counts()).pendingEdits).toBe(0)
      const quarantined = await test.store.quarantine.list()
      expect(quarantined.map(({ reason, edits }) => [reason, edits.map(({ op, set }) => ({ op, set }))])).toEqual(
        expect.arrayContaining([
          [
            'row-deleted',
            [
              { op: 'update', set: { city: 'edited' } },
              { op: 'update', set: { name: 'edited later' } },
            ],
          ],
          ['row-deleted', [{ op: 'delete', set: {} }]],
        ]),
      )
      expect(quarantined).toHaveLength(2)
      expect(new Set(settled.quarantined)).toEqual(
        new Set(quarantined.map(({ id, reason, message }) => ({ id, reason, message }))),
      )
      for (const { id } of quarantined)
        await expect(test.store.quarantine.retry(id, NOW_MS)).rejects.toThrow('another row')
    })

    it('removes rows of append-only entities once the server has them, and refuses to change them before', async () => {
      const test = await open(fieldBundle({ le_order: { pattern: { kind: 'append-only' } } }))
      const company = await test.create('companies', { name: 'x' })
      const order = await test.create('work_orders', { company_id: company.id, title: 'pump' })
      await expect(test.update('work_orders', [order.id], { title: 'y' })).rejects.toThrow('append-only')
      await expect(test.remove('work_orders', [order.id])).rejects.toThrow('append-only')
      expect((await test.begin(['le_order'])).requests).toEqual([])
      await test.push()
      expect(await test.list('work_orders')).toEqual([])
      expect(await test.list('companies')).toHaveLength(1)
    })

    it('sends the whole row where the pattern says so', async () => {
      const test = await open(
        fieldBundle({ le_company: { pattern: { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'row' } } }),
      )
      await test.pull('c1', { companies: { full: true, rows: [company('7', 'x', 'Bern')] } })
      await test.update('companies', [7], { name: 'y' })
      const [edit] = (await edits(test)).flat()
      expect(edit).toMatchObject({ op: 'update', set: { id: '7', name: 'y', city: 'Bern', region: null } })
    })

    it('adds a counter’s changes up over a newer row, in what is shown and in what is sent', async () => {
      const test = await open(
        fieldBundle({ le_company: { pattern: { kind: 'merge', policies: { parent_id: 'counter' } }, references: [] } }),
      )
      const row = (count: string) => ['7', 'x', null, null, count, null]
      await test.pull('c1', { companies: { full: true, rows: [row('5')] } })
      await test.update('companies', [7], { parent_id: 6 })
      await test.pull('c2', { companies: { rows: [row('10')] } })
      expect(await test.get('companies', [7])).toMatchObject({ parent_id: 11 })
      await test.update('companies', [7], { parent_id: 12 })
      expect((await edits(test)).flat()).toMatchObject([{ set: { parent_id: '7' }, was: { parent_id: '5' } }])
      await test.push()
      expect(await test.get('companies', [7])).toMatchObject({ parent_id: 12 })
    })

    it('asks on demand for what was chosen, and chooses the parent of a row that was made here', async () => {
      const test = await open(fieldBundle({ le_order: { pattern: { kind: 'on-demand', chosenBy: ['company_id'] } } }))
      const asked = async () => (await test.begin(['le_order'])).requests[0]?.chosen
      await test.store.demand.choose('le_order', [[7], [8], [7]])
      await test.store.demand.release('le_order', [[8]])
      expect(await asked()).toEqual([['7']])
      const company = await test.create('companies', { name: 'x' })
      await test.create('work_orders', { company_id: company.id, title: 'pump' })
      const keys = [{ entity: 'le_company', temporary: [String(company.id)], key: ['100'] }]
      await test.push((id) => applied(id, { keys }))
      expect(await asked()).toEqual([['7'], ['100']])
      expect(await test.store.demand.list('le_order')).toEqual([{ company_id: 7 }, { company_id: 100 }])
      await expect(test.store.demand.choose('le_company', [[1]])).rejects.toThrow('does not come on demand')
    })

    it('takes for chosen only what can be a value, and lets one that is none stop no pull', async () => {
      const test = await open(fieldBundle({ le_order: { pattern: { kind: 'on-demand', chosenBy: ['company_id'] } } }))
      const asked = async () => (await test.begin(['le_order'])).requests[0]?.chosen
      for (const bad of ['x7', null, 2 ** 40, {}])
        await expect(test.store.demand.choose('le_order', [[7], [bad]])).rejects.toThrow(
          /^WorkOrders can't be chosen by the company_id /,
        )
      await expect(test.store.demand.release('le_order', [['x7']])).rejects.toThrow('"x7"')
      expect(await test.store.demand.list('le_order')).toEqual([])
      await test.store.demand.choose('le_order', [[' 7'], ['+8']])
      expect(await asked()).toEqual([['7'], ['8']])
    })

    it('L9 holds nothing to an entity on demand, and chooses with details the parent that they belong to', async () => {
      const test = await open(
        fieldBundle({
          le_company: { pattern: { kind: 'on-demand', chosenBy: ['id'] } },
          le_order: { pattern: { kind: 'on-demand', chosenBy: ['company_id'] } },
        }),
      )
      expect(await test.create('work_orders', { company_id: 5, title: 'pump' })).toMatchObject({ company_id: 5 })
      await test.store.demand.choose('le_order', [[7], [8]])
      expect(await test.store.demand.list('le_company')).toEqual([{ id: 7 }, { id: 8 }])
      await test.store.demand.release('le_order', [[7]])
      expect(await test.store.demand.list('le_order')).toEqual([{ company_id: 8 }])
      expect(await test.store.demand.list('le_company')).toEqual([{ id: 7 }, { id: 8 }])
    })

    it('gives up a refused group that is there, and says where there is none', async () => {
      const test = await open()
      await expect(test.store.quarantine.discard('nothing')).rejects.toThrow('There is no quarantined group nothing')
    })
  })
}
