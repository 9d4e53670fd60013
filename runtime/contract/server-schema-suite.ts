/** What installing and removing change tracking must do, on any PostgreSQL. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { entity, SHOP, SHOP_SQL } from '../server/testing-wire'
import type { Database } from './api'
import type { Bundle, ScopeTable } from './bundle'
import { serverInstallSql, serverUninstallSql } from './server-schema-sql'

export function describeServerSchema(openDatabase: () => Promise<Database>): void {
  let database: Database
  beforeEach(async () => {
    database = await openDatabase()
  })
  const scoped = (columns: readonly string[], tables: readonly ScopeTable[] = []): Bundle => {
    const read = { where: 'true', columns, claims: [], tables, readsTime: false }
    return { ...SHOP, entities: [entity('le_t', 't', ['id'], ['id'], { scope: { read, write: null } })] }
  }
  const timed = (granularity: 'row' | 'attribute'): Bundle => {
    const pattern = { kind: 'last-write-wins', decidedBy: 'edit-time', granularity } as const
    return { ...SHOP, entities: [entity('le_t', 't', ['id'], ['id', 'a', 'b'], { pattern })] }
  }
  const run = (script: string) => database.transaction((tx) => tx.execute(script))
  const bundleOf = (table: string, key: readonly string[], schema = 'public'): Bundle => {
    const made = entity('le_t', table, key, key)
    return { ...SHOP, entities: [{ ...made, server: { ...made.server, schema } }] }
  }
  /** The keys that are in the log, each once. */
  const tracked = async (id = 'se_t') =>
    (
      await database.query(
        `select distinct to_jsonb(t) - 'xid' - 'origin' as row from syncline."track_${id}" t order by 1`,
      )
    ).map(({ row }) => Object.values(row as object))

  it('is the same text for the same bundle, whatever the order of its entities', () => {
    expect(serverInstallSql(SHOP)).toBe(serverInstallSql({ ...SHOP, entities: [...SHOP.entities].reverse() }))
  })

  it('changes nothing when it is run again, and keeps what was tracked', async () => {
    await database.execute(SHOP_SQL)
    await run(serverInstallSql(SHOP))
    await database.query("update item set label = 'x' where code = 'bolt'")
    const before = [
      await catalogue(database),
      await tracked('se_item'),
      await database.query('select install, horizon from syncline.meta'),
      await database.query('select * from syncline.tracked order by 1'),
    ]
    await run(serverInstallSql(SHOP))
    expect([
      await catalogue(database),
      await tracked('se_item'),
      await database.query('select install, horizon from syncline.meta'),
      await database.query('select * from syncline.tracked order by 1'),
    ]).toEqual(before)
  })

  it('leaves nothing behind when it is removed, and removing what is not there is fine', async () => {
    await database.execute(SHOP_SQL)
    await database.execute(PARTITIONED)
    const both = { ...SHOP, entities: [...SHOP.entities, entity('le_payment', 'payment', ['id', 'at'], ['id', 'at'])] }
    const before = await catalogue(database)
    await run(serverInstallSql(both))
    expect(await catalogue(database)).not.toEqual(before)
    await run(serverUninstallSql(both))
    expect(await catalogue(database)).toEqual(before)
    await run(serverUninstallSql(both))
    await database.query("insert into item values ('works', 'without', 1)")
  })

  it.each([
    ['Mixed Case', 'The Key'],
    ['quote"quote', "it's"],
    ["it's", 'a"b'],
    ['back\\slash', '\\'],
    ['$syncline$', '%s %I $1'],
    ['select', 'from'],
    ['x'.repeat(63), 'k'.repeat(63)],
    ['表'.repeat(21), 'ключ'],
    [' ', 'xid'],
    ['syncline_new', 'n'],
    ['tab', 'k2'],
    ['track', 'change'],
    ['device', 'deleted'],
  ])('tracks table <%s> with key <%s>', async (table, key) => {
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
    await database.execute(`create table ${quoted(table)} (${quoted(key)} integer primary key, other text)`)
    await run(serverInstallSql(bundleOf(table, [key])))
    await database.execute(
      `insert into ${quoted(table)} values (1), (2), (3), (4); update ${quoted(table)} set ${quoted(key)} = 5 where ${quoted(key)} = 1; delete from ${quoted(table)} where ${quoted(key)} = 2`,
    )
    expect(await tracked()).toEqual([[1], [2], [3], [4], [5]])
    await database.query('truncate syncline.track_se_t')
    await database.query(`truncate ${quoted(table)}`)
    expect(await tracked()).toEqual([[3], [4], [5]])
    await run(serverInstallSql(bundleOf(table, [key])))
  })

  it('tracks keys that swap places in one statement, upserts, and what a foreign key cascades to', async () => {
    await database.execute(
      'create table parent (id integer primary key); create table t (id integer primary key deferrable initially deferred, parent integer references parent on delete cascade); insert into parent values (1), (2)',
    )
    await run(serverInstallSql(bundleOf('t', ['id'])))
    await database.execute(
      'insert into t values (1, 1), (2, 2); update t set id = 3 - id; delete from parent where id = 1',
    )
    expect(await tracked()).toEqual([[1], [2]])
  })

  it("tracks keys of enum, domain and composite types in the server's order", async () => {
    await database.execute(
      "create type mood as enum ('sad', 'ok'); create domain short as varchar(3); create table t (a mood, b short, c numeric(5,2), primary key (a, b, c))",
    )
    await run(serverInstallSql(bundleOf('t', ['a', 'b', 'c'])))
    await database.execute("insert into t values ('ok', 'x', 1), ('sad', 'x', 1.5)")
    expect(await database.query('select k1, k2, k3 from syncline.track_se_t order by k1')).toEqual([
      { k1: 'sad', k2: 'x', k3: '1.50' },
      { k1: 'ok', k2: 'x', k3: '1.00' },
    ])
  })

  it("starts anew where the key's columns changed, so that nobody trusts the old cursor", async () => {
    await database.execute('create table t (id integer primary key)')
    await run(serverInstallSql(bundleOf('t', ['id'])))
    const since = () => database.query("select since from syncline.tracked where id = 'se_t'")
    const before = await since()
    await database.execute('alter table t alter id type bigint')
    await run(serverInstallSql(bundleOf('t', ['id'])))
    await database.query('insert into t values (9007199254740993)')
    expect(await database.query('select k1 from syncline.track_se_t')).toEqual([{ k1: 9007199254740993n }])
    expect(await since()).not.toEqual(before)
  })

  it('says which table is missing', async () => {
    await expect(run(serverInstallSql(bundleOf('nowhere', ['id'])))).rejects.toThrow(
      /no table "public"\."nowhere": create it/,
    )
  })

  it('tracks a table in a schema that is not on the search path', async () => {
    await database.execute(
      'drop schema if exists "Other Schema" cascade; create schema "Other Schema"; create table "Other Schema".t (id integer primary key)',
    )
    await run(serverInstallSql(bundleOf('t', ['id'], 'Other Schema')))
    await database.query('insert into "Other Schema".t values (1)')
    expect(await tracked()).toEqual([[1]])
    await database.execute('drop schema "Other Schema" cascade')
  })

  it('keeps the old values of the columns that scopes read, of domains that forbid nulls and of types without equality', async () => {
    await database.execute(
      "create domain area as text not null check (value <> ''); create table t (id integer primary key, owner area, meta json, other text)",
    )
    await run(serverInstallSql(scoped(['owner', 'meta'])))
    await database.execute(
      "insert into t values (1, 'a', '[1]', 'x'); update t set owner = 'b', id = 2 where id = 1; delete from t where id = 2",
    )
    expect(await database.query('select k1, c1::text as meta, c2 as owner, was from syncline.track_se_t')).toEqual([
      { k1: 1, meta: null, owner: null, was: false },
      { k1: 1, meta: '[1]', owner: 'a', was: true },
      { k1: 2, meta: null, owner: null, was: false },
      { k1: 2, meta: '[1]', owner: 'b', was: true },
    ])
    await database.execute("insert into t values (3, 'c', null, 'x'); truncate syncline.track_se_t; truncate t")
    expect(await database.query('select k1, c1, c2, was from syncline.track_se_t')).toEqual([
      { k1: 3, c1: null, c2: 'c', was: true },
    ])
  })

  it('tracks of a table that only scopes read that it changed, and nothing of a statement that changed no row', async () => {
    await database.execute('create table t (id integer primary key); create table r (n integer)')
    const table = { id: 'se_r', schema: 'public', table: 'r', key: [] }
    await run(serverInstallSql(scoped([], [table])))
    const entries = async () => (await database.query('select xid from syncline.track_se_r')).length
    await database.execute('insert into r select 1 where false; update r set n = 2; delete from r')
    expect(await entries()).toBe(0)
    await database.query('insert into r values (1), (2)')
    await database.query('update r set n = 3')
    await database.query('delete from r where n = 3')
    await database.query('truncate r')
    expect(await entries()).toBe(4)
  })

  it('F7 notes when other programs wrote which column, where the later edit wins', async () => {
    await database.execute('create table t (id integer primary key, a text, b json)')
    await run(serverInstallSql(timed('attribute')))
    const times = async () =>
      (await database.query('select k1, at from syncline.written_se_t order by k1')).map(({ k1, at }) => [
        k1,
        Object.keys(at as object),
      ])
    await database.execute("insert into t values (1, 'x', '1'), (2, 'y', '2'); truncate syncline.written_se_t")
    await database.execute("update t set a = a || '!', b = b where id = 1; update t set id = 5 where id = 2")
    expect(await times()).toEqual([[1, ['a']]])
    await database.transaction(async (tx) => {
      await tx.query("select set_config('syncline.device', gen_random_uuid()::text, true)")
      await tx.query("update t set b = '3' where id = 1")
    })
    expect(await times()).toEqual([[1, ['a']]])
  })

  it('notifies while somebody listens, once a transaction and table, and nobody else', async () => {
    if (!database.listen) throw new Error('This database can listen.')
    await database.execute('create table t (id integer primary key)')
    await run(serverInstallSql(bundleOf('t', ['id'])))
    const heard: string[] = []
    const end = await database.listen('syncline', (payload) => heard.push(payload))
    await database.query('insert into t values (1)')
    await database.query("update syncline.meta set listeners_until = now() + interval '1 minute'")
    await database.transaction(async (tx) => {
      await tx.query('insert into t values (2)')
      await tx.query('delete from t where id = 1')
    })
    await vi.waitFor(() => expect(heard).toEqual(['se_t']))
    await end()
  })

  describe('a partitioned table', () => {
    beforeEach(async () => {
      await database.execute(PARTITIONED)
      await run(serverInstallSql(bundleOf('payment', ['id', 'at'])))
    })

    it('is tracked through its parent, its partitions and moves between them', async () => {
      await database.execute(
        `insert into payment values (1, 5), (2, 15); insert into payment_low values (3, 6); update payment set at = 16 where id = 1; delete from payment_low where id = 3`,
      )
      expect(await tracked('se_t')).toEqual([
        [1, 5],
        [1, 16],
        [2, 15],
        [3, 6],
      ])
    })

    it("loses by the TRUNCATE of a partition that partition's rows only", async () => {
      await database.execute(
        'insert into payment values (1, 5), (2, 15); truncate syncline.track_se_t; truncate payment_low',
      )
      expect(await tracked('se_t')).toEqual([[1, 5]])
      await database.execute('truncate payment')
      expect(await tracked('se_t')).toEqual([
        [1, 5],
        [2, 15],
      ])
    })

    it('tracks a partition that was added later from the next install on', async () => {
      await database.execute('create table payment_top partition of payment for values from (20) to (30)')
      await run(serverInstallSql(bundleOf('payment', ['id', 'at'])))
      await database.query('insert into payment_top values (9, 25)')
      expect(await tracked('se_t')).toEqual([[9, 25]])
    })
  })
}

