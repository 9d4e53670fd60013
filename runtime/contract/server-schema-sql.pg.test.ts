import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { entity, SHOP } from '../server/testing-wire'
import { openPostgres } from '../storage/postgres'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import type { Database } from './api'
import { serverInstallSql } from './server-schema-sql'
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
  expect(await owner.query('select k1, deleted from syncline.track_se_t')).toEqual([{ k1: 1, deleted: true }])
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
