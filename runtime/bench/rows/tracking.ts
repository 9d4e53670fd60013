/** What tracking costs other writers: the same writes to a tracked table and to one like it that is not. */
import { BENCH_COLUMNS, BENCH_TABLE, fillSql } from '../bench-bundle'
import { startBenchServer } from '../bench-server'
import { type BenchResult, interleave, median, ms, NOTHING, timed } from '../measure'
import type { Bench } from './context'

export const tracking: Bench = {
  name: 'tracking',
  run: async ({ real, rounds, quick }) => {
    const rows = quick ? 10_000 : 100_000
    const singles = quick ? 300 : 2000
    const server = await startBenchServer(real, rows)
    const { sql } = server
    await sql.unsafe(`create table plain_company (${BENCH_COLUMNS})`)
    await sql.unsafe(fillSql(rows).replace(`insert into ${BENCH_TABLE}`, 'insert into plain_company'))
    // Autovacuum in the middle of a round would hit one side alone.
    await sql.unsafe(
      `alter table plain_company set (autovacuum_enabled = off); alter table ${BENCH_TABLE} set (autovacuum_enabled = off)`,
    )
    const bulk = async (table: string) => {
      await sql.unsafe(`vacuum ${table}`)
      return timed(() => sql.unsafe(`update ${table} set quantity = quantity + 1`))
    }
    const single = async (table: string) => {
      await sql.unsafe(`vacuum ${table}`)
      return timed(async () => {
        for (let id = 1; id <= singles; id += 1) {
          await sql.unsafe(`update ${table} set quantity = quantity + 1 where id = $1`, [id * 7], { prepare: true })
        }
      })
    }
    const bulks = await interleave(rounds, NOTHING, {
      tracked: () => bulk(BENCH_TABLE),
      plain: () => bulk('plain_company'),
    })
    const singleRows = await interleave(rounds, NOTHING, {
      tracked: () => single(BENCH_TABLE),
      plain: () => single('plain_company'),
    })
    await server.stop()
    return [
      line(`tracking: bulk update of ${rows} rows`, bulks, 2),
      line(`tracking: ${singles} single-row updates, each committed`, singleRows, 1.5),
    ]
  },
}

function line(
  what: string,
  samples: { readonly tracked: readonly number[]; readonly plain: readonly number[] },
  most: number,
): BenchResult {
  const ratio = median(samples.tracked) / median(samples.plain)
  return {
    what,
    ours: ms(median(samples.tracked)),
    yardstick: `${ms(median(samples.plain))} (without triggers)`,
    ratio,
    target: `≤ ${most}`,
    reached: ratio <= most,
    samples,
  }
}
