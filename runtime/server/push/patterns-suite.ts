/** What each of the other patterns does with an edit. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../contract'
import type { Outcome } from '../../protocol/messages'
import {
  create,
  ELSEWHERE,
  NOW,
  type Pusher,
  pusher,
  remove,
  startPushing,
  update,
  uuid,
  WORKSHOP_SQL,
  workshopBundle,
} from './testing-push'

export function describePatterns(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Pusher
  beforeEach(async () => {
    database = await openDatabase()
    await database.execute(WORKSHOP_SQL)
    wire = await startPushing(database)
  })
  const one = async (sql: string) => (await database.query(sql))[0] ?? null
  const overruled = (outcome: Outcome) => {
    if (outcome.kind === 'refused') throw new Error(`${outcome.reason}: ${outcome.message}`)
    return outcome.overruled
  }

  describe('merge', () => {
    const stock = () => one('select amount, weight::text, tags::text, doc::text, label from stock')

    it('adds counters up, takes elements one by one, and the latest of the rest', async () => {
      const was = { amount: '10', weight: '1.50', tags: '{a,b}', doc: '[1, {"k": 1}]', label: 'Box' }
      const base = await wire.seen()
      await wire.edit(
        [
          update(
            'stock',
            ['s'],
            { amount: '13', weight: '2.25', tags: '{a,b,c}', doc: '[1]', label: 'A' },
            { base, was },
          ),
        ],
        { device: ELSEWHERE },
      )
      await wire.edit([
        update(
          'stock',
          ['s'],
          { amount: '8', weight: '1.00', tags: '{b,d}', doc: '[1, {"k": 1}, 2]', label: 'B' },
          { base, was },
        ),
      ])
      expect(await stock()).toEqual({ amount: 11, weight: '1.75', tags: '{b,c,d}', doc: '[1, 2]', label: 'B' })
    })

    it('of many edits of one row in one push counts each', async () => {
      const base = await wire.seen()
      const outcomes = await wire.push(
        Array.from(
          { length: 20 },
          (_, n) => [n, [update('stock', ['s'], { amount: `${n + 1}` }, { base, was: { amount: `${n}` } })]] as const,
        ),
      )
      expect(outcomes.every(({ kind }) => kind === 'applied')).toBe(true)
      expect(await stock()).toMatchObject({ amount: 30 })
    })

    it('refuses a counter beyond its type, and what is gone', async () => {
      await database.query('update stock set amount = 2147483647')
      expect(await wire.edit([update('stock', ['s'], { amount: '1' }, { was: { amount: '0' } })])).toMatchObject({
        reason: 'invalid-value',
        message: expect.stringContaining('amount'),
      })
      expect(await wire.edit([update('stock', ['gone'], { amount: '1' }, { was: { amount: '0' } })])).toMatchObject({
        reason: 'row-deleted',
      })
    })
  })

  describe('F7 last write wins by the time of the edit', () => {
    const hour = 3_600_000
    const at = (id: string, hours: number) => ({ at: NOW - hours * hour, id })
    const clock = (table = 'clock') => one(`select a, b from ${table}`)

    it('the later edit stays, whichever arrives first, attribute by attribute', async () => {
      const base = await wire.seen()
      await wire.edit([update('clock', ['c'], { a: 'late', b: 'late' }, { base, at: at('a', 1).at })], {
        device: ELSEWHERE,
      })
      const outcome = await wire.edit([update('clock', ['c'], { a: 'early' }, { base, at: at('a', 2).at })])
      expect(overruled(outcome)).toEqual([{ entity: 'clock', key: ['c'], attributes: null }])
      expect(await clock()).toEqual({ a: 'late', b: 'late' })
      expect(overruled(await wire.edit([update('clock', ['c'], { b: 'latest' }, { base, at: NOW })]))).toEqual([])
      expect(await clock()).toEqual({ a: 'late', b: 'latest' })
    })

    it('of an edit only what is older gives way', async () => {
      const base = await wire.seen()
      await wire.edit([update('clock', ['c'], { a: 'late' }, { base, at: at('a', 1).at })], { device: ELSEWHERE })
      const outcome = await wire.edit([update('clock', ['c'], { a: 'early', b: 'early' }, { base, at: at('a', 2).at })])
      expect(overruled(outcome)).toEqual([{ entity: 'clock', key: ['c'], attributes: ['a'] }])
      expect(await clock()).toEqual({ a: 'late', b: 'early' })
    })

    it('by row, an older edit gives way whole', async () => {
      const base = await wire.seen()
      await wire.edit([update('clock_row', ['c'], { a: 'late', b: 'b0' }, { base, at: at('a', 1).at })], {
        device: ELSEWHERE,
      })
      const outcome = await wire.edit([
        update('clock_row', ['c'], { a: 'a0', b: 'early' }, { base, at: at('a', 2).at }),
      ])
      expect(overruled(outcome)).toEqual([{ entity: 'clock_row', key: ['c'], attributes: null }])
      expect(await clock('clock_row')).toEqual({ a: 'late', b: 'b0' })
    })

    it('A05 a clock that is a year off changes nothing', async () => {
      const year = 365 * 24 * hour
      const base = await wire.seen()
      // Made two hours ago by a clock a year ahead; then one hour ago by a right one.
      await wire.edit([update('clock', ['c'], { a: 'skewed' }, { base, at: NOW + year - 2 * hour })], {
        device: ELSEWHERE,
        sentAt: NOW + year,
      })
      await wire.edit([update('clock', ['c'], { a: 'right' }, { base, at: NOW - hour })])
      expect(await clock()).toMatchObject({ a: 'right' })
      // An edit that claims to be from the future is from now.
      await wire.edit([update('clock', ['c'], { a: 'future' }, { base, at: NOW + year })])
      expect(await clock()).toMatchObject({ a: 'future' })
      const outcome = await wire.edit([update('clock', ['c'], { a: 'after' }, { base, at: NOW + 1000 })], {
        device: ELSEWHERE,
        nowMs: NOW + 1000,
        sentAt: NOW + 1000,
      })
      expect(overruled(outcome)).toEqual([])
    })

    it('an edit of what its author had seen wins, whatever the times say', async () => {
      await database.query("update clock set a = 'theirs'")
      const base = await wire.seen()
      const outcome = await wire.edit([update('clock', ['c'], { a: 'mine' }, { base, at: at('a', 9).at })])
      expect(overruled(outcome)).toEqual([])
      expect(await clock()).toMatchObject({ a: 'mine' })
    })

    it('other programs write now, and only what they change', async () => {
      const base = await wire.seen()
      await database.query("update clock set a = 'theirs'")
      const [{ now } = { now: 0 }] = await database.query('select (extract(epoch from now()) * 1000)::bigint as now')
      const context = { nowMs: Number(now), sentAt: Number(now) }
      const outcome = await wire.edit(
        [update('clock', ['c'], { a: 'older', b: 'older' }, { base, at: Number(now) - hour })],
        context,
      )
      expect(overruled(outcome)).toEqual([{ entity: 'clock', key: ['c'], attributes: ['a'] }])
      expect(await clock()).toEqual({ a: 'theirs', b: 'older' })
    })

    it('an older deletion gives way to a later change', async () => {
      const base = await wire.seen()
      await wire.edit([update('clock', ['c'], { a: 'late' }, { base, at: at('a', 1).at })], { device: ELSEWHERE })
      expect(overruled(await wire.edit([remove('clock', ['c'], { base, at: at('a', 2).at })]))).toEqual([
        { entity: 'clock', key: ['c'], attributes: null },
      ])
      expect(overruled(await wire.edit([remove('clock', ['c'], { base, at: NOW })]))).toEqual([])
      expect(await clock()).toBeNull()
    })

    it('creates rows with the time at which they were made', async () => {
      const base = await wire.seen()
      await wire.edit([create('clock', ['n'], { a: 'x' }, { at: at('a', 1).at })], { device: ELSEWHERE })
      const outcome = await wire.edit([update('clock', ['n'], { a: 'older' }, { base, at: at('a', 2).at })])
      expect(overruled(outcome)).toHaveLength(1)
    })
  })

  it('append-only takes new rows and nothing else', async () => {
    expect(await wire.edit([create('visit', [uuid(1)], { note: 'there' })])).toMatchObject({ kind: 'applied' })
    for (const edit of [update('visit', [uuid(1)], { note: 'x' }), remove('visit', [uuid(1)])]) {
      expect(await wire.edit([edit])).toMatchObject({ kind: 'refused', reason: 'not-allowed', rows: [] })
    }
    expect(await one('select note from visit')).toEqual({ note: 'there' })
  })

  describe('one-to-many', () => {
    const head = { id: uuid(1), title: 'Bill' }
    beforeEach(() =>
      database.execute(`insert into bill values ('${uuid(1)}', 'Bill');
        insert into bill_line values ('${uuid(11)}', '${uuid(1)}', 'one'), ('${uuid(12)}', '${uuid(1)}', 'two')`),
    )
    const both = (made: { readonly base: string | null; readonly resolves?: string | null }) => [
      remove('bill_line', [uuid(11)], made),
      remove('bill_line', [uuid(12)], made),
      remove('bill', [uuid(1)], { ...made, was: head }),
    ]
    const left = async () => [
      await one('select count(*)::int as n from bill'),
      await one('select count(*)::int as n from bill_line'),
    ]

    it('F2 deletes a head with the children that its author knew', async () => {
      expect(await wire.edit(both({ base: await wire.seen() }))).toMatchObject({ kind: 'applied', conflicts: [] })
      expect(await left()).toEqual([{ n: 0 }, { n: 0 }])
    })

    it('F8 deletes a head whose children earlier groups of the push deleted', async () => {
      const [one, two, bill] = both({ base: await wire.seen() })
      if (!one || !two || !bill) throw new Error('There are three edits.')
      expect(
        await wire.push([
          [1, [one]],
          [2, [two]],
          [3, [bill]],
        ]),
      ).toMatchObject([1, 2, 3].map(() => ({ kind: 'applied', conflicts: [] })))
      expect(await left()).toEqual([{ n: 0 }, { n: 0 }])
    })

    it('F8 deletes a head whose children were moved away before, by an earlier group or its own', async () => {
      await database.execute(`insert into bill values ('${uuid(2)}', 'Other'), ('${uuid(3)}', 'Third');
        insert into bill_line values ('${uuid(31)}', '${uuid(3)}', 'three')`)
      const base = await wire.seen()
      const move = (id: number, to: number) => update('bill_line', [uuid(id)], { bill: uuid(to) }, { base })
      const outcomes = await wire.push([
        [1, [move(11, 2), move(12, 2)]],
        [2, [remove('bill', [uuid(1)], { base, was: head })]],
        [3, [move(31, 2), remove('bill', [uuid(3)], { base })]],
      ])
      expect(outcomes).toMatchObject([1, 2, 3].map(() => ({ kind: 'applied', conflicts: [] })))
      expect(await left()).toEqual([{ n: 1 }, { n: 3 }])
    })

    it('F8 deletes a head with a child that an earlier group created', async () => {
      const base = await wire.seen()
      const outcomes = await wire.push([
        [1, [create('bill_line', [uuid(13)], { bill: uuid(1), text: 'mine' }, { base })]],
        [2, [remove('bill_line', [uuid(13)], { base }), ...both({ base })]],
      ])
      expect(outcomes).toMatchObject([1, 2].map(() => ({ kind: 'applied', conflicts: [] })))
      expect(await left()).toEqual([{ n: 0 }, { n: 0 }])
    })

    it('F2 keeps the whole where an earlier group moved a child to it', async () => {
      await database.execute(`insert into bill values ('${uuid(2)}', 'Other')`)
      const base = await wire.seen()
      const outcomes = await wire.push([
        [1, [update('bill_line', [uuid(11)], { bill: uuid(2) }, { base })]],
        [2, [remove('bill', [uuid(2)], { base })]],
      ])
      expect(outcomes).toMatchObject([{ conflicts: [] }, { conflicts: [{ entity: 'bill', kind: 'children-left' }] }])
      expect(await left()).toEqual([{ n: 2 }, { n: 2 }])
    })

    it('F2 keeps the whole where a child came meanwhile, and lists it', async () => {
      const base = await wire.seen()
      await database.query(`insert into bill_line values ('${uuid(13)}', '${uuid(1)}', 'new')`)
      const outcome = await wire.edit(both({ base }))
      expect(outcome).toMatchObject({
        conflicts: [
          { entity: 'bill', kind: 'children-left', base: head, local: null, server: head, decision: 'parked' },
          { entity: 'bill_line', kind: 'children-left', key: [uuid(11)] },
          { entity: 'bill_line', kind: 'children-left', key: [uuid(12)] },
        ],
      })
      expect(await left()).toEqual([{ n: 1 }, { n: 3 }])
    })

    it('F2 keeps the whole where a child was changed meanwhile', async () => {
      const base = await wire.seen()
      await database.query(`update bill_line set text = 'changed' where id = '${uuid(12)}'`)
      expect(await wire.edit(both({ base }))).toMatchObject({ conflicts: [{ kind: 'children-left' }, {}, {}] })
      expect(await left()).toEqual([{ n: 1 }, { n: 2 }])
    })

    it('F6 a resolution takes along the children that were shown, and no later one', async () => {
      const base = await wire.seen()
      await database.query(`insert into bill_line values ('${uuid(13)}', '${uuid(1)}', 'new')`)
      const outcome = await wire.edit(both({ base }))
      const [conflict] = outcome.kind === 'applied' ? outcome.conflicts : []
      const resolving = { base: conflict?.version ?? null, was: head, resolves: conflict?.id ?? null }
      await database.query(`insert into bill_line values ('${uuid(14)}', '${uuid(1)}', 'newer')`)
      const again = await wire.edit([remove('bill', [uuid(1)], resolving)])
      expect(again).toMatchObject({ conflicts: [{ kind: 'children-left' }] })
      expect(await left()).toEqual([{ n: 1 }, { n: 4 }])
      const [newer] = again.kind === 'applied' ? again.conflicts : []
      const last = { ...resolving, base: newer?.version ?? null, resolves: newer?.id ?? null }
      expect(await wire.edit([remove('bill', [uuid(1)], last)])).toMatchObject({ conflicts: [] })
      expect(await left()).toEqual([{ n: 0 }, { n: 0 }])
    })

    it('F2 a handler may delete the whole all the same, or keep it', async () => {
      const base = await wire.seen()
      await database.query(`insert into bill_line values ('${uuid(13)}', '${uuid(1)}', 'new')`)
      const keep = pusher(
        database,
        workshopBundle(() => ({ kind: 'keep-server' })),
      )
      expect(await keep.edit(both({ base }))).toMatchObject({ conflicts: [{ decision: 'kept-server' }, {}, {}] })
      expect(await left()).toEqual([{ n: 1 }, { n: 3 }])
      const whole = pusher(
        database,
        workshopBundle(() => ({ kind: 'keep-local' })),
      )
      expect(await whole.edit(both({ base }))).toMatchObject({ conflicts: [{ decision: 'kept-local' }] })
      expect(await left()).toEqual([{ n: 0 }, { n: 0 }])
    })

    it('the last write wins by attribute, for head and children', async () => {
      const base = await wire.seen()
      await database.query("update bill set title = 'theirs'")
      await database.query("update bill_line set text = 'theirs'")
      const outcome = await wire.edit([
        update('bill', [uuid(1)], { title: 'mine' }, { base, was: head }),
        update('bill_line', [uuid(11)], { text: 'mine' }, { base }),
      ])
      expect(outcome).toMatchObject({ kind: 'applied', conflicts: [] })
      expect(await one('select title from bill')).toEqual({ title: 'mine' })
    })

    it('A17 F2 a child whose head was deleted is kept for its author', async () => {
      await database.query('delete from bill')
      const outcome = await wire.edit([create('bill_line', [uuid(20)], { bill: uuid(1), text: 'orphan' })])
      expect(outcome).toMatchObject({
        conflicts: [{ entity: 'bill_line', kind: 'parent-missing', local: { text: 'orphan' }, decision: 'parked' }],
      })
    })

    it('A08 F2 a change of a deleted head or child is kept for its author', async () => {
      const base = await wire.seen()
      await database.query('delete from bill')
      const outcome = await wire.edit([
        update('bill', [uuid(1)], { title: 'mine' }, { base, was: head }),
        update('bill_line', [uuid(11)], { text: 'mine' }, { base }),
      ])
      expect(outcome).toMatchObject({ conflicts: [{ kind: 'update-delete' }, { kind: 'update-delete' }] })
    })
  })

  describe('P4 a scope', () => {
    const paper = (id: string) => one(`select region, owner, text from paper where id = '${id}'`)

    it('lets a session write what it reads and may write, and nothing else', async () => {
      expect(await wire.edit([update('paper', ['mine'], { text: 'x' })])).toMatchObject({ kind: 'applied' })
      for (const id of ['theirs', 'far']) {
        expect(await wire.edit([update('paper', [id], { text: 'x' })])).toMatchObject({ reason: 'row-deleted' })
        expect(await paper(id)).not.toMatchObject({ text: 'x' })
      }
    })

    it('answers for a row outside of it exactly as for one that never was', async () => {
      const answer = async (edit: Parameters<Pusher['edit']>[0][number]) => {
        const outcome = await wire.edit([edit])
        return JSON.stringify({ ...outcome, id: '' })
          .replaceAll('"far"', '"it"')
          .replaceAll('"never"', '"it"')
      }
      expect(await answer(update('paper', ['far'], { text: 'x' }))).toBe(
        await answer(update('paper', ['never'], { text: 'x' })),
      )
      expect(await answer(remove('paper', ['far']))).toBe(await answer(remove('paper', ['never'])))
      expect(await paper('far')).toMatchObject({ text: 'Confidential' })
    })

    it('tells nobody that a row once was: one that was deleted out of sight is answered like one that never was', async () => {
      const words = async (id: string) => JSON.stringify(await wire.edit([remove('paper', [id])])).replaceAll(id, 'it')
      const strip = (text: string) => text.replace(/"id":"[^"]*"/, '')
      await database.query("insert into paper (id, region, owner) values ('gone', 'S', 'bob'), ('moved', 'N', 'ann')")
      await database.query("delete from paper where id = 'gone'")
      await database.query("update paper set region = 'S' where id = 'moved'")
      expect(strip(await words('gone'))).toBe(strip(await words('never')))
      expect(strip(await words('moved'))).toBe(strip(await words('never')))
      await database.query("delete from paper where id = 'moved'")
      expect(strip(await words('moved'))).toBe(strip(await words('never')))
    })

    it('F2 a row that another deleted in sight is deleted, as both want it', async () => {
      await database.query("delete from paper where id = 'mine'")
      expect(await wire.edit([remove('paper', ['mine'])])).toMatchObject({ kind: 'applied' })
    })

    it('lets nothing be written out of it', async () => {
      for (const edit of [
        update('paper', ['mine'], { region: 'S' }),
        update('paper', ['mine'], { owner: 'bob' }),
        create('paper', ['new'], { region: 'S', owner: 'ann' }),
        create('paper', ['new'], { region: 'N', owner: 'bob' }),
        create('paper', ['new'], { text: 'x' }),
      ]) {
        expect(await wire.edit([edit])).toMatchObject({ kind: 'refused', reason: 'not-allowed' })
      }
      expect(await paper('mine')).toMatchObject({ region: 'N', owner: 'ann' })
      expect(await paper('new')).toBeNull()
      expect(await wire.edit([create('paper', ['new'], { region: 'N', owner: 'ann' })])).toMatchObject({
        kind: 'applied',
      })
    })

    it('P6 shows with a refusal what the session sees, and no more', async () => {
      const edits = ['mine', 'theirs', 'far'].map((id) => update('paper', [id], { text: 'x' }))
      const outcome = await wire.edit(edits)
      expect(outcome).toMatchObject({ rows: [{ row: { id: 'mine' } }, { row: { id: 'theirs' } }, { row: null }] })
      expect(JSON.stringify(outcome)).not.toContain('Confidential')
    })

    it('lets a row be deleted twice, by its writers alone', async () => {
      expect(await wire.edit([remove('paper', ['mine'])])).toMatchObject({ kind: 'applied' })
      expect(await wire.edit([remove('paper', ['mine'])])).toMatchObject({ kind: 'applied' })
      expect(await wire.edit([remove('paper', ['theirs'])])).toMatchObject({ reason: 'row-deleted' })
    })
  })

  describe('K2 a group whose child comes before its parent', () => {
    it('is made parents first', async () => {
      const outcome = await wire.edit([
        create('line', ['-1', 'gear'], { quantity: '2' }),
        create('item', ['gear'], { label: 'Gear' }),
        create('customer', ['-1'], { name: 'New' }),
      ])
      expect(outcome).toMatchObject({ kind: 'applied', keys: [{ temporary: ['-1'], key: ['1'] }] })
      expect(await database.query('select customer, item, quantity from line')).toEqual([
        { customer: 1, item: 'gear', quantity: 2 },
      ])
    })

    it('is made in a circle, where a reference may be null for a moment', async () => {
      const outcome = await wire.edit([
        create('ring_a', ['a'], { b: 'b', label: 'A' }),
        create('ring_b', ['b'], { a: 'a', label: 'B' }),
      ])
      expect(outcome).toMatchObject({ kind: 'applied' })
      expect(await one('select b from ring_a')).toEqual({ b: 'b' })
      expect(await one('select a from ring_b')).toEqual({ a: 'a' })
    })

    it('refers to itself and to younger ones of its kind', async () => {
      const outcome = await wire.edit([
        create('customer', ['-1'], { name: 'Aid', boss: '-2' }),
        create('customer', ['-2'], { name: 'Boss' }),
      ])
      expect(outcome).toMatchObject({ kind: 'applied' })
      const rows = await database.query(
        'select c.name, b.name as boss from customer c left join customer b on b.id = c.boss order by 1',
      )
      expect(rows).toEqual([
        { name: 'Aid', boss: 'Boss' },
        { name: 'Boss', boss: null },
      ])
    })

    it('deletes children first, and a chain of one entity at once', async () => {
      await wire.edit([
        create('customer', ['-1'], { name: 'Boss' }),
        create('customer', ['-2'], { name: 'Aid', boss: '-1' }),
        create('line', ['-1', 'bolt'], {}),
      ])
      const outcome = await wire.edit([
        remove('customer', ['1']),
        remove('customer', ['2']),
        remove('line', ['1', 'bolt']),
      ])
      expect(outcome).toMatchObject({ kind: 'applied' })
      expect(await one('select count(*)::int as n from customer')).toEqual({ n: 0 })
    })
  })

  describe('many groups at once', () => {
    it('P2 P3 one that is refused stops no other, and all are answered in order', async () => {
      const outcomes = await wire.push(
        Array.from(
          { length: 50 },
          (_, n) =>
            [
              n,
              [
                n % 7 === 3
                  ? update('item', ['gone'], { label: 'x' })
                  : create('item', [`i${n}`], { label: `${n}`, price: n === 20 ? '-1' : '1' }),
              ],
            ] as const,
        ),
      )
      expect(outcomes.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => uuid(n)))
      const refused = outcomes.flatMap((outcome, n) => (outcome.kind === 'refused' ? [[n, outcome.reason]] : []))
      expect(refused).toEqual([3, 10, 17, 20, 24, 31, 38, 45].map((n) => [n, n === 20 ? 'constraint' : 'row-deleted']))
      expect(await one("select count(*)::int as n from item where code like 'i%'")).toEqual({ n: 42 })
    })

    it('P2 gives what one by one would give', async () => {
      const outcomes = await wire.push([
        [1, [create('customer', ['-1'], { name: 'A' }), create('line', ['-1', 'bolt'], {})]],
        [2, [update('customer', ['-1'], { name: 'B' }), update('line', ['-1', 'bolt'], { note: 'x' })]],
        [3, [create('customer', ['-2'], { name: 'A', boss: '-1' })]],
        [4, [remove('line', ['-1', 'bolt']), update('item', ['bolt'], { label: 'free' })]],
        [5, [create('line', ['-1', 'bolt'], { note: 'again' }), create('line', ['-2', 'bolt'], {})]],
        [6, [update('customer', ['-2'], { boss: null }), update('line', ['-1', 'bolt'], { quantity: '9' })]],
      ])
      expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'applied'))
      expect(await database.query('select name, boss from customer order by id')).toEqual([
        { name: 'B', boss: null },
        { name: 'A', boss: null },
      ])
      expect(await database.query('select customer, quantity, note from line order by 1')).toEqual([
        { customer: 1, quantity: 9, note: 'again' },
        { customer: 2, quantity: 1, note: null },
      ])
    })

    it('P1 a half-known push is answered as before where it is known', async () => {
      const group = (n: number) => [n, [create('item', [`i${n}`], { label: `${n}` })]] as const
      const first = await wire.push([group(1), group(3)])
      const all = await wire.push([1, 2, 3, 4].map(group))
      expect([all[0], all[2]]).toEqual(first)
      expect(all.map(({ kind }) => kind)).toEqual(['applied', 'applied', 'applied', 'applied'])
    })

    it('V1 values arrive as when they are written one by one', async () => {
      await wire.push([
        [1, [create('item', ['a\\b"c{},\n'], { label: 'NULL', price: '9.999' })]],
        [2, [create('item', ['null'], { label: null, price: '1' })]],
        [3, [create('ticket', [uuid(1)], { title: 'x'.repeat(20), body: '' })]],
        [4, [create('ticket', [uuid(2)], { title: 'x'.repeat(21), body: '' })]],
      ])
      expect(
        await database.query("select code, label, price from item where code not in ('bolt', 'nut') order by 1"),
      ).toEqual([
        { code: 'a\\b"c{},\n', label: 'NULL', price: '10.00' },
        { code: 'null', label: null, price: '1.00' },
      ])
      expect(await database.query('select id, body from ticket')).toEqual([{ id: uuid(1), body: '' }])
    })
  })
}
