/** What a push owes its device, on whatever database the server runs. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../contract'
import type { Edit } from '../../protocol/messages'
import { create, HERE as DEVICE, type Pusher, remove, startPushing, update, uuid, WORKSHOP_SQL } from './testing-push'

export function describeBasics(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Pusher
  beforeEach(async () => {
    database = await openDatabase()
    await database.execute(WORKSHOP_SQL)
    wire = await startPushing(database)
  })
  const items = () => database.query('select code, label, price, doubled from item order by code')

  describe('a group', () => {
    it('is applied by attribute, over whatever was there', async () => {
      const outcomes = await wire.push([
        [
          1,
          [
            create('item', ['gear'], { code: 'gear', label: 'Gear', price: '9.999' }),
            update('item', ['bolt'], { price: '2' }),
            remove('item', ['nut']),
            create('item', ['nut'], { code: 'nut', label: 'Nut, again' }),
            remove('item', ['never-there']),
          ],
        ],
      ])
      expect(outcomes).toEqual([{ kind: 'applied', id: uuid(1), keys: [], overruled: [], conflicts: [] }])
      expect(await items()).toEqual([
        { code: 'bolt', label: 'Bolt', price: '2.00', doubled: '4.00' },
        { code: 'gear', label: 'Gear', price: '10.00', doubled: '20.00' },
        { code: 'nut', label: 'Nut, again', price: null, doubled: null },
      ])
    })

    it('A13 F2 that creates a row whose key is taken is refused, and the row stays', async () => {
      const [outcome] = await wire.push([[1, [create('item', ['nut'], { code: 'nut', label: 'Mine' })]]])
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'constraint', rows: [{ row: { label: 'Nut' } }] })
    })

    it('P1 that comes again is answered as before and changes nothing', async () => {
      const group = [
        1,
        [create('customer', ['-1'], { name: 'Ann' }), update('item', ['bolt'], { label: 'once' })],
      ] as const
      const first = await wire.push([group])
      await database.query("update item set label = 'newer' where code = 'bolt'")
      expect(await wire.push([group])).toEqual(first)
      expect(await database.query('select name from customer')).toEqual([{ name: 'Ann' }])
      expect((await items())[0]).toMatchObject({ label: 'newer' })
    })

    it('P1 that was refused is refused again alike, though it would pass now', async () => {
      const group = [1, [create('line', ['1', 'bolt'], {})]] as const
      const first = await wire.push([group])
      expect(first).toMatchObject([{ kind: 'refused', reason: 'constraint' }])
      await database.query("insert into customer (name) values ('One')")
      expect(await wire.push([group])).toEqual(first)
      expect(await database.query('select * from line')).toEqual([])
    })

    it('P1 of another device is not answered for', async () => {
      await wire.push([[1, [update('item', ['bolt'], { label: 'mine' })]]])
      expect(
        await wire.push([[1, [update('item', ['bolt'], { label: 'theirs' })]]], { device: uuid(2) }),
      ).toMatchObject([{ kind: 'refused', reason: 'not-allowed', rows: [] }])
    })

    it('P4 of another user of the device is not answered for, nor a refused one', async () => {
      const groups = [
        [1, [update('item', ['bolt'], { label: 'mine' })]],
        [2, [update('item', ['bolt'], { price: '-1' })]],
      ] as const
      expect(await wire.push(groups)).toMatchObject([
        { kind: 'applied' },
        { kind: 'refused', rows: [{ entity: 'item' }] },
      ])
      expect(await wire.push(groups, { session: { user: 'bob', claims: { region: 'N' } } })).toMatchObject([
        { kind: 'refused', reason: 'not-allowed', rows: [] },
        { kind: 'refused', reason: 'not-allowed', rows: [] },
      ])
    })

    it('P4 that was refused is answered again without the rows that went out of sight', async () => {
      const group = [1, [update('paper', ['mine'], { text: 'x', owner: 'bob' })]] as const
      expect(await wire.push([group])).toMatchObject([{ kind: 'refused', rows: [{ row: { text: 't' } }] }])
      expect(await wire.push([group], { session: { user: 'ann', claims: { region: 'S' } } })).toMatchObject([
        { kind: 'refused', reason: 'not-allowed', rows: [{ entity: 'paper', key: ['mine'], row: null }] },
      ])
    })

    it('P1 that was answered before answers were kept by user is answered as before', async () => {
      const group = [1, [create('customer', ['-1'], { name: 'Ann' })]] as const
      const first = await wire.push([group])
      await database.execute('alter table syncline.push_group drop column user_name')
      wire = await startPushing(database)
      expect(await wire.push([group])).toEqual(first)
    })

    it('P2 comes after those made before it', async () => {
      await wire.push([1, 2, 3].map((n) => [n, [update('item', ['bolt'], { label: `${n}` })]]))
      expect((await items())[0]).toMatchObject({ label: '3' })
    })

    it('P3 that is refused leaves nothing behind and stops no other', async () => {
      const outcomes = await wire.push([
        [1, [update('item', ['bolt'], { label: 'first' })]],
        [2, [update('item', ['nut'], { label: 'never' }), update('item', ['bolt'], { price: '-1' })]],
        [3, [update('item', ['bolt'], { price: '3' })]],
      ])
      expect(outcomes.map(({ kind }) => kind)).toEqual(['applied', 'refused', 'applied'])
      expect(await items()).toMatchObject([
        { label: 'first', price: '3.00' },
        { label: 'Nut', price: '0.25' },
      ])
    })
  })

  describe('P4 a refusal says why and tells of no other row', () => {
    beforeEach(() => database.query("insert into customer (name) values ('Confidential')"))

    it.each<[string, Edit, string, RegExp]>([
      [
        'the same unique value',
        create('customer', ['-1'], { name: 'Confidential' }),
        'constraint',
        /"customer_name_key"/,
      ],
      ['no such referenced row', create('line', ['77', 'bolt'], {}), 'constraint', /"line_customer_fkey"/],
      ['a check', update('item', ['bolt'], { price: '-1' }), 'constraint', /"item_price_check"/],
      ['a missing value', update('customer', ['1'], { name: null }), 'constraint', /"name" can't be empty/],
      [
        'text that is no number',
        update('item', ['bolt'], { price: 'cheap' }),
        'invalid-value',
        /not valid for the type/,
      ],
      ['a number too large', update('item', ['bolt'], { price: '1e20' }), 'invalid-value', /not valid/],
      ['a key that is no number', update('customer', ['one'], { name: 'x' }), 'invalid-value', /not valid/],
      ['a key of too few parts', remove('line', ['1']), 'invalid-value', /has 2 parts/],
      ['a zero character', update('item', ['bolt'], { label: 'a\0b' }), 'invalid-value', /can't be stored/],
      ['half a character', update('item', ['bolt'], { label: 'a\ud800' }), 'invalid-value', /can't be stored/],
      ['A08 a row that is gone', update('item', ['gone'], { label: 'x' }), 'row-deleted', /no longer on the server/],
      ['P4 an unknown entity', update('other', ['1'], { a: 'b' }), 'unknown-entity', /"other"/],
      ['P4 an unmapped attribute', update('customer', ['1'], { secret: 'x' }), 'not-allowed', /no attribute "secret"/],
      ['P4 a read-only attribute', update('item', ['bolt'], { doubled: '1' }), 'not-allowed', /only be read/],
      ['P4 a read-only entity', update('country', ['CH'], { name: 'x' }), 'not-allowed', /only be read/],
      [
        'P4 a new row of a read-only entity',
        create('country', ['FR'], { name: 'France' }),
        'not-allowed',
        /only be read/,
      ],
      ['P4 deleting from a read-only entity', remove('country', ['CH']), 'not-allowed', /only be read/],
    ])('%s', async (_, edit, reason, message) => {
      const before = await Promise.all([
        items(),
        database.query('select name, secret from customer'),
        database.query('select * from country'),
      ])
      const [outcome] = await wire.push([[9, [update('item', ['nut'], { label: 'never' }), edit]]])
      expect(outcome).toMatchObject({ kind: 'refused', reason, message: expect.stringMatching(message) })
      if (outcome?.kind === 'refused') expect(outcome.message).not.toContain('Confidential')
      expect(JSON.stringify(outcome)).not.toContain('hidden')
      expect(
        await Promise.all([
          items(),
          database.query('select name, secret from customer'),
          database.query('select * from country'),
        ]),
      ).toEqual(before)
    })

    it('P6 with the rows as they are now', async () => {
      const [outcome] = await wire.push([
        [
          1,
          [
            update('item', ['bolt'], { label: 'never' }),
            update('item', ['gone'], { label: 'x' }),
            create('customer', ['-5'], { name: 'New' }),
          ],
        ],
      ])
      expect(outcome).toMatchObject({
        kind: 'refused',
        rows: [
          { entity: 'item', key: ['bolt'], row: { code: 'bolt', label: 'Bolt', price: '1.50', doubled: '3.00' } },
          { entity: 'item', key: ['gone'], row: null },
          { entity: 'customer', key: ['-5'], row: null },
        ],
      })
    })

    it('P3 of a trigger that raises, too', async () => {
      await database.execute(`create function no() returns trigger language plpgsql as $$ begin raise exception 'Confidential'; end $$;
        create trigger no before update on item for each row execute function no()`)
      const [outcome] = await wire.push([[1, [update('item', ['bolt'], { label: 'x' })]]])
      expect(outcome).toMatchObject({
        kind: 'refused',
        reason: 'constraint',
        message: expect.stringContaining('trigger'),
      })
      expect(JSON.stringify(outcome)).not.toContain('Confidential')
    })
  })

  describe('K1 a temporary key', () => {
    it("becomes the server's in the group, in later groups and in composite keys", async () => {
      const outcomes = await wire.push([
        [
          1,
          [
            create('customer', ['-1'], { id: '-1', name: 'Boss' }),
            create('customer', ['-2'], { name: 'Aid', boss: '-1' }),
            create('line', ['-2', 'bolt'], { customer: '-2', item: 'bolt' }),
          ],
        ],
        [2, [update('line', ['-2', 'bolt'], { quantity: '7' }), update('customer', ['-1'], { boss: '-2' })]],
      ])
      expect(outcomes).toEqual([
        {
          kind: 'applied',
          id: uuid(1),
          keys: [
            { entity: 'customer', temporary: ['-1'], key: ['1'] },
            { entity: 'customer', temporary: ['-2'], key: ['2'] },
          ],
          overruled: [],
          conflicts: [],
        },
        { kind: 'applied', id: uuid(2), keys: [], overruled: [], conflicts: [] },
      ])
      expect(await database.query('select id, name, boss from customer order by id')).toEqual([
        { id: 1, name: 'Boss', boss: 2 },
        { id: 2, name: 'Aid', boss: 1 },
      ])
      expect(await database.query('select customer, item, quantity from line')).toEqual([
        { customer: 2, item: 'bolt', quantity: 7 },
      ])
    })

    it("is one device's own: another's -1 is another row", async () => {
      await wire.push([[1, [create('customer', ['-1'], { name: 'A' })]]])
      const [other] = await wire.push([[2, [create('customer', ['-1'], { name: 'B' })]]], { device: uuid(2) })
      expect(other).toMatchObject({ kind: 'applied', keys: [{ temporary: ['-1'], key: ['2'] }] })
      await wire.push([[3, [update('customer', ['-1'], { name: 'A2' })]]])
      expect(await database.query('select name from customer order by id')).toEqual([{ name: 'A2' }, { name: 'B' }])
    })

    it('of a refused row maps to nothing, and what depends on it is refused too', async () => {
      const outcomes = await wire.push([
        [1, [create('customer', ['-1'], { name: null })]],
        [2, [create('line', ['-1', 'bolt'], {})]],
        [3, [update('customer', ['-1'], { name: 'x' })]],
      ])
      expect(outcomes).toMatchObject([{ reason: 'constraint' }, { reason: 'constraint' }, { reason: 'row-deleted' }])
      expect(await database.query('select * from syncline.key_map')).toEqual([])
    })

    it('that comes again in another group stands for the newer row from then on', async () => {
      await wire.push([[1, [create('customer', ['-1'], { name: 'Once' })]]])
      const [again] = await wire.push([[2, [create('customer', ['-1'], { name: 'Twice' })]]])
      expect(again).toMatchObject({ kind: 'applied', keys: [{ temporary: ['-1'], key: ['2'] }] })
      await wire.push([[3, [update('customer', ['-1'], { name: 'Twice, renamed' })]]])
      expect(await database.query('select id, name from customer order by id')).toEqual([
        { id: 1, name: 'Once' },
        { id: 2, name: 'Twice, renamed' },
      ])
    })

    it("is no other attribute's concern: a negative number stays one", async () => {
      await wire.push([
        [1, [create('customer', ['-1'], { name: '-1' })]],
        [2, [update('item', ['bolt'], { label: '-1' })]],
      ])
      expect((await items())[0]).toMatchObject({ label: '-1' })
    })
  })

  it('P7 a group of too many edits is refused, and the others go on', async () => {
    const group = (id: number, edits: number) =>
      [id, Array.from({ length: edits }, () => update('item', ['bolt'], { label: 'x' }))] as const
    expect(await wire.push([group(1, 6), group(2, 1)], { maxGroupEdits: 5 })).toMatchObject([
      { kind: 'refused', reason: 'too-large' },
      { kind: 'applied' },
    ])
  })

  it('names itself as the origin of its changes, and only of its own', async () => {
    await wire.push([[1, [update('item', ['bolt'], { label: 'x' })]]])
    await database.query("update item set label = 'y' where code = 'nut'")
    expect(await database.query('select k1, origin from syncline.track_se_item order by k1')).toEqual([
      { k1: 'bolt', origin: DEVICE },
      { k1: 'nut', origin: null },
    ])
  })
}
