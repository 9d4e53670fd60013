import { PGlite } from '@electric-sql/pglite'
import { expect, it } from 'vitest'
import { buildStartData } from './build-start-data'
import { schemaToDdl, sequenceOfDefault } from './schema-to-ddl'
import { entityOf, imported, importText, tablesOf } from './testing'

it('makes every table again as it was, with names, types, keys, sequences and comments that need care', async () => {
  const { schema } = imported(
    await importText(`
    CREATE SCHEMA "Sales & Co";
    CREATE TYPE "Sales & Co"."Mood" AS ENUM ('it''s', 'back\\slash');
    CREATE DOMAIN base AS text DEFAULT 'x' CHECK (VALUE <> '') CHECK (length(VALUE) < 9);
    CREATE DOMAIN after_base AS base NOT NULL;
    CREATE DOMAIN moods AS "Sales & Co"."Mood"[];
    CREATE SEQUENCE "Sales & Co"."my seq";
    CREATE TABLE "Sales & Co"."a ""b""" (
      id serial PRIMARY KEY, n bigint DEFAULT nextval('"Sales & Co"."my seq"'), m "Sales & Co"."Mood" DEFAULT 'it''s', b after_base, c moods,
      u uuid DEFAULT gen_random_uuid(), k text DEFAULT upper('x'), j jsonb DEFAULT '{"a": [1]}', g int GENERATED ALWAYS AS (1 + 1) STORED,
      i int GENERATED ALWAYS AS IDENTITY, t timestamp(3) DEFAULT now(), x numeric(12,4)[] DEFAULT '{1.5}', UNIQUE (n, m)
    );
    COMMENT ON TABLE "Sales & Co"."a ""b""" IS 'it''s a \\ comment';
    COMMENT ON COLUMN "Sales & Co"."a ""b""".id IS 'é';
    CREATE TABLE parent (a int, b int, PRIMARY KEY (b, a), UNIQUE (a));
    CREATE TABLE child (a int, b int, up int REFERENCES parent (a) ON DELETE SET DEFAULT ON UPDATE RESTRICT DEFERRABLE,
      FOREIGN KEY (b, a) REFERENCES parent ON DELETE CASCADE);
    CREATE TABLE parted (id int, region text, at date, PRIMARY KEY (region, id), UNIQUE (id, region)) PARTITION BY LIST (region);
    CREATE TABLE nothing ();
  `),
  )
  const ddl = schemaToDdl(schema)
  const again = imported(await importText(ddl))
  expect(again.skipped).toEqual([])
  expect(tablesOf(again.schema)).toEqual(tablesOf(schema))
  expect(schemaToDdl(again.schema)).toBe(ddl)
})

it('gives up a default that calls a function of the user’s, not its table', async () => {
  const { schema } = imported(
    await importText(`
    CREATE FUNCTION make_code() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
    CREATE TABLE t (id int PRIMARY KEY, code text DEFAULT make_code());`),
  )
  const again = imported(await importText(schemaToDdl(schema)))
  expect(again.skipped).toMatchObject([{ statement: expect.stringContaining('SET DEFAULT make_code()') }])
  expect(entityOf(again.schema, 't').primaryKey).toHaveLength(1)
})

it('finds the sequence in a default', () => {
  expect(sequenceOfDefault(`nextval('a_seq'::regclass)`)).toBe('a_seq')
  expect(sequenceOfDefault(`nextval('"it''s".seq'::regclass)`)).toBe(`"it's".seq`)
  expect(sequenceOfDefault('now()')).toBeNull()
})

it('start data holds the tables, empty, for PGlite to open', async () => {
  const { schema } = imported(
    await importText(
      `CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id serial PRIMARY KEY, e e, area geometry(Point,4326)); INSERT INTO t (e) VALUES ('a');`,
    ),
  )
  const bytes = await buildStartData(schema)
  const db = await PGlite.create({ loadDataDir: new Blob([new Uint8Array(bytes)]) })
  expect((await db.query('SELECT * FROM t')).rows).toEqual([])
  expect((await db.query(`INSERT INTO t (e, area) VALUES ('a', 'POINT(1 2)') RETURNING *`)).rows).toEqual([
    { id: 1, e: 'a', area: 'POINT(1 2)' },
  ])
  await db.close()
})
