import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DERIVED_BUNDLE, DERIVED_SQL } from '../server/derived-suite'
import { entity, SHOP } from '../server/testing-wire'
import { openPostgres } from '../storage/postgres'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import type { Database } from './api'
import { serverInstallSql, serverUninstallSql } from './server-schema-sql'
import { describeServerSchema } from './server-schema-suite'

let postgres: RealPostgres
const opened: Database[] = []
beforeAll(async () => {
  postgres = await startPostgres()
})
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})
afterAll(() => postgres.stop())

async function open(url: string): Promise<Database> {
  const database = await openPostgres(url, { maxConnections: 3 })
  opened.push(database)
  return database
}

describe('change tracking over PostgreSQL', () =>
  describeServerSchema(async () => open(await postgres.createDatabase())))

it('lets writers write who have no rights on its schema, and gives them none', async () => {
  const url = await postgres.createDatabase()
  const owner = await open(url)
  await owner.execute(
    "create table t (id integer primary key); create role writer login password 'w'; grant select, insert, truncate on t to writer",
  )
  await owner.transaction((tx) =>
    tx.execute(serverInstallSql({ ...SHOP, entities: [entity('le_t', 't', ['id'], ['id'])] })),
  )
  const writer = await open(url.replace(/\/\/[^@]+@/, '//writer:w@'))
  // A function of the writer's own must not be called in the owner's name.
  await writer.execute(
    "set search_path = pg_temp, public; create function pg_temp.pg_current_xact_id() returns xid8 language plpgsql as $$ begin raise exception 'called'; end $$; insert into t values (1); truncate t",
  )
  await expect(writer.query('select * from syncline.track_se_t')).rejects.toMatchObject({ code: '42501' })
  expect(await owner.query('select k1 from syncline.track_se_t')).toEqual([{ k1: 1 }, { k1: 1 }])
})

it('says all that a role lacks, table by table, with the statements that help, and installs once they were run', async () => {
  const url = await postgres.createDatabase()
  const admin = await open(url)
  await admin.execute(`create table t (id integer primary key); create schema "Apart"; create table "Apart".u (id integer primary key);
    create role syncer login password 's'; grant select on t to syncer`)
  const apart = entity('le_u', 'u', ['id'], ['id'])
  const bundle = {
    ...SHOP,
    entities: [
      entity('le_t', 't', ['id'], ['id']),
      { ...apart, direction: 'down' as const, server: { ...apart.server, schema: 'Apart' } },
    ],
  }
  const syncer = await open(url.replace(/\/\/[^@]+@/, '//syncer:s@'))
  const install = () => syncer.transaction((tx) => tx.execute(serverInstallSql(bundle)))
  const complaint = await install().then(
    () => '',
    (error: unknown) => String(error),
  )
  expect(complaint).toMatch(/installed by role syncer/)
  expect(complaint).toMatch(/grant create on database "?test_\d+"? to syncer;/)
  expect(complaint).toMatch(/grant (DELETE|INSERT|UPDATE|TRIGGER|, )+ on table t to syncer;/)
  expect(complaint).toMatch(/grant usage on schema "Apart" to syncer;/)
  await admin.execute('grant usage on schema "Apart" to syncer')
  const statements = [...String(await install().catch(String)).matchAll(/grant [^;]*;/g)].map(
    ([statement]) => statement,
  )
  expect(statements.join(' ')).toMatch(/on table "Apart"\.u to syncer/)
  await admin.execute(statements.join(' '))
  await install()
  await admin.query('insert into t values (1)')
  expect(await syncer.query('select k1 from syncline.track_se_t')).toEqual([{ k1: 1 }])
  await syncer.transaction((tx) => tx.execute(serverUninstallSql(bundle)))
  await admin.query('insert into t values (2)')
})

it('says which right on a joined table a role lacks', async () => {
  const url = await postgres.createDatabase()
  const admin = await open(url)
  await admin.execute(DERIVED_SQL)
  await admin.execute("create role reader login password 'r'; grant all on job, customer, mood to reader")
  await admin.execute(`grant create on database ${new URL(url).pathname.slice(1)} to reader`)
  const reader = await open(url.replace(/\/\/[^@]+@/, '//reader:r@'))
  const install = () => reader.transaction((tx) => tx.execute(serverInstallSql(DERIVED_BUNDLE)))
  await expect(install()).rejects.toThrow('grant SELECT, TRIGGER on table region to reader;')
  await admin.execute('grant select, trigger on region to reader')
  await install()
  await admin.query("update region set name = 'x' where id = 1")
  expect(await reader.query('select k1 from syncline.track_se_region')).toEqual([{ k1: 1 }])
})

it('L6 tells servers apart by their installation where the database hides its own name', async () => {
  const url = await postgres.createDatabase()
  const admin = await open(url)
  await admin.execute(`create table t (id integer primary key); create role owner_only login password 'o'; alter table t owner to owner_only;
    grant create on database "${new URL(url).pathname.slice(1)}" to owner_only;
    revoke execute on function pg_control_system() from public; revoke execute on function pg_walfile_name(pg_lsn) from public`)
  const owner = await open(url.replace(/\/\/[^@]+@/, '//owner_only:o@'))
  await owner.transaction((tx) =>
    tx.execute(serverInstallSql({ ...SHOP, entities: [entity('le_t', 't', ['id'], ['id'])] })),
  )
  expect(await owner.query('select syncline.server_name() as name')).toEqual([{ name: 'unknown.unknown' }])
  expect(await admin.query('select syncline.server_name() as name')).toEqual([
    { name: expect.stringMatching(/^\d+\.[0-9A-F]{8}$/) },
  ])
})

it('installs once when two servers start together', async () => {
  const url = await postgres.createDatabase()
  const [one, two] = [await open(url), await open(url)]
  await one.execute('create table t (id integer primary key)')
  const script = serverInstallSql({ ...SHOP, entities: [entity('le_t', 't', ['id'], ['id'])] })
  await Promise.all([one, two].map((database) => database.transaction((tx) => tx.execute(script))))
  await two.query('insert into t values (1)')
  expect(await one.query('select k1 from syncline.track_se_t')).toEqual([{ k1: 1 }])
})
