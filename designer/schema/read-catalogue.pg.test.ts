import { existsSync, readFileSync } from 'node:fs'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServerSchema } from '@/designer/model/project'
import { type RealPostgres, startPostgres } from '@/runtime/testing/real-postgres'
import { importDump } from './import-dump'
import { type CatalogueRow, readCatalogue } from './read-catalogue'
import { splitDump } from './split-dump'
import { describeEntity, entityOf, imported, importText, tablesOf } from './testing'

const NORTHWIND = '../shared/data/northwind.sql'
let server: RealPostgres

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

async function readServer(sql: string, after = ''): Promise<ServerSchema> {
  const connection = postgres(await server.createDatabase(), { max: 1, onnotice: () => undefined })
  try {
    for (const part of splitDump(new TextEncoder().encode(sql)))
      if (part.kind === 'statement') await connection.unsafe(part.text)
    if (after !== '') await connection.unsafe(after)
    await connection.unsafe('RESET search_path')
    return await readCatalogue(async (text, params) => [
      ...(await connection.unsafe<CatalogueRow[]>(text, (params ?? []).map(String))),
    ])
  } finally {
    await connection.end()
  }
}

describe.skipIf(!existsSync(NORTHWIND))(`Northwind (skipped where ${NORTHWIND} is missing)`, () => {
  it('is read from a dump exactly as PostgreSQL has it', async () => {
    const bytes = readFileSync(NORTHWIND)
    const fromServer = await readServer(bytes.toString('utf8'), 'ANALYZE')
    const fromDump = imported(await importDump({ bytes, keepData: false })).schema
    expect(tablesOf(fromDump)).toEqual(tablesOf(fromServer))
    expect(entityOf(fromServer, 'orders').rowEstimate).toBe(830)
  })
})

const VARIED = `
  CREATE SCHEMA hr;
  CREATE TYPE hr.level AS ENUM ('junior', 'senior');
  CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
  CREATE TABLE hr.person (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), boss uuid REFERENCES hr.person ON DELETE SET NULL, level hr.level DEFAULT 'junior',
    mail email UNIQUE, tags text[] DEFAULT ARRAY['a'], born date, span tstzrange, data jsonb DEFAULT '{}', ip inet, b bit varying(5),
    n integer GENERATED ALWAYS AS IDENTITY, twice integer GENERATED ALWAYS AS (length(b) * 2) STORED, CHECK (born > '1900-01-01')
  );
  CREATE TABLE log (at timestamptz, who uuid REFERENCES hr.person, line text, PRIMARY KEY (at, who)) PARTITION BY RANGE (at);
  CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE "Weird ""table""" ("select" int PRIMARY KEY, "ümläut" varchar(3), "a b" numeric(5,1)[]);
  CREATE VIEW people AS SELECT id, mail FROM hr.person;
  CREATE TEMPORARY TABLE gone (id int);`

it('a varied schema is read from PGlite exactly as from PostgreSQL', async () => {
  const fromServer = await readServer(VARIED)
  const { schema: fromDump, skipped } = imported(
    await importText(VARIED.replace('CREATE TEMPORARY TABLE gone (id int);', '')),
  )
  expect(skipped).toEqual([])
  expect(fromDump).toEqual(fromServer)
})

it('a partitioned table’s estimate is the sum of its partitions', async () => {
  const schema = await readServer(
    `${VARIED}
    INSERT INTO hr.person (id) VALUES ('00000000-0000-4000-8000-000000000001');
    INSERT INTO log SELECT '2026-01-01'::timestamptz + make_interval(mins => n), '00000000-0000-4000-8000-000000000001', 'x' FROM generate_series(1, 500) n;`,
    'ANALYZE',
  )
  expect(entityOf(schema, 'log')).toMatchObject({ kind: 'partitioned-table', rowEstimate: 500 })
  expect(Object.values(schema.serverEntities).map(({ name }) => name)).not.toContain('log_2026')
  expect(describeEntity(schema, entityOf(schema, 'log')).foreignKeys).toEqual(['who → person(id) no-action no-action'])
})

it('the session’s search path is as it was afterwards', async () => {
  const connection = postgres(server.url, { max: 1 })
  await connection.unsafe('SET search_path = pg_catalog')
  await readCatalogue(async (text, params) => [
    ...(await connection.unsafe<CatalogueRow[]>(text, (params ?? []).map(String))),
  ])
  expect((await connection.unsafe('SHOW search_path'))[0]?.['search_path']).toBe('pg_catalog')
  await connection.end()
})
