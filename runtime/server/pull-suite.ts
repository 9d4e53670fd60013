/** What a pull owes its device, on whatever database the server runs. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../contract'
import { PROTOCOL_VERSION, type PullRequest } from '../protocol/messages'
import { DEVICE, pullRequest, Replica, SHOP, SHOP_SQL, startServer, type Wire } from './testing-wire'

const ALL = ['le_country', 'le_customer', 'le_item', 'le_line']

export function describePull(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Wire
  beforeEach(async () => {
    database = await openDatabase()
    await database.execute(SHOP_SQL)
    wire = await startServer(database)
  })
  const ask = (schemaHash: string, pull: readonly PullRequest[]) =>
    wire.post({ protocol: PROTOCOL_VERSION, schemaHash, device: DEVICE, sentAt: 0, push: [], pull, resume: null })
  const expectWhole = async (replica: Replica) => {
    const items = await database.query(
      'select code, label, price::text, doubled::text from item order by code collate "C"',
    )
    expect(replica.list('le_item')).toEqual(items.map((row) => [row.code, row.label, row.price, row.doubled]))
    const lines = await database.query('select customer::text, item, quantity::text, note from line')
    expect(
      replica
        .list('le_line')
        .map((row) => JSON.stringify(row))
        .sort(),
    ).toEqual(lines.map((row) => JSON.stringify([row.customer, row.item, row.quantity, row.note])).sort())
  }

  it('L1 L5 brings the whole first and then only what changed, deletes and changed keys too', async () => {
    const first = await wire.pull(ALL)
    expect(first.entities).toMatchObject([
      {
        entity: 'le_country',
        full: true,
        rows: [
          ['CH', 'Switzerland'],
          ['UK', 'United Kingdom'],
        ],
        deleted: [],
      },
      { entity: 'le_customer', full: true, rows: [] },
      {
        entity: 'le_item',
        full: true,
        rows: [
          ['bolt', 'Bolt', '1.50', '3.00'],
          ['nut', 'Nut', '0.25', '0.50'],
        ],
      },
      { entity: 'le_line', full: true, rows: [] },
    ])
    expect((await wire.pull(ALL, first.cursors)).entities).toEqual([])
    await database.query("update item set code = 'screw' where code = 'bolt'")
    await database.query("delete from country where code = 'UK'")
    const second = await wire.pull(ALL, first.cursors)
    expect(second.entities).toEqual([
      { entity: 'le_country', full: false, rows: [], deleted: [['UK']] },
      { entity: 'le_item', full: false, rows: [['screw', 'Bolt', '1.50', '3.00']], deleted: [['bolt']] },
    ])
    expect((await wire.pull(ALL, first.cursors)).entities).toEqual(second.entities)
    expect((await wire.pull(ALL, second.cursors)).entities).toEqual([])
  })

  it('L12 brings a TRUNCATE as deletes', async () => {
    const { cursors } = await wire.pull(['le_country'])
    await database.query('truncate country')
    expect((await wire.pull(['le_country'], cursors)).entities).toEqual([
      { entity: 'le_country', full: false, rows: [], deleted: [['CH'], ['UK']] },
    ])
  })

  it('L8 gives the asked attributes only, in their order', async () => {
    const response = await ask('shop-1', [{ ...pullRequest(SHOP, 'le_item'), attributes: ['label', 'code'] }])
    expect(await response.json()).toMatchObject({
      page: { entities: [{ rows: 'Bolt\tbolt\nNut\tnut\n', rowCount: 2 }] },
    })
  })

  it.each([
    ['an unmapped attribute', [{ ...pullRequest(SHOP, 'le_customer'), attributes: ['id', 'secret'] }]],
    ['an unknown entity', [pullRequest(SHOP, 'le_none')]],
    ['a pull without the key', [{ ...pullRequest(SHOP, 'le_item'), attributes: ['label'] }]],
    ['chosen keys of what is not on demand', [{ ...pullRequest(SHOP, 'le_item'), chosen: [['bolt']] }]],
    ['an entity twice', [pullRequest(SHOP, 'le_item'), pullRequest(SHOP, 'le_item')]],
  ])('L8 S2 refuses %s; a device of another bundle is told to update', async (_, pull) => {
    const own = await ask('shop-1', pull)
    expect([own.status, await own.json()]).toMatchObject([400, { error: { kind: 'invalid-message' } }])
    const older = await ask('shop-0', pull)
    expect([older.status, await older.json()]).toMatchObject([
      409,
      { error: { kind: 'incompatible', message: expect.stringContaining('Update the app') } },
    ])
  })

  describe('L6 a cursor that means nothing here gets the whole', () => {
    it.each([
      ['nonsense', () => 'nonsense'],
      ['nothing', () => ''],
      ['only a snapshot', (cursor: string) => cursor.split(':').slice(3).join(':')],
      ['of another server', (cursor: string) => `9${cursor}`],
      ['of another scope', (cursor: string) => cursor.replace(/:[^:]+/, ':0123456789abcdef')],
      ['of no scope', (cursor: string) => cursor.replace(/:[^:]+/, ':')],
      ['of a later time', (cursor: string) => `${cursor.split(':').slice(0, 3).join(':')}:900000:900000:`],
      ['with an impossible snapshot', (cursor: string) => `${cursor.split(':').slice(0, 3).join(':')}:9:5:`],
      ['with more behind it', (cursor: string) => `${cursor}'; drop table item; --`],
    ])('%s', async (_, change) => {
      const { cursors } = await wire.pull(['le_item'])
      expect((await wire.pull(['le_item'], { le_item: change(cursors?.le_item ?? '') })).entities).toMatchObject([
        {
          full: true,
          rows: [
            ['bolt', 'Bolt', '1.50', '3.00'],
            ['nut', 'Nut', '0.25', '0.50'],
          ],
        },
      ])
    })

    it('of an installation before', async () => {
      const { cursors } = await wire.pull(['le_item'])
      await wire.server.uninstall()
      await database.query("delete from item where code = 'nut'")
      await wire.server.install()
      expect((await wire.pull(['le_item'], cursors)).entities).toMatchObject([
        { full: true, rows: [['bolt', 'Bolt', '1.50', '3.00']] },
      ])
    })

    it('of before a trigger was taken away', async () => {
      const { cursors } = await wire.pull(['le_item'])
      await database.execute(
        "drop trigger syncline_update on item; update item set label = 'missed' where code = 'nut'",
      )
      await wire.server.install()
      expect((await wire.pull(['le_item'], cursors)).entities).toMatchObject([
        {
          full: true,
          rows: [
            ['bolt', 'Bolt', '1.50', '3.00'],
            ['nut', 'missed', '0.25', '0.50'],
          ],
        },
      ])
    })
  })

  describe('in pages', () => {
    beforeEach(async () => {
      wire = await startServer(database, { pageRows: 3 })
      await database.execute(`
        insert into customer (name) select 'c' || n from generate_series(1, 5) n;
        insert into item select 'i' || n, case when n % 2 = 0 then 'even' end, n from generate_series(1, 8) n;
        insert into line select c, 'i' || i from generate_series(1, 4) c, generate_series(1, 3) i;`)
    })

    it('L2 L10 equals the tables, whatever changes between the pages', async () => {
      const replica = new Replica(wire, ALL)
      const pages = await replica.pull(async (page) => {
        if (page > 6) return
        await database.execute(`update item set label = 'at ${page}' where code = 'i${page}'; delete from line where customer = ${page};
          insert into item values ('a${page}', 'new', ${page}); update item set code = 'z${page}' where code = 'i${page + 3}' and not exists (select from line where item = code);`)
      })
      expect(pages).toBeGreaterThan(6)
      await expectWhole(replica)
    })

    it('L10 a delta longer than a page equals the tables, too', async () => {
      const replica = new Replica(wire, ALL)
      await replica.pull()
      await database.execute(
        "update item set label = 'all'; delete from line where customer = 2; update customer set name = name || '!'",
      )
      await replica.pull(async (page) => {
        if (page < 4)
          await database.execute(
            `update item set label = 'later ${page}' where code = 'bolt'; delete from line where customer = ${page + 2}`,
          )
      })
      await expectWhole(replica)
    })

    it('ends though every page is followed by more changes than a page holds', async () => {
      const replica = new Replica(wire, ALL)
      let rounds = 0
      await replica.pull(async () => {
        rounds += 1
        await database.execute("update item set label = coalesce(label, '') || '.'")
      })
      expect(rounds).toBeLessThan(20)
      await expectWhole(replica)
    })

    it('L3 answers the same page again when it is asked again', async () => {
      const { next } = await wire.pull(ALL)
      const second = await wire.pull(ALL, null, next)
      expect(await wire.pull(ALL, null, next)).toEqual(second)
    })

    it('refuses to go on from a place that it did not give out, or that is of another pull', async () => {
      const { next } = await wire.pull(ALL)
      for (const [entities, resume] of [
        [ALL, 'nonsense'],
        [ALL, btoa('{}')],
        [['le_item'], next],
      ] as const) {
        await expect(wire.pull(entities, null, resume)).rejects.toThrow(/400.*pull from the beginning/)
      }
    })
  })

  it('L10 any changes give by deltas what they give as a whole', async () => {
    wire = await startServer(database, { pageRows: 4 })
    await database.execute("insert into customer (name) select 'c' || n from generate_series(1, 3) n")
    const code = fc.constantFrom('a', 'B', 'é', 'bolt', 'nut', "it's", '')
    const change = fc.oneof(
      fc.record({
        sql: fc.constant(
          'insert into item (code, label) values ($1, $2) on conflict (code) do update set label = excluded.label',
        ),
        params: fc.tuple(code, fc.string()),
      }),
      fc.record({
        sql: fc.constant('delete from item where code = $1 and not exists (select from line where item = code)'),
        params: fc.tuple(code),
      }),
      fc.record({
        sql: fc.constant(
          'update item set code = $2 where code = $1 and not exists (select from line where item = $1) and not exists (select from item where code = $2)',
        ),
        params: fc.tuple(code, code),
      }),
      fc.record({
        sql: fc.constant(
          'insert into line (customer, item) select $1::int, code from item where code >= $2 on conflict do nothing',
        ),
        params: fc.tuple(fc.integer({ min: 1, max: 3 }), code),
      }),
      fc.record({ sql: fc.constant('delete from line where item >= $1'), params: fc.tuple(code) }),
    )
    const replica = new Replica(wire, ALL)
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
        for (const { sql, params } of changes)
          await database.query(
            sql,
            params.map((param) => String(param).replaceAll('\0', '')),
          )
        await replica.pull()
        const whole = new Replica(wire, ALL)
        await whole.pull()
        for (const entity of ALL) expect(replica.list(entity)).toEqual(whole.list(entity))
        await expectWhole(replica)
      }),
      { numRuns: 40 },
    )
  })
}
