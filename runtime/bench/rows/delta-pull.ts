/**
 * A delta pull of 100 changed rows, among 10k and among 1M, against the query that it comes down to: the server's answer
 * over HTTP, and the whole with a device that shows the rows in the end.
 */

import { BENCH_TABLE, BENCH_TRACK } from '../bench-bundle'
import { openDevice, sqliteStorage, syncDevice } from '../bench-device'
import { type BenchServer, startBenchServer } from '../bench-server'
import { bareRoundTrip, openWire } from '../bench-wire'
import { type BenchResult, interleave, median, ms, timed } from '../measure'
import { openPsql } from '../psql'
import type { Bench, BenchContext } from './context'

const CHANGED = 100
const WARM_UP = 200

export const deltaPull: Bench = {
  name: 'delta-pull',
  run: async (context) => {
    const large = context.quick ? 100_000 : 1_000_000
    const small = await measure(context, 10_000)
    const among = await measure(context, large)
    const independent = median(among.ours) / median(small.ours)
    const results: readonly BenchResult[] = [
      {
        what: `delta of ${CHANGED} rows among ${large}: the server's answer, over HTTP`,
        ours: ms(median(among.answer)),
        yardstick: `${ms(median(among.bare))} (${among.by}, its own timing; a bare HTTP round trip takes ${ms(median(among.trip))})`,
        ratio: median(among.answer) / median(among.bare),
        target: '≤ 3',
        reached: median(among.answer) / median(among.bare) <= 3,
        samples: { answer: among.answer, bare: among.bare, trip: among.trip },
      },
      {
        what: `the same with the device, which shows them in the end (SQLite)`,
        ours: ms(median(among.ours)),
        yardstick: `${ms(median(among.bare))} (${among.by}, its own timing)`,
        ratio: median(among.ours) / median(among.bare),
        target: '≤ 3',
        reached: median(among.ours) / median(among.bare) <= 3,
        samples: { ours: among.ours, bare: among.bare },
      },
      {
        what: 'the same, against psql as a program',
        ours: ms(median(among.ours)),
        yardstick: `${ms(median(among.program))} (psql -c with the bare query, from start to end)`,
        ratio: median(among.ours) / median(among.program),
        target: '≤ 3',
        reached: median(among.ours) / median(among.program) <= 3,
        samples: { ours: among.ours, program: among.program },
      },
      {
        what: `the same among ${large} against among 10k`,
        ours: ms(median(among.ours)),
        yardstick: ms(median(small.ours)),
        ratio: independent,
        target: '≈ 1',
        reached: independent <= 1.5,
        samples: { among: among.ours, small: small.ours },
      },
    ]
    return results
  },
}

async function measure({ real, rounds, log }: BenchContext, rows: number) {
  const server = await startBenchServer(real, rows)
  const device = await openDevice(await sqliteStorage(), server.url)
  log(`first pull of ${rows} rows: ${ms(await timed(() => syncDevice(device)))}`)
  const psql = await openPsql(server.databaseUrl)
  const wire = openWire(server.url)
  await wire.pull()
  // Each round changes other rows, all over the table, and both sides read the same change.
  let turn = 0
  const place = {
    open: async () => {
      await wire.pull()
      await syncDevice(device)
      const [before] = await server.sql<{ snapshot: string }[]>`select pg_current_snapshot()::text as snapshot`
      turn += 1
      await server.sql.unsafe(
        `update ${BENCH_TABLE} set quantity = quantity + 1 where id in (select (n * ${Math.floor(rows / CHANGED)} + ${turn}) % ${rows} + 1 from generate_series(1, ${CHANGED}) n)`,
      )
      return before?.snapshot ?? ''
    },
    close: async () => undefined,
  }
  // Connections of a server at work have prepared what they run, and both programs have compiled what they often do.
  const snapshot = await place.open()
  for (let again = 0; again < WARM_UP; again += 1) {
    await wire.peek()
    await bareRoundTrip(server.url)
    await bareQuery(server, psql, snapshotQuery(snapshot))
  }
  const program: number[] = []
  for (let again = 0; psql && again < rounds; again += 1) program.push(await psql.timeProgram(snapshotQuery(snapshot)))
  const samples = await interleave(Math.max(rounds, 15), place, {
    ours: () =>
      timed(async () => {
        const pulled = await syncDevice(device)
        if (pulled !== CHANGED) throw new Error(`${CHANGED} rows were to come, and ${pulled} came.`)
      }),
    answer: async () => {
      const { duration, rows: came } = await wire.pull()
      if (came !== CHANGED) throw new Error(`${CHANGED} rows were to come, and ${came} came.`)
      return duration
    },
    trip: () => timed(() => bareRoundTrip(server.url)),
    bare: (snapshot) => bareQuery(server, psql, snapshotQuery(snapshot)),
  })
  psql?.close()
  await device.close()
  await server.stop()
  return {
    ...samples,
    program,
    by: psql ? 'the bare query, by psql' : 'the bare query, by the postgres package: no psql here',
  }
}

/** What a pull reads: rows whose last change the old snapshot does not see. */
const snapshotQuery = (snapshot: string): string =>
  `select b.* from ${BENCH_TRACK} t join ${BENCH_TABLE} b on b.id = t.k1 where t.xid >= pg_snapshot_xmin('${snapshot}'::pg_snapshot) and not pg_visible_in_snapshot(t.xid, '${snapshot}'::pg_snapshot)`

function bareQuery(server: BenchServer, psql: Awaited<ReturnType<typeof openPsql>>, query: string): Promise<number> {
  return psql ? psql.time(query) : timed(() => server.sql.unsafe(query))
}