const PARTITIONED = `
create table payment (id integer, at integer, primary key (id, at)) partition by range (at);
create table payment_low partition of payment for values from (0) to (10);
create table payment_high (at integer not null, id integer not null);
alter table payment attach partition payment_high for values from (10) to (20);
`

/** All that there is in the schemas that PostgreSQL did not make, by name. */
async function catalogue(database: Database): Promise<unknown> {
  const parts = [
    "select nspname, nspacl::text from pg_namespace where not nspname ~ '^pg_' order by 1",
    "select relnamespace::regnamespace::text as schema, relname, relkind, relhastriggers, relacl::text from pg_class where relnamespace::regnamespace::text !~ '^(pg_|information_schema)' order by 1, 2",
    "select proname, pronamespace::regnamespace::text as schema from pg_proc where pronamespace::regnamespace::text !~ '^(pg_|information_schema)' order by 1, 2",
    'select tgrelid::regclass::text as relation, tgname, pg_get_triggerdef(oid) as definition from pg_trigger where not tgisinternal order by 1, 2',
    "select typname, typnamespace::regnamespace::text as schema from pg_type where typnamespace::regnamespace::text !~ '^(pg_|information_schema)' order by 1, 2",
    'select description from pg_description where objoid >= 16384 order by 1',
    'select extname from pg_extension order by 1',
    'select evtname from pg_event_trigger order by 1',
    'select pubname from pg_publication order by 1',
  ]
  const answers = []
  for (const part of parts) answers.push(await database.query(part))
  // The flag stays set until the next VACUUM after a table's last trigger went; it means nothing.
  return JSON.parse(JSON.stringify(answers).replaceAll(/"relhastriggers":(true|false)/g, '"relhastriggers":null'))
}
