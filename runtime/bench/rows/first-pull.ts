/** The first pull of 100k rows × 6 columns from real PostgreSQL over HTTP, into PGlite and into SQLite. */
import type { Device } from '../../contract'
import { BENCH_COLUMNS, BENCH_TABLE } from '../bench-bundle'
import { createPGliteFactory, openDevice, pgliteStorage, sqliteStorage, syncDevice } from '../bench-device'
import { type BenchServer, startBenchServer } from '../bench-server'
import { type BenchResult, interleave, median, NOTHING, perSecond, timed } from '../measure'
import type { Bench } from './context'

export const firstPullPGlite: Bench = {
  name: 'first-pull-pglite',
  run: async ({ real, rounds, quick }) => {
    const rows = quick ? 10_000 : 100_000
    const server = await startBenchServer(real, rows)
    const open = await createPGliteFactory()
    const place = {
      open: async () => {
        const pglite = await open()
        return { pglite, device: await openDevice(await pgliteStorage(pglite), server.url) }
      },
      close: ({ device }: { readonly device: Device }) => device.close(),
    }
    // Both sides of a round work on the same database, as the yardstick is told.
    const samples = await interleave(rounds, place, {
      ours: async ({ device }) => {
        const duration = await timed(() => syncDevice(device))
        await expectRows(rows, async () => (await device.query(`select count(*)::int as n from ${BENCH_TABLE}`))[0]?.n)
        return duration
      },
      raw: async ({ pglite }) => {
        await pglite.exec(`create table raw_company (${BENCH_COLUMNS})`)
        const duration = await timed(async () => {
          const blob = await copyTo(server)
          await pglite.query(`copy raw_company from '/dev/blob'`, [], { blob })
        })
        const { rows: counted } = await pglite.query<{ n: number }>('select count(*)::int as n from raw_company')
        await expectRows(rows, async () => counted[0]?.n)
        return duration
      },
    })
    await server.stop()
    return [result(`first pull of ${rows} rows into PGlite in memory`, 'COPY TO + COPY FROM', rows, samples)]
  },
}

export const firstPullSqlite: Bench = {
  name: 'first-pull-sqlite',
  run: async ({ real, rounds, quick }) => {
    const rows = quick ? 10_000 : 100_000
    const server = await startBenchServer(real, rows)
    const { default: Sqlite } = await import('better-sqlite3')
    const table =
      await server.sql`select id, name, city, amount::text, quantity, changed::text from ${server.sql(BENCH_TABLE)}`
    const values = table.map((row) => Object.values(row))
    const samples = await interleave(rounds, NOTHING, {
      ours: async () => {
        const device = await openDevice(await sqliteStorage(), server.url)
        const duration = await timed(() => syncDevice(device))
        await expectRows(rows, async () => (await device.query(`select count(*) as n from ${BENCH_TABLE}`))[0]?.n)
        await device.close()
        return duration
      },
      raw: async () => {
        const database = new Sqlite(':memory:')
        database.exec(
          'create table company (id integer primary key, name text not null, city text, amount text, quantity integer, changed text)',
        )
        const duration = await timed(async () => {
          const insert = database.prepare('insert into company values (?, ?, ?, ?, ?, ?)')
          database.exec('begin')
          for (const row of values) insert.run(row)
          database.exec('commit')
        })
        database.close()
        return duration
      },
      // What the first row's yardstick would be here: the way from the server included.
      way: async () => timed(() => copyTo(server)),
    })
    await server.stop()
    const whole = samples.raw.map((inserts, round) => inserts + (samples.way[round] ?? 0))
    return [
      result(`first pull of ${rows} rows into SQLite in Node`, 'prepared inserts alone', rows, samples),
      result(`the same, against COPY TO + prepared inserts`, 'COPY TO + prepared inserts', rows, {
        ours: samples.ours,
        raw: whole,
      }),
    ]
  },
}

async function copyTo(server: BenchServer): Promise<Blob> {
  const stream = await server.sql.unsafe(`copy ${BENCH_TABLE} to stdout`).readable()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  // As in storage/postgres: whoever reads must wake the socket, which the package may have paused for good.
  await new Promise<void>((resolve, reject) => {
    stream.on('data', (chunk: Uint8Array<ArrayBuffer>) => {
      chunks.push(chunk)
      stream._read(0)
    })
    stream.on('error', reject)
    stream.on('end', () => {
      stream._read(0)
      resolve()
    })
  })
  return new Blob(chunks)
}

async function expectRows(rows: number, count: () => Promise<unknown>): Promise<void> {
  const found = Number(await count())
  if (found !== rows) throw new Error(`${rows} rows were to arrive, and ${found} are there.`)
}

function result(
  what: string,
  yardstick: string,
  rows: number,
  samples: { readonly ours: readonly number[]; readonly raw: readonly number[] },
): BenchResult {
  const ours = median(samples.ours)
  const raw = median(samples.raw)
  return {
    what,
    ours: perSecond(rows, ours),
    yardstick: `${perSecond(rows, raw)} (${yardstick})`,
    ratio: raw / ours,
    target: '≥ 0.5',
    reached: raw / ours >= 0.5,
    samples: { ours: samples.ours, raw: samples.raw },
  }
}
