/** Conflicts that wait on a device or are decided there, over any storage. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Bundle, PatternContract } from '../../contract'
import type { ConflictReport } from '../../protocol/messages'
import type { DecideConflict } from '../device-store'
import {
  applied,
  conflict,
  fieldBundle,
  NOW_MS,
  type OpenStorage,
  openTestStore,
  refused,
  type TestStore,
} from './testing-store'

const SETTINGS = { handler: 'ch', handledOn: 'device', blocksSync: false } as const
const DETECTING: PatternContract = { kind: 'conflict-detection', granularity: 'row', ...SETTINGS }

export function conflictsSuite(name: string, openStorage: OpenStorage): void {
  describe(`conflicts on ${name}`, () => {
    const opened: TestStore[] = []
    afterEach(async () => {
      for (const { store } of opened.splice(0)) await store.close()
    })
    const open = async (bundle: Bundle = fieldBundle({ le_company: { pattern: DETECTING } })) => {
      const test = await openTestStore(await openStorage(), bundle)
      opened.push(test)
      await test.pull('c1', { companies: { full: true, rows: [row('7', 'seven', 'Bern'), row('8', 'eight', 'Rome')] } })
      return test
    }
    const row = (id: string, name: string, city: string | null = null) => [id, name, city, null, null, null]
    const image = (id: string, name: string, city: string | null = null) => ({
      id,
      name,
      city,
      region: null,
      parent_id: null,
      stamp: null,
    })
    const sent = async (test: TestStore) => (await test.begin()).groups.flatMap((group) => group.edits)
    /** Sends all; the row 7 meets a conflict. */
    const meet = async (
      test: TestStore,
      report: Partial<ConflictReport>,
      decide: DecideConflict = () => ({ kind: 'park' }),
    ) => {
      const { groups } = await test.begin()
      return test.store.settle(
        groups.map(({ id, edits }) =>
          edits.some(({ key }) => key[0] === '7')
            ? applied(id, { conflicts: [conflict({ entity: 'le_company', key: ['7'], ...report })] })
            : applied(id),
        ),
        NOW_MS,
        decide,
      )
    }
    const theirs = { base: image('7', 'seven', 'Bern'), server: image('7', 'theirs', 'Bern') }

    it('F1 captures the whole row as its author saw it, of a deletion too', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine' })
      await test.remove('companies', [8])
      expect(await sent(test)).toMatchObject([
        { op: 'update', set: { name: 'mine' }, was: image('7', 'seven', 'Bern') },
        { op: 'delete', was: image('8', 'eight', 'Rome') },
      ])
    })

    it('F4 F5 L7 parks the row alone: it is shown, listed and not sent; the rest of its group is through', async () => {
      const test = await open()
      await test.store.write(NOW_MS, async (tx) => {
        await tx.update(test.entity('companies'), [7], { name: 'mine' })
        await tx.update(test.entity('companies'), [8], { name: 'mine too' })
      })
      expect(await meet(test, theirs)).toMatchObject({
        parked: [conflict({ entity: '', key: [] }).id],
        resolved: false,
      })
      expect(await test.get('companies', [7])).toMatchObject({ name: 'mine' })
      expect(await test.store.counts()).toMatchObject({ pendingEdits: 1, conflicts: 1 })
      expect(await sent(test)).toEqual([])
      await test.update('companies', [7], { city: 'younger' })
      await test.update('companies', [8], { city: 'goes' })
      expect(await sent(test)).toMatchObject([{ key: ['8'], set: { city: 'goes' } }])
      expect(await test.store.conflicts.list()).toMatchObject([
        {
          entity: 'Companies',
          key: { id: '7' },
          kind: 'update-update',
          base: { name: 'seven' },
          local: { name: 'mine', city: 'younger' },
          server: { name: 'theirs' },
          serverUser: 'bob',
        },
      ])
      expect(await test.store.conflicts.entities()).toEqual(['le_company'])
      // L4: a pull goes beneath.
      await test.pull('c2', { companies: { rows: [row('7', 'theirs', 'Bern')] } })
      expect(await test.get('companies', [7])).toMatchObject({ name: 'mine', city: 'younger' })
    })

    it('F6 resolves with the local row: one edit, based on the version that was shown', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine' })
      await meet(test, { ...theirs, version: 'v9' })
      await test.update('companies', [7], { city: 'younger' })
      const [{ id } = { id: '' }] = await test.store.conflicts.list()
      expect(await test.store.conflicts.resolve(id, 'local', 5000)).toEqual(['le_company'])
      expect(await sent(test)).toEqual([
        {
          op: 'update',
          entity: 'le_company',
          key: ['7'],
          set: { name: 'mine', city: 'younger' },
          was: theirs.server,
          base: 'v9',
          at: 5000,
          resolves: id,
        },
      ])
      expect(await test.get('companies', [7])).toMatchObject({ name: 'mine', city: 'younger' })
      expect(await test.store.conflicts.list()).toEqual([])
      await expect(test.store.conflicts.resolve(id, 'local', 5000)).rejects.toThrow('There is no conflict')
    })

    it('F6 resolves with given values over the server’s row, and with the server’s row', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine', city: 'mine' })
      await meet(test, theirs)
      const [{ id } = { id: '' }] = await test.store.conflicts.list()
      await expect(test.store.conflicts.resolve(id, { id: 5 }, NOW_MS)).rejects.toThrow("can't set id")
      await test.store.conflicts.resolve(id, { city: 'both' }, NOW_MS)
      expect(await sent(test)).toMatchObject([{ set: { city: 'both' } }])
      expect(await test.get('companies', [7])).toMatchObject({ city: 'both' })
      await meet(test, { ...theirs, id: '00000000-0000-4000-8000-000000000002' })
      await test.store.conflicts.resolve('00000000-0000-4000-8000-000000000002', 'server', NOW_MS)
      expect(await sent(test)).toEqual([])
      expect(await test.get('companies', [7])).toMatchObject({ name: 'seven', city: 'Bern' })
      expect(await test.store.counts()).toMatchObject({ pendingEdits: 0, conflicts: 0 })
    })

    it('F2 resolves a row that was deleted there by creating it anew, and one deleted here by deleting it', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine' })
      await meet(test, { kind: 'update-delete', server: null })
      const [{ id } = { id: '' }] = await test.store.conflicts.list()
      await test.store.conflicts.resolve(id, 'local', NOW_MS)
      expect(await sent(test)).toMatchObject([
        { op: 'create', set: { id: '7', name: 'mine', city: 'Bern' }, base: 'seen' },
      ])
      await test.push()
      await test.remove('companies', [7])
      await meet(test, { kind: 'delete-update', server: image('7', 'theirs') })
      expect(await test.store.conflicts.list()).toMatchObject([{ local: null, server: { name: 'theirs' } }])
      await test.store.conflicts.resolve(id, 'local', NOW_MS)
      expect(await sent(test)).toMatchObject([{ op: 'delete', resolves: id, base: 'seen' }])
      expect(await test.get('companies', [7])).toBeNull()
    })

    it('F2 keeps a row whose unique value was taken by changing it, not the row that has it', async () => {
      const test = await open()
      const made = await test.create('companies', { id: 7000, name: 'taken' })
      const { groups } = await test.begin()
      const report = conflict({
        entity: 'le_company',
        key: [String(made.id)],
        kind: 'unique-taken',
        server: image('8', 'taken'),
      })
      await test.store.settle(
        groups.map(({ id }) => applied(id, { conflicts: [report] })),
        NOW_MS,
        () => ({ kind: 'park' }),
      )
      await test.store.conflicts.resolve(report.id, { name: 'free' }, NOW_MS)
      expect(await sent(test)).toMatchObject([{ op: 'create', key: ['7000'], set: { id: '7000', name: 'free' } }])
      expect(await test.get('companies', [8])).toMatchObject({ name: 'eight' })
    })

    it('F1 lets the device’s handler decide at once, on the row as it is now', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine' })
      const { groups } = await test.begin()
      await test.update('companies', [7], { city: 'younger' })
      const asked: ConflictReport[] = []
      const report = conflict({ entity: 'le_company', key: ['7'], ...theirs, decision: 'device' })
      const settled = await test.store.settle(
        groups.map(({ id }) => applied(id, { conflicts: [report] })),
        NOW_MS,
        (met) => {
          asked.push(met)
          return { kind: 'resolve', values: { name: 'ours', city: met.local?.city ?? null } }
        },
      )
      expect(settled).toMatchObject({ parked: [], resolved: true })
      expect(asked).toMatchObject([{ local: { name: 'mine', city: 'younger' } }])
      expect(await sent(test)).toMatchObject([
        { set: { name: 'ours', city: 'younger' }, base: 'seen', resolves: report.id },
      ])
      expect(await test.get('companies', [7])).toMatchObject({ name: 'ours', city: 'younger' })
    })

    it('F1 drops the edits where the handler keeps the server’s row, and parks where it parks', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine' })
      expect(await meet(test, { ...theirs, decision: 'device' }, () => ({ kind: 'keep-server' }))).toMatchObject({
        parked: [],
      })
      expect(await test.get('companies', [7])).toMatchObject({ name: 'seven' })
      expect((await test.store.counts()).pendingEdits).toBe(0)
      expect((await test.begin()).ended).toMatchObject([{ decision: 'kept-server' }])
      await test.update('companies', [7], { name: 'again' })
      expect((await meet(test, { ...theirs, decision: 'device' })).parked).toHaveLength(1)
    })

    it('P6 shows the server’s row where the server’s handler kept it', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine' })
      await meet(test, { ...theirs, decision: 'kept-server' })
      expect(await test.get('companies', [7])).toMatchObject({ name: 'seven' })
      expect(await test.store.counts()).toMatchObject({ pendingEdits: 0, conflicts: 0 })
    })

    it('L4 F4 ends a conflict when the server has taken a later delete of the row, in whichever answer', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine' })
      await test.update('companies', [8], { name: 'mine too' })
      await test.remove('companies', [7])
      const [update, , remove] = (await test.begin()).groups
      const report = conflict({ entity: 'le_company', key: ['7'], ...theirs, kind: 'update-delete', server: null })
      const park: DecideConflict = () => ({ kind: 'park' })
      await test.store.settle([applied(update?.id ?? '', { conflicts: [report] })], NOW_MS, park)
      expect(await test.store.counts()).toMatchObject({ conflicts: 1 })
      expect((await test.store.settle([applied(remove?.id ?? '')], NOW_MS, park)).entities).toContain('le_company')
      expect(await test.store.conflicts.list()).toEqual([])
      expect(await test.get('companies', [7])).toBeNull()
      expect(await test.store.counts()).toMatchObject({ pendingEdits: 1, conflicts: 0 })
    })

    it('L4 F4 keeps a conflict whose row was deleted here and made again', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'mine' })
      await test.update('companies', [8], { name: 'mine too' })
      await test.remove('companies', [7])
      const { groups } = await test.begin()
      await test.create('companies', { id: 7, name: 'anew' })
      const report = conflict({ entity: 'le_company', key: ['7'], ...theirs, kind: 'update-delete', server: null })
      await test.store.settle(
        groups.map(({ id }, index) => applied(id, index === 0 ? { conflicts: [report] } : {})),
        NOW_MS,
        () => ({ kind: 'park' }),
      )
      expect(await test.store.conflicts.list()).toMatchObject([{ local: { name: 'anew' }, server: null }])
      expect(await test.get('companies', [7])).toMatchObject({ name: 'anew' })
    })

    it('F5 keeps one conflict a row: a newer report takes its place, with the oldest base', async () => {
      const test = await open()
      await test.update('companies', [7], { name: 'one' })
      const [first] = (await test.begin()).groups
      await test.update('companies', [7], { name: 'two' })
      const [, second] = (await test.begin()).groups
      const older = conflict({ entity: 'le_company', key: ['7'], ...theirs, version: 'v1' })
      const newer = {
        ...older,
        id: '00000000-0000-4000-8000-000000000002',
        base: image('7', 'one', 'Bern'),
        version: 'v2',
      }
      await test.store.settle(
        [applied(first?.id ?? '', { conflicts: [older] }), applied(second?.id ?? '', { conflicts: [newer] })],
        NOW_MS,
        () => ({ kind: 'park' }),
      )
      const listed = await test.store.conflicts.list()
      expect((await test.begin()).ended).toEqual([{ id: older.id, decision: 'replaced' }])
      expect(listed).toMatchObject([{ id: newer.id, base: { name: 'seven' }, local: { name: 'two' } }])
      await test.store.conflicts.resolve(newer.id, 'local', NOW_MS)
      expect(await sent(test)).toMatchObject([{ set: { name: 'two' }, base: 'v2' }])
    })

    it('F4 tells of the end of a conflict of which no edit tells, until the server was told', async () => {
      const test = await open()
      const ended = async () => (await test.begin()).ended
      const id = '00000000-0000-4000-8000-000000000001'
      const meetAgain = async (kind: ConflictReport['kind'], server: ConflictReport['server'], report = id) => {
        await test.update('companies', [7], { name: 'mine' })
        await meet(test, { ...theirs, id: report, kind, server })
      }
      await meetAgain('update-update', theirs.server)
      expect(await ended()).toEqual([])
      await test.store.conflicts.resolve(id, 'server', NOW_MS)
      expect(await ended()).toEqual([{ id, decision: 'kept-server' }])
      expect(await ended()).toEqual([{ id, decision: 'kept-server' }])
      await test.store.forgetEnded(await ended())
      expect(await ended()).toEqual([])

      // What is here is what the server has: there is nothing to send.
      await meetAgain('update-update', image('7', 'mine', 'Bern'))
      await test.store.conflicts.resolve(id, 'local', NOW_MS)
      expect(await ended()).toEqual([{ id, decision: 'kept-server' }])
      await test.store.forgetEnded(await ended())

      // An edit tells of it by itself, unless it is refused.
      await meetAgain('update-update', theirs.server)
      await test.store.conflicts.resolve(id, { city: 'ours' }, NOW_MS)
      expect(await ended()).toEqual([])
      await test.push((group) => refused(group))
      expect(await ended()).toEqual([{ id, decision: 'refused' }])
      await test.store.forgetEnded(await ended())

      // Its resolution meets another conflict.
      const newer = '00000000-0000-4000-8000-000000000002'
      await meetAgain('update-update', theirs.server)
      await test.store.conflicts.resolve(id, { city: 'ours' }, NOW_MS)
      await meet(test, { ...theirs, id: newer })
      await test.store.conflicts.resolve(newer, 'server', NOW_MS)
      expect(await ended()).toEqual([
        { id: newer, decision: 'kept-server' },
        { id, decision: 'replaced' },
      ])
      await test.store.forgetEnded([{ id: newer, decision: 'kept-server' }])
      expect(await ended()).toEqual([{ id, decision: 'replaced' }])
      await test.store.forgetEnded(await ended())

      // The row is gone on both sides.
      await meetAgain('update-delete', null)
      await test.pull('c2', { companies: { deleted: [['7']] } })
      await test.remove('companies', [7])
      await test.begin()
      expect(await ended()).toEqual([{ id, decision: 'deleted' }])
    })

    it('F2 deletes children that were not known first when a deletion that they stopped is kept', async () => {
      const pattern: PatternContract = { ...SETTINGS, kind: 'one-to-many', children: ['le_order'] }
      const test = await open(fieldBundle({ le_company: { pattern } }))
      await test.remove('companies', [7])
      await meet(test, { kind: 'children-left', server: image('7', 'seven', 'Bern') })
      const child = ['00000000-0000-4000-8000-00000000000a', '7', 'theirs', 'open', null, null]
      await test.pull('c2', { work_orders: { full: true, rows: [child] } })
      const [{ id } = { id: '' }] = await test.store.conflicts.list()
      expect(await test.store.conflicts.resolve(id, 'local', NOW_MS)).toEqual(['le_company', 'le_order'])
      const { groups } = await test.begin()
      expect(groups.map((group) => group.edits.map(({ op, entity }) => [op, entity]))).toEqual([
        [
          ['delete', 'le_order'],
          ['delete', 'le_company'],
        ],
      ])
      expect(await test.list('work_orders')).toEqual([])
    })

    it('F2 takes the children of an aggregate with it, and sends them first', async () => {
      const pattern: PatternContract = { ...SETTINGS, kind: 'one-to-many', children: ['le_company', 'le_order'] }
      const test = await open(fieldBundle({ le_company: { pattern } }))
      await test.create('work_orders', { company_id: 8, title: 'pump' })
      await test.push()
      await test.remove('companies', [8])
      expect((await sent(test)).map(({ op, entity }) => [op, entity])).toEqual([
        ['delete', 'le_order'],
        ['delete', 'le_company'],
      ])
    })

    it('K1 puts a key that the server made into a parked conflict', async () => {
      const test = await open()
      const parent = await test.create('companies', { name: 'parent' })
      await test.update('companies', [7], { parent_id: parent.id })
      const [first, second] = (await test.begin()).groups
      const report = conflict({ entity: 'le_company', key: ['7'], ...theirs })
      await test.store.settle(
        [
          applied(second?.id ?? '', { conflicts: [report] }),
          applied(first?.id ?? '', { keys: [{ entity: 'le_company', temporary: [String(parent.id)], key: ['100'] }] }),
        ],
        NOW_MS,
        () => ({ kind: 'park' }),
      )
      await test.store.conflicts.resolve(report.id, 'local', NOW_MS)
      expect((await sent(test)).at(-1)).toMatchObject({ key: ['7'], set: { name: 'seven', parent_id: '100' } })
    })
  })
}
