import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../contract'
import { type RealPostgres, startPostgres } from '../testing/real-postgres'
import { openPGlite } from './pglite'
import { openPostgres } from './postgres'

let postgres: RealPostgres
let url: string
let database: Database
beforeAll(async () => {
  postgres = await startPostgres()
})
beforeEach(async () => {
  url = await postgres.createDatabase()
  database = await openPostgres(url)
})
afterEach(() => database.close())
afterAll(() => postgres.stop())

it('V1 gives the same values as PGlite for the same columns', async () => {
  const script = "create type mood as enum ('sad', 'very, happy'); create domain positive as integer check (value > 0)"
  const columns = [
    'true',
    '9007199254740993::int8',
    '5::int8',
    '1.50::numeric',
    "'NaN'::numeric",
    "'NaN'::float8",
    "'-infinity'::float4",
    '0.1::float4',
    "'2024-02-29 12:00:00.123456+02'::timestamptz",
    "'infinity'::date",
    "'1 year 2 days 03:04:05.678901'::interval",
    "'12:00:00.5+02'::timetz",
    "'\\x00ff'::bytea",
    '\'{"b": [1, null], "a": "\\u00e9"}\'::json',
    '\'[1, "x"]\'::jsonb',
    "'{1,NULL,3}'::int[]",
    '\'{a,NULL,"NULL",""}\'::text[]',
    "'[1,5)'::int4range",
    "array['[1,2)'::int4range]",
    "'very, happy'::mood",
    "array['sad', null, 'very, happy']::mood[]",
    '5::positive',
    'array[5]::positive[]',
    "'ab  '::char(4)",
    "''::text",
    'null::text',
    "'10.0.0.0/8'::cidr",
    "'3f2504e0-4f89-41d3-9a0c-0305e82c3301'::uuid",
    "'101'::bit(3)",
    "'(1,2)'::point",
    "'7'::xid8",
    "row(1, 'x')",
    'array[array[1,2],array[3,4]]',
    '\'{"{\\"a\\":1}"}\'::jsonb[]',
  ]
  const query = `select ${columns.map((column, index) => `${column} as c${index}`).join(', ')}`
  const pglite = await openPGlite()
  const answers = []
  for (const each of [database, pglite]) {
    await each.execute(script)
    answers.push(await each.query(query))
  }
  await pglite.close()
  expect(answers[0]).toEqual(answers[1])
  expect(Object.values(answers[0]?.[0] ?? {})[20]).toEqual(['sad', null, 'very, happy'])
})

it('V1 takes parameters as they are given, whatever type the server expects', async () => {
  await database.execute(
    'create table t (id int primary key, b bool, d date, ts timestamptz, j jsonb, by bytea, a text[], n numeric)',
  )
  await database.query('insert into t values ($1, $2, $3, $4, $5, $6, $7, $8)', [
    '1',
    'f',
    'infinity',
    '2024-01-01 00:00:00.123456+00',
    '{"a": "b"}',
    '\\xff',
    '{"x",NULL}',
    '1e-3',
  ])
  await database.query('insert into t values ($1, $2, $3, $4, $5, $6, $7, $8)', [
    2,
    false,
    new Date(0),
    null,
    [1, { a: null }],
    new Uint8Array([255]),
    ['x', null],
    10n,
  ])
  expect(await database.query('select b, d, ts::text, j::text, by, a, n from t order by id')).toEqual([
    {
      b: false,
      d: 'infinity',
      ts: '2024-01-01 00:00:00.123456+00',
      j: '{"a": "b"}',
      by: new Uint8Array([255]),
      a: ['x', null],
      n: '0.001',
    },
    { b: false, d: '1970-01-01', ts: null, j: '[1, {"a": null}]', by: new Uint8Array([255]), a: ['x', null], n: '10' },
  ])
})

describe('a transaction', () => {
  beforeEach(() => database.execute('create table t (id int primary key)'))

  it('commits when its function resolves, and answers what that answers', async () => {
    expect(
      await database.transaction(async (tx) => [await tx.query('insert into t values (1) returning id'), 'done']),
    ).toEqual([[{ id: 1 }], 'done'])
    expect(await database.query('select id from t')).toEqual([{ id: 1 }])
  })

  it('rolls back when its function rejects, and after a statement that failed', async () => {
    const broken = new Error('broken')
    await expect(
      database.transaction(async (tx) => {
        await tx.execute('insert into t values (1)')
        throw broken
      }),
    ).rejects.toBe(broken)
    await expect(
      database.transaction(async (tx) => {
        await tx.query('insert into t values (2)')
        await tx.query('insert into t values (2)').catch(() => null)
      }),
    ).rejects.toMatchObject({ code: '23505' })
    expect(await database.query('select id from t')).toEqual([])
  })

  it('sees one snapshot where it asks for repeatable read', async () => {
    const counts = await database.transaction(
      async (tx) => {
        const before = await tx.query('select count(*) from t')
        await database.query('insert into t values (9)')
        return [before, await tx.query('select count(*) from t')]
      },
      { isolation: 'repeatable read' },
    )
    expect(counts[0]).toEqual(counts[1])
  })

  it('is rolled back when the connection is lost in it', async () => {
    await expect(
      database.transaction(async (tx) => {
        const [row] = await tx.query('insert into t values (3) returning pg_backend_pid() as pid')
        await database.query('select pg_terminate_backend($1)', [row?.pid])
        await tx.query('insert into t values (4)')
      }),
    ).rejects.toThrow()
    expect(await database.query('select id from t')).toEqual([])
  })
})

describe('what went wrong on opening', () => {
  it.each([
    [
      'a wrong password',
      () => url.replace(/:[^:@/]+@/, ':wrong-secret@'),
      /refused to sign in postgres: wrong password/,
    ],
    ['no such database', () => url.replace(/[^/]+$/, 'nothing'), /There is no database "nothing"/],
    ['nobody there', () => 'postgres://u:wrong-secret@127.0.0.1:1/x', /Nothing answers at 127\.0\.0\.1:1/],
    [
      'an unknown host',
      () => 'postgres://u:wrong-secret@nobody.invalid/x',
      /host of nobody\.invalid:5432 can't be found/,
    ],
    ['another kind of URL', () => 'mysql://u:wrong-secret@h/x', /not the URL of a PostgreSQL database/],
    ['a password with a slash', () => 'postgres://u:p@wrong-secret/b@h/x', /percent-encoded/],
    ['a port that is none', () => 'postgres://u:wrong-secret@h:99999/x', /can't be read/],
  ])('is told: %s', async (_, target, message) => {
    const error: unknown = await openPostgres(target(), { connectTimeoutSeconds: 5 }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toMatch(message)
    expect(`${String(error)} ${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain('wrong-secret')
  })
})
