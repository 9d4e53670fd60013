/** What is forgotten, what was missed, and what a device gets then, on whatever database the server runs. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../contract'
import { createServer } from './create-server'
import { type Replica, SHOP, SHOP_SQL, sessionOfHeader, startServer, type Wire } from './testing-wire'

export function describeHorizon(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Wire
  beforeEach(async () => {
    database = await openDatabase()
    await database.execute(SHOP_SQL)
    wire = await startServer(database)
  })
  const forgetful = () => createServer(SHOP, { database, authenticate: sessionOfHeader, retentionDays: 0 })
  const pulled = async (cursors: Replica['cursors'], entities = ['le_item']) =>
    (await wire.pull(entities, cursors)).entities

  describe('a purge', () => {
    it('A11 forgets what is older than the retention; a device from before that gets everything', async () => {
      const { cursors } = await wire.pull(['le_item'])
      await database.query("delete from item where code = 'nut'")
      expect(await (await forgetful()).purge()).toBeGreaterThan(0)
      expect(await database.query('select * from syncline.track_se_item')).toEqual([])
      expect(await pulled(cursors)).toEqual([
        { entity: 'le_item', full: true, rows: [['bolt', 'Bolt', '1.50', '3.00']], deleted: [] },
      ])
      const { cursors: later } = await wire.pull(['le_item'])
      expect(await pulled(later)).toEqual([])
      await database.query("update item set label = 'x' where code = 'bolt'")
      expect(await pulled(later)).toMatchObject([{ full: false, rows: [['bolt', 'x', '1.50', '3.00']] }])
    })

    it('A11 keeps what is younger than the retention, and who was away for less gets a delta', async () => {
      const { cursors } = await wire.pull(['le_item'])
      await database.query("delete from item where code = 'nut'")
      expect(await wire.server.purge()).toBe(0)
      expect(await wire.server.purge()).toBe(0)
      expect(await pulled(cursors)).toMatchObject([{ full: false, deleted: [['nut']] }])
    })

    it('A11 keeps of a row that changes all the time one entry a purge, and misses no change by it', async () => {
      const { cursors } = await wire.pull(['le_item'])
      for (let round = 0; round < 4; round += 1) {
        for (let n = 0; n < 5; n += 1) await database.query("update item set price = price + 1 where code = 'bolt'")
        await wire.server.purge()
      }
      const [log] = await database.query('select count(*)::int as entries from syncline.track_se_item')
      expect(Number(log?.entries)).toBeLessThanOrEqual(10)
      expect(await pulled(cursors)).toMatchObject([{ full: false, rows: [['bolt', 'Bolt', '21.50', '43.00']] }])
    })

    it('P1 K1 keeps the answers to what a device sent last, which it may never have heard, and forgets those before', async () => {
      const create = (key: string) => ({ op: 'create' as const, entity: 'le_item', key: [key], set: { label: key } })
      await wire.push([[1, [create('a')]]])
      await database.query("update syncline.push_group set at = at - interval '2 hours'")
      await wire.push([[2, [create('b')]]])
      await (await forgetful()).purge()
      expect(await database.query('select count(*)::int as groups from syncline.push_group')).toEqual([{ groups: 1 }])
      expect(await wire.push([[2, [create('b')]]])).toMatchObject([{ kind: 'applied' }])
    })

    it('P1 refuses a retention that is none', async () => {
      const broken = await createServer(SHOP, { database, authenticate: sessionOfHeader, retentionDays: Number.NaN })
      await expect(broken.purge()).rejects.toThrow(/retentionDays/)
    })
  })

  describe('L12 triggers that were away', () => {
    it.each([
      ['switched off', 'alter table item disable trigger syncline_update'],
      ['all switched off', 'alter table item disable trigger user'],
      ['dropped', 'drop trigger syncline_update on item'],
    ])('%s: health names the table, every pull is a full one', async (_, change) => {
      const { cursors } = await wire.pull(['le_item', 'le_country'])
      await database.execute(change)
      await database.query("update item set label = 'missed' where code = 'nut'")
      const health = await wire.server.fetch(new Request('http://server.test/health'))
      expect([health.status, await health.json()]).toMatchObject([200, { status: 'degraded', untracked: ['item'] }])
      const first = await wire.pull(['le_item', 'le_country'], cursors)
      expect(first.entities).toMatchObject([
        {
          entity: 'le_item',
          full: true,
          rows: [['bolt'], ['nut', 'missed']].map((row) => expect.arrayContaining(row)),
        },
      ])
      await database.query("update item set label = 'missed again' where code = 'nut'")
      expect(await pulled(first.cursors)).toMatchObject([{ full: true }])
    })

    it('switched off and on again between two pulls: the next pull is a full one, the one after it is not', async () => {
      const { cursors } = await wire.pull(['le_item'])
      await database.execute(`alter table item disable trigger user; update item set label = 'missed' where code = 'nut';
        alter table item enable trigger user;`)
      const repaired = await wire.pull(['le_item'], cursors)
      expect(repaired.entities).toMatchObject([{ full: true }])
      expect(await pulled(repaired.cursors)).toEqual([])
      const health = await wire.server.fetch(new Request('http://server.test/health'))
      expect(await health.json()).toMatchObject({ status: 'ok' })
    })

    it('writes with session_replication_role = replica are tracked', async () => {
      const { cursors } = await wire.pull(['le_item'])
      await database.transaction((tx) =>
        tx.execute("set local session_replication_role = replica; update item set label = 'loaded' where code = 'nut'"),
      )
      expect(await pulled(cursors)).toMatchObject([{ full: false, rows: [['nut', 'loaded', '0.25', '0.50']] }])
    })

    it('a table that was made anew: a full pull, and tracked from the next install on', async () => {
      const { cursors } = await wire.pull(['le_country'])
      await database.execute(
        "drop table country; create table country (code text primary key, name text); insert into country values ('FR', 'France')",
      )
      const first = await wire.pull(['le_country'], cursors)
      expect(first.entities).toMatchObject([{ full: true, rows: [['FR', 'France']] }])
      await wire.server.install()
      const second = await wire.pull(['le_country'], first.cursors)
      expect(second.entities).toMatchObject([{ full: true }])
      await database.query("insert into country values ('IT', 'Italy')")
      expect(await pulled(second.cursors, ['le_country'])).toMatchObject([{ full: false, rows: [['IT', 'Italy']] }])
    })
  })

  it('L6 the tracking of one table that begins anew leaves the others alone', async () => {
    const { cursors } = await wire.pull(['le_item', 'le_country'])
    await database.execute(
      "alter table country alter code type varchar(10); update country set name = 'Suisse' where code = 'CH'",
    )
    await wire.server.install()
    expect(await pulled(cursors, ['le_item', 'le_country'])).toMatchObject([{ entity: 'le_country', full: true }])
  })

  it('L6 a restored database has another installation by one statement, and everybody pulls everything', async () => {
    const { cursors } = await wire.pull(['le_item'])
    await database.execute('update syncline.meta set install = gen_random_uuid()')
    expect(await pulled(cursors)).toMatchObject([{ full: true }])
  })

  it('L6 what a cursor shows beyond the next start of the database is lost, whatever came since; what lies before it is kept', async () => {
    const { cursors } = await wire.pull(['le_item'])
    // Another start, as the table of starts sees it.
    await database.execute(
      "checkpoint; update syncline.incarnation set started = started - interval '1 day'; checkpoint",
    )
    const [next] = await database.query('select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as xid')
    const xid = BigInt(String(next?.xid)) + 1n
    const lost = { le_item: (cursors?.le_item ?? '').replace(/\d+:\d+:[\d,]*$/, `${xid}:${xid}:`) }
    expect(await pulled(cursors)).toEqual([])
    expect(await pulled(lost)).toMatchObject([{ full: true }])
    for (let n = 0; n < 5; n += 1) await database.query("update item set label = label || '!' where code = 'nut'")
    expect(await pulled(lost)).toMatchObject([{ full: true }])
    expect(await pulled(cursors)).toMatchObject([{ full: false, rows: [['nut', 'Nut!!!!!', '0.25', '0.50']] }])
    const starts = () => database.query('select count(*)::int as starts from syncline.incarnation')
    expect(await starts()).toEqual([{ starts: 2 }])
    // A start that is not in the table is of a history that was undone.
    await database.execute('delete from syncline.incarnation where n = 1')
    expect(await pulled(cursors)).toMatchObject([{ full: true }])
  })

  it('L6 a server that has another name since its last start is another server', async () => {
    const { cursors } = await wire.pull(['le_item'])
    await database.execute(
      `create or replace function syncline.server_name() returns text language sql stable as $$ select 'another.00000002' $$;
       checkpoint; update syncline.incarnation set started = started - interval '1 day'; checkpoint`,
    )
    const again = await wire.pull(['le_item'], cursors)
    expect(again.entities).toMatchObject([{ full: true }])
    expect(await pulled(again.cursors)).toEqual([])
  })

  it('a cursor stays the same text while nothing changes, so that a device need not write it', async () => {
    const { cursors } = await wire.pull(['le_item'])
    expect((await wire.pull(['le_item'], cursors)).cursors).toEqual(cursors)
  })
}
