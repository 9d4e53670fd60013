import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RealPostgres, startPostgres } from '@/runtime/testing/real-postgres'
import { ROWS_PER_TABLE } from './copy-rows'
import type { ImportProgress } from './import-result'
import { importUrl } from './import-url'
import { attributeOf, entityOf, failed, imported, rowsByName } from './testing'

let server: RealPostgres

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

async function databaseWith(sql: string): Promise<string> {
  const url = await server.createDatabase()
  const connection = postgres(url, { max: 1, onnotice: () => undefined })
  await connection.unsafe(sql)
  await connection.end()
  return url
}

async function listen(onConnection: Parameters<typeof createServer>[1]): Promise<{ listener: Server; port: number }> {
  const listener = createServer(onConnection as () => void)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return { listener, port: (listener.address() as AddressInfo).port }
}

describe('a live database', () => {
  it('is read with its schema alone', async () => {
    const url = await databaseWith(
      `CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 7); ANALYZE t;`,
    )
    const result = imported(await importUrl({ url, keepData: false }))
    expect(entityOf(result.schema, 't').rowEstimate).toBe(7)
    expect(result).toMatchObject({ startData: null, skipped: [], rowCounts: {} })
  })

  it('tells the sizes that PostgreSQL has measured, and measures those of the rows that it brings', async () => {
    const url = await databaseWith(
      `CREATE TABLE t (id int PRIMARY KEY, name text, note text); INSERT INTO t SELECT n, repeat('x', 19) FROM generate_series(1, 7) n; ANALYZE t;`,
    )
    for (const keepData of [false, true]) {
      const t = entityOf(imported(await importUrl({ url, keepData })).schema, 't')
      expect(attributeOf(t, 'id').averageBytes).toBe(4)
      expect(attributeOf(t, 'name').averageBytes).toBe(20)
      expect(attributeOf(t, 'note').averageBytes).toBe(0)
    }
  })

  it('measures large values that lie out of line, which ANALYZE does not', async () => {
    const url = await databaseWith(`
      CREATE TABLE scan (id int PRIMARY KEY, content bytea);
      ALTER TABLE scan ALTER content SET STORAGE EXTERNAL;
      INSERT INTO scan SELECT n, decode(repeat('00', 96000), 'hex') FROM generate_series(1, 5) n;
      ANALYZE scan;`)
    const scan = entityOf(imported(await importUrl({ url, keepData: false })).schema, 'scan')
    expect(attributeOf(scan, 'id').averageBytes).toBe(4)
    expect(attributeOf(scan, 'content').averageBytes).toBe(96_000)
  })

  it('measures values that PostgreSQL has packed as long as they are when they travel', async () => {
    const url = await databaseWith(`
      CREATE DOMAIN story AS text;
      CREATE TABLE page (id int PRIMARY KEY, body text, tale story, data jsonb, scan bytea);
      INSERT INTO page SELECT n, repeat('word ', 4000), repeat('tale ', 4000), jsonb_build_object('a', repeat('x', 20000)),
        decode(repeat('00', 30000), 'hex') FROM generate_series(1, 5) n;
      ANALYZE page;`)
    for (const keepData of [false, true]) {
      const page = entityOf(imported(await importUrl({ url, keepData })).schema, 'page')
      expect(attributeOf(page, 'id').averageBytes).toBe(4)
      expect(attributeOf(page, 'body').averageBytes).toBe(20_000)
      expect(attributeOf(page, 'tale').averageBytes).toBe(20_000)
      expect(attributeOf(page, 'data').averageBytes).toBe(20_009)
      expect(attributeOf(page, 'scan').averageBytes).toBe(30_000)
    }
  })

  it('tells while it copies how many tables and rows it has', async () => {
    const url = await databaseWith(`
      CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a SELECT generate_series(1, 700);
      CREATE TABLE b (id int PRIMARY KEY); INSERT INTO b SELECT generate_series(1, 3);`)
    const seen: ImportProgress[] = []
    imported(await importUrl({ url, keepData: true, onProgress: (progress) => seen.push(progress) }))
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['reading', 'catalogue', 'copying', 'packing'])
    expect(seen.filter(({ phase }) => phase === 'copying')).toEqual(
      [
        { done: 0, rows: 0 },
        { done: 0, rows: 500 },
        { done: 0, rows: 700 },
        { done: 1, rows: 700 },
        { done: 1, rows: 703 },
        { done: 2, rows: 703 },
      ].map((each) => ({ phase: 'copying', total: 2, ...each })),
    )
  })

  it('brings rows of any size', async () => {
    const url = await databaseWith(`
      CREATE TABLE photo (id int PRIMARY KEY, content bytea, words text);
      INSERT INTO photo SELECT n, decode(repeat(md5(n::text), n * 100), 'hex'), repeat('words ', n * 50) FROM generate_series(1, 300) n;
      CREATE TABLE last (id int PRIMARY KEY);
      INSERT INTO last VALUES (1);`)
    const result = imported(await importUrl({ url, keepData: true }))
    expect(rowsByName(result)).toEqual({ photo: 300, last: 1 })
  })

  it('gives its rows for the start: exact values, any order of references, sequences that go on', async () => {
    const url = await databaseWith(`
      CREATE SCHEMA s;
      CREATE TYPE s.mood AS ENUM ('sad', 'happy');
      CREATE TABLE s.a_child (id serial PRIMARY KEY, parent bigint, mood s.mood, v numeric, t timestamptz, x bytea, txt text, twice int GENERATED ALWAYS AS (2) STORED);
      CREATE TABLE s.parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, favourite int REFERENCES s.a_child);
      ALTER TABLE s.a_child ADD FOREIGN KEY (parent) REFERENCES s.parent;
      INSERT INTO s.parent DEFAULT VALUES; INSERT INTO s.parent DEFAULT VALUES;
      INSERT INTO s.a_child (parent, mood, v, t, x, txt) VALUES (2, 'happy', 'NaN', '2026-01-01 00:00:00.123456+00', '\\x00ff', E'tab\\t; \\\\ ''quote'' ü');
      UPDATE s.parent SET favourite = 1;`)
    const result = imported(await importUrl({ url, keepData: true }))
    expect(result.skipped).toEqual([])
    expect(rowsByName(result)).toEqual({ a_child: 1, parent: 2 })
    const db = await PGlite.create({ loadDataDir: new Blob([new Uint8Array(result.startData ?? [])]) })
    expect((await db.query('SELECT mood::text, v::text, t::text, x, txt, twice FROM s.a_child')).rows).toEqual([
      {
        mood: 'happy',
        v: 'NaN',
        t: '2026-01-01 00:00:00.123456+00',
        x: new Uint8Array([0, 255]),
        txt: `tab\t; \\ 'quote' ü`,
        twice: 2,
      },
    ])
    expect((await db.query('INSERT INTO s.parent DEFAULT VALUES RETURNING id')).rows).toEqual([{ id: 3 }])
    expect((await db.query('INSERT INTO s.a_child DEFAULT VALUES RETURNING id')).rows).toEqual([{ id: 2 }])
    await db.close()
  })

  it('is cut where a table is long, says so, and leaves no reference without its row', async () => {
    const url = await databaseWith(`
      CREATE TABLE big (id int PRIMARY KEY);
      CREATE TABLE small (id int PRIMARY KEY, big int NOT NULL REFERENCES big);
      INSERT INTO big SELECT generate_series(1, ${ROWS_PER_TABLE + 5});
      INSERT INTO small VALUES (1, 1), (2, ${ROWS_PER_TABLE + 2});`)
    const result = imported(await importUrl({ url, keepData: true }))
    expect(result.skipped).toMatchObject([
      { kind: 'data', statement: 'public.big', instead: expect.stringContaining('10,000 rows were taken') },
    ])
    expect(result.rowCounts).not.toHaveProperty(entityOf(result.schema, 'big').id)
    const db = await PGlite.create({ loadDataDir: new Blob([new Uint8Array(result.startData ?? [])]) })
    expect((await db.query('SELECT id FROM small')).rows).toEqual([{ id: 1 }])
    expect((await db.query('SELECT count(*)::int AS n FROM big')).rows).toEqual([{ n: ROWS_PER_TABLE }])
    await db.close()
  })

  it('with a table that the user may not read keeps its schema and says so', async () => {
    const url = await databaseWith(
      `CREATE ROLE reader LOGIN PASSWORD 'pw'; CREATE TABLE secret (id int); CREATE TABLE open (id int); GRANT SELECT ON open TO reader; INSERT INTO open VALUES (1);`,
    )
    const result = imported(await importUrl({ url: url.replace(/\/\/[^@]+@/, '//reader:pw@'), keepData: true }))
    expect(result.skipped).toMatchObject([
      { statement: 'public.secret', reason: expect.stringContaining('permission denied') },
    ])
    expect(rowsByName(result)).toEqual({ open: 1 })
  })
})

