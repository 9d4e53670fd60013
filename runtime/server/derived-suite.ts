/** Values that are read along references or worked out, on whatever database the server runs. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../contract'
import type { AttributeContract, Bundle, DerivedSource, EntityContract, JoinStep, ScopeRule } from '../contract/bundle'
import { entity, Replica, SHOP, startServer, type Wire } from './testing-wire'

export const DERIVED_SQL = `
create table region (id integer primary key, name text, boss integer);
create table customer (code text primary key, name text, region integer references region on delete set null);
create table mood (name text, word text);
create unique index on mood (name);
create table job (
  id integer primary key, customer text references customer on update cascade on delete set null,
  parent integer references job on delete set null, feeling text, title text, price numeric(10,2), pieces integer
);
insert into region values (1, 'north', 7), (2, 'south', 8);
insert into customer values ('a', 'Ann', 1), ('b', 'Bob', 2), ('n', 'Nobody', null);
insert into mood values ('good', 'great'), ('bad', 'poor');
insert into job values
  (1, 'a', null, 'good', 'one', 1.50, 2), (2, 'b', 1, 'bad', 'two', 2, 3), (3, 'n', 1, null, 'three', null, 1), (4, null, null, null, 'four', 0, 0);
`

const CUSTOMER: JoinStep = {
  table: { id: 'se_customer', schema: 'public', table: 'customer', key: ['code'] },
  columns: ['customer'],
  referencedColumns: ['code'],
}
const REGION: JoinStep = {
  table: { id: 'se_region', schema: 'public', table: 'region', key: ['id'] },
  columns: ['region'],
  referencedColumns: ['id'],
}
const PARENT: JoinStep = {
  table: { id: 'se_job', schema: 'public', table: 'job', key: ['id'] },
  columns: ['parent'],
  referencedColumns: ['id'],
}
const MOOD: JoinStep = {
  table: { id: 'se_mood', schema: 'public', table: 'mood', key: [] },
  columns: ['feeling'],
  referencedColumns: ['name'],
}

const joined = (column: string, ...path: JoinStep[]): DerivedSource => ({ kind: 'joined', path, column })

function derived(id: string, from: DerivedSource): AttributeContract {
  const column = from.kind === 'joined' ? from.column : id
  const never = { nullable: true, default: null, readOnly: true, sensitive: false }
  return { id, name: id, column, type: 'text', ...never, derived: from }
}

const NAME = derived('customer_name', joined('name', CUSTOMER))
const REGION_NAME = derived('region_name', joined('name', CUSTOMER, REGION))
const TOTAL = derived('total', {
  kind: 'computed',
  sql: 'b."price" * b."pieces" -- a comment',
  columns: ['price', 'pieces'],
})
const OF_PARENT = derived('parent_title', joined('title', PARENT))
const WORD = derived('word', joined('word', MOOD))

function jobs(id: string, more: readonly AttributeContract[], rest: Partial<EntityContract> = {}): EntityContract {
  const plain = entity(id, 'job', ['id'], ['id', 'title', 'customer'], rest)
  return {
    ...plain,
    server: { id: 'se_job', schema: 'public', table: 'job' },
    attributes: [...plain.attributes, ...more],
  }
}

const TITLED_ONE: ScopeRule = {
  where: "b.title <> 'two'",
  columns: ['title'],
  claims: [],
  tables: [],
  readsTime: false,
}

export const DERIVED_BUNDLE: Bundle = {
  ...SHOP,
  entities: [
    jobs('le_job', [NAME, REGION_NAME, TOTAL]),
    jobs('le_scoped', [REGION_NAME], { scope: { read: TITLED_ONE, write: null } }),
    jobs('le_tree', [OF_PARENT]),
    jobs('le_mood', [WORD]),
    jobs('le_chosen', [NAME], { pattern: { kind: 'on-demand', chosenBy: ['customer'] } }),
    jobs('le_careful', [NAME], {
      pattern: {
        kind: 'conflict-detection',
        granularity: 'row',
        handler: 'none',
        handledOn: 'server',
        blocksSync: false,
      },
    }),
  ],
}

const ALL = DERIVED_BUNDLE.entities.map(({ id }) => id)

export function describeDerived(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Wire
  beforeEach(async () => {
    database = await openDatabase()
    await database.execute(DERIVED_SQL)
    wire = await startServer(database, { bundle: DERIVED_BUNDLE })
  })
  const replica = (...entities: string[]) => new Replica(wire, entities, DERIVED_BUNDLE)
  const pulled = async (...entities: string[]) => {
    const device = replica(...entities)
    await device.pull()
    return device
  }
  /** What a further pull brings, by the rows' keys. */
  const brings = async (device: Replica, id: string) => {
    const page = await device.wire.pull([id], device.cursors)
    expect(page.entities.map(({ full }) => full)).not.toContain(true)
    const keys = page.entities.flatMap(({ rows }) => rows.map(([key]) => key))
    await device.pull()
    return keys
  }
  const expectWhole = async (device: Replica, ...entities: string[]) => {
    const whole = replica(...entities)
    whole.chosen = device.chosen
    await whole.pull()
    for (const id of entities) expect([id, device.list(id)]).toEqual([id, whole.list(id)])
  }

  it('L10 come with a full pull, null where the path leads to nothing', async () => {
    const device = await pulled('le_job')
    expect(device.list('le_job')).toEqual([
      ['1', 'one', 'a', 'Ann', 'north', '3.00'],
      ['2', 'two', 'b', 'Bob', 'south', '6.00'],
      ['3', 'three', 'n', 'Nobody', null, null],
      ['4', 'four', null, null, null, '0.00'],
    ])
  })

  it('L1 L10 a changed row that they are read from brings the rows that lead to it, and no others', async () => {
    const device = await pulled('le_job')
    await database.execute("update customer set name = 'Anna' where code = 'a'")
    expect(await brings(device, 'le_job')).toEqual(['1'])
    expect(device.list('le_job')[0]).toEqual(['1', 'one', 'a', 'Anna', 'north', '3.00'])
  })

  it('L1 L10 so does one at the end of two steps', async () => {
    const device = await pulled('le_job')
    await database.execute("update region set name = 'South' where id = 2")
    expect(await brings(device, 'le_job')).toEqual(['2'])
    expect(device.list('le_job')[1]?.[4]).toBe('South')
  })

  it('L1 L10 a changed reference, of the row itself or on the way, leads elsewhere', async () => {
    const device = await pulled('le_job')
    await database.execute("update customer set region = 2 where code = 'a'")
    expect(await brings(device, 'le_job')).toEqual(['1'])
    expect(device.list('le_job')[0]?.[4]).toBe('south')
    await database.execute("update job set customer = 'a' where id = 4")
    expect(await brings(device, 'le_job')).toEqual(['4'])
    expect(device.list('le_job')[3]).toEqual(['4', 'four', 'a', 'Ann', 'south', '0.00'])
  })

  it('L5 a deleted row that references let go of leaves null', async () => {
    const device = await pulled('le_job')
    await database.execute('delete from region where id = 1')
    expect(await brings(device, 'le_job')).toEqual(['1'])
    await database.execute("delete from customer where code = 'b'")
    expect(await brings(device, 'le_job')).toEqual(['2'])
    expect(device.list('le_job').slice(0, 2)).toEqual([
      ['1', 'one', 'a', 'Ann', null, '3.00'],
      ['2', 'two', null, null, null, '6.00'],
    ])
  })

  it('L5 also one whose reference nothing enforces, gone and come again', async () => {
    await database.execute('alter table job drop constraint job_customer_fkey')
    const device = await pulled('le_job')
    await database.execute("delete from customer where code = 'b'")
    expect(await brings(device, 'le_job')).toEqual(['2'])
    expect(device.list('le_job')[1]).toEqual(['2', 'two', 'b', null, null, '6.00'])
    await database.execute("insert into customer values ('b', 'Bert', 1)")
    expect(await brings(device, 'le_job')).toEqual(['2'])
    expect(device.list('le_job')[1]).toEqual(['2', 'two', 'b', 'Bert', 'north', '6.00'])
  })

  it('L10 a changed key on the way is followed', async () => {
    const device = await pulled('le_job')
    await database.execute("update customer set code = 'z', name = 'Zoe' where code = 'a'")
    expect(await brings(device, 'le_job')).toEqual(['1'])
    expect(device.list('le_job')[0]).toEqual(['1', 'one', 'z', 'Zoe', 'north', '3.00'])
  })

  it('L10 a table that refers to itself brings the rows below', async () => {
    const device = await pulled('le_tree')
    await database.execute("update job set title = 'first' where id = 1")
    expect(await brings(device, 'le_tree')).toEqual(['1', '2', '3'])
    expect(device.list('le_tree').map((row) => row[3])).toEqual([null, 'first', 'first', null])
    await database.execute('delete from job where id = 1')
    await device.pull()
    await expectWhole(device, 'le_tree')
  })

  it('L10 a table without a key makes the pull a full one when it changed, and only then', async () => {
    const device = await pulled('le_mood')
    expect(device.list('le_mood').map((row) => row[3])).toEqual(['great', 'poor', null, null])
    await database.execute("update job set title = 'uno' where id = 1")
    expect(await brings(device, 'le_mood')).toEqual(['1'])
    await database.execute("update mood set word = 'splendid' where name = 'good'")
    const page = await device.wire.pull(['le_mood'], device.cursors)
    expect(page.entities).toMatchObject([{ full: true }])
    await device.pull()
    expect(device.list('le_mood')[0]?.[3]).toBe('splendid')
  })

  it('L5 P4 of rows out of scope nothing is told, whatever they lead to', async () => {
    const device = await pulled('le_scoped')
    await database.execute("update region set name = 'deep south' where id = 2")
    expect(await brings(device, 'le_scoped')).toEqual([])
    await database.execute("update region set name = 'far north' where id = 1")
    expect(await brings(device, 'le_scoped')).toEqual(['1'])
  })

  it('L10 of rows on demand only the chosen ones come', async () => {
    const device = replica('le_chosen')
    device.chosen = { le_chosen: [['a']] }
    await device.pull()
    await database.execute("update customer set name = name || '!'")
    await device.pull()
    expect(device.list('le_chosen')).toEqual([['1', 'one', 'a', 'Ann!']])
  })

  it('L7 come to the device that pushed, with its own row', async () => {
    const device = await pulled('le_job')
    const [outcome] = await wire.push([
      [1, [{ op: 'create', entity: 'le_job', key: ['9'], set: { id: '9', title: 'new', customer: 'b' } }]],
      [2, [{ op: 'update', entity: 'le_job', key: ['1'], was: { customer: 'a' }, set: { customer: 'n' } }]],
    ])
    expect(outcome?.kind).toBe('applied')
    expect((await brings(device, 'le_job')).sort()).toEqual(['1', '9'])
    expect(device.list('le_job')[0]).toEqual(['1', 'one', 'n', 'Nobody', null, '3.00'])
    expect(device.list('le_job')[4]).toEqual(['9', 'new', 'b', 'Bob', 'south', null])
  })

  it('P4 P6 are never written, and no answer to an edit has them', async () => {
    const [written, refused] = await wire.push([
      [
        1,
        [
          {
            op: 'update',
            entity: 'le_job',
            key: ['1'],
            was: { customer_name: 'Ann' },
            set: { customer_name: 'Anna' },
          },
        ],
      ],
      [2, [{ op: 'create', entity: 'le_job', key: ['8'], set: { id: '8', total: '1' } }]],
    ])
    for (const outcome of [written, refused]) expect(outcome).toMatchObject({ kind: 'refused', reason: 'not-allowed' })
    expect(written).toMatchObject({ rows: [{ row: { id: '1', title: 'one', customer: 'a' } }] })
    expect(JSON.stringify([written, refused])).not.toContain('north')
    expect(await database.query("select name from customer where code = 'a'")).toEqual([{ name: 'Ann' }])
  })

  it('F8 a changed joined value is no conflict', async () => {
    const device = await pulled('le_careful')
    const base = device.cursors?.le_careful ?? null
    await database.execute("update customer set name = 'Anna' where code = 'a'")
    const [outcome] = await wire.push([
      [1, [{ op: 'update', entity: 'le_careful', key: ['1'], was: { title: 'one' }, set: { title: 'mine' }, base }]],
    ])
    expect(outcome).toMatchObject({ kind: 'applied', conflicts: [] })
  })

  it('F9 are part of the digest', async () => {
    const first = await wire.pull(['le_job'], null, null, { verify: true })
    await database.execute("update region set name = 'elsewhere' where id = 1")
    const second = await wire.pull(['le_job'], first.cursors, null, { verify: true })
    expect(second.digests.le_job?.rows).toBe(4)
    expect(second.digests.le_job?.sum).not.toBe(first.digests.le_job?.sum)
  })

  it('L6 where they come from elsewhere than before, everything comes anew', async () => {
    const device = await pulled('le_job')
    const other = { ...NAME, derived: joined('code', CUSTOMER) }
    const bundle = { ...DERIVED_BUNDLE, entities: [jobs('le_job', [other, REGION_NAME, TOTAL])] }
    wire = await startServer(database, { bundle })
    const page = await wire.pull(['le_job'], device.cursors)
    expect(page.entities[0]?.full).toBe(true)
    expect(page.entities[0]?.rows[0]?.[3]).toBe('a')
  })

  it('L12 TRUNCATE of a joined table and a trigger that was off are noticed', async () => {
    await database.execute('alter table job drop constraint job_customer_fkey')
    const device = await pulled('le_job')
    await database.execute('truncate customer')
    await device.pull()
    expect(device.list('le_job').map((row) => row[3])).toEqual([null, null, null, null])
    await database.execute("alter table customer disable trigger user; insert into customer values ('a', 'Unseen', 1)")
    await database.execute('alter table customer enable trigger user')
    await device.pull()
    await expectWhole(device, 'le_job')
    expect(device.list('le_job')[0]?.[3]).toBe('Unseen')
  })

  describe('with any changes', () => {
    it('L10 give by deltas what they give as a whole, while pages are read too', async () => {
      wire = await startServer(database, { bundle: DERIVED_BUNDLE, pageRows: 2 })
      const device = replica(...ALL)
      device.chosen = { le_chosen: [['a'], ['b']] }
      let seed = 11
      const pick = <T>(of: readonly T[]): T => {
        seed = (seed * 1103515245 + 12345) % 2147483648
        return of[Math.floor((seed / 2147483648) * of.length)] as T
      }
      const id = () => pick([1, 2, 3, 4, 5, 6])
      const code = () => pick(["'a'", "'b'", "'n'"])
      const any = (n: number) =>
        pick([
          `insert into job select ${id()}, (select code from customer where code = ${code()}), null, 'good', 'new ${n}', ${id()}, 2 on conflict do nothing`,
          `update job set customer = (select code from customer where code = ${code()}) where id = ${id()}`,
          `update job set parent = (select id from job where id = ${id()}), title = '${n}' where id = ${id()}`,
          `update job set price = ${n}, feeling = ${pick(["'bad'", 'null'])} where id = ${id()}`,
          `delete from job where id = ${id()}`,
          `update customer set name = 'c${n}' where code = ${code()}`,
          `update customer set region = (select id from region where id = ${pick([1, 2])}) where code = ${code()}`,
          `delete from customer where code = ${code()}`,
          `insert into customer values (${code()}, 'again ${n}', null) on conflict do nothing`,
          `update region set name = 'r${n}' where id = ${pick([1, 2])}`,
          `delete from region where id = ${pick([1, 2])}`,
          `insert into region values (${pick([1, 2])}, 'back ${n}') on conflict do nothing`,
          `update mood set word = 'w${n}'`,
        ])
      for (let round = 0; round < 25; round += 1) {
        for (let n = 0; n < pick([1, 2, 4]); n += 1) await database.execute(any(round * 10 + n))
        await device.pull(async (page) => {
          if (page < 3) await database.execute(any(1000 + round * 10 + page))
        })
        // What came between the pages is part of the pull, or of the next.
        await device.pull()
        await expectWhole(device, ...ALL)
      }
    })
  })

  it('what can not be worked out is told when it is installed', async () => {
    const wrong = (from: DerivedSource) => ({ ...DERIVED_BUNDLE, entities: [jobs('le_job', [derived('bad', from)])] })
    const install = (from: DerivedSource) => startServer(database, { bundle: wrong(from) })
    await expect(install(joined('gone', CUSTOMER))).rejects.toThrow(/can't work out "bad" of job: .*gone/)
    const sql = 'b.title * 2'
    await expect(install({ kind: 'computed', sql, columns: ['title'] })).rejects.toThrow(
      /"bad" of job: operator does not/,
    )
    await expect(install({ kind: 'computed', sql: 'b.title as z', columns: ['title'] })).rejects.toThrow(
      /"bad" of job: syntax error/,
    )
  })

  it('L10 uninstalling leaves nothing behind', async () => {
    await wire.server.uninstall()
    const triggers = await database.query("select tgname from pg_trigger where tgname like 'syncline%'")
    expect(triggers).toEqual([])
  })
}