describe('a URL that leads nowhere', () => {
  const messageOf = async (url: string) => failed(await importUrl({ url, keepData: false }))

  it('is told when nobody answers, and the password stays out of it', async () => {
    const { listener, port } = await listen(() => undefined)
    await new Promise((resolve) => listener.close(resolve))
    const failure = await messageOf(`postgres://me:s3cret-word@127.0.0.1:${port}/shop`)
    expect(failure).toMatchObject({ reason: 'unreachable', message: expect.stringContaining(`127.0.0.1:${port}`) })
    expect(JSON.stringify(failure)).not.toContain('s3cret-word')
    expect(await messageOf('postgres://me:s3cret-word@no-such-host.invalid/shop')).toMatchObject({
      reason: 'unreachable',
    })
  })

  it('is given up after five seconds where somebody listens and never answers', async () => {
    const { listener, port } = await listen((socket) => {
      socket.on('error', () => undefined)
    })
    expect(await messageOf(`postgres://me@127.0.0.1:${port}/shop`)).toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('5 seconds'),
    })
    listener.close()
  })

  it('says what is wrong: the password, the database, the server, the URL itself', async () => {
    const wrongPassword = await messageOf(server.url.replace(/:[^:@]+@/, ':s3cret-word@'))
    expect(wrongPassword).toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('password of user postgres'),
    })
    expect(wrongPassword.message).not.toContain('s3cret-word')
    expect(await messageOf(server.url.replace(/\/postgres$/, '/nowhere'))).toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('no database called nowhere'),
    })
    expect(await messageOf(await server.createDatabase())).toMatchObject({ reason: 'no-tables' })
    const { listener, port } = await listen((socket) => {
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    expect(await messageOf(`postgres://me@127.0.0.1:${port}/shop`)).toMatchObject({ reason: 'unreachable' })
    listener.close()
    for (const url of [
      'mysql://a@b/c',
      'shop',
      '',
      'postgres://',
      'postgres://me:12#4@host/db',
      'postgres://me:12/4@host/db',
      'postgres://me:%zz@host/db',
    ]) {
      const failure = await messageOf(url)
      expect(failure, url).toMatchObject({ reason: 'wrong-url' })
      expect(failure.message).not.toMatch(/12|zz/)
    }
  })
})
