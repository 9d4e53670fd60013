/** A push of 10k queued single-row edits, against the same updates as prepared statements in transactions of 100. */

import { BENCH_TABLE } from '../bench-bundle'
import { openDevice, sqliteStorage, syncDevice } from '../bench-device'
import { startBenchServer } from '../bench-server'
import { interleave, median, perSecond, timed } from '../measure'
import type { Bench } from './context'

const PER_TRANSACTION = 100

export const push: Bench = {
  name: 'push',
  run: async ({ real, rounds, quick }) => {
    const edits = quick ? 1000 : 10_000
    const rows = edits * 10
    const server = await startBenchServer(real, rows)
    const device = await openDevice(await sqliteStorage(), server.url)
    await syncDevice(device)
    let turn = 0
    const place = {
      open: async () => {
        turn += 1
        // Each a local transaction of its own, so each is a group.
        for (let id = 1; id <= edits; id += 1) {
          await device.query(`update ${BENCH_TABLE} set city = $1 where id = $2`, [`City by the device ${turn}`, id])
        }
        return turn
      },
      close: async () => {
        const [row] = await server.sql.unsafe(
          `select count(*)::int as n from ${BENCH_TABLE} where id <= ${edits} and city like '%${turn}'`,
        )
        if (Number(row?.n) !== edits) throw new Error(`Of ${edits} edits, ${row?.n} are on the server.`)
        // What the yardstick wrote comes down outside of the time.
        await syncDevice(device)
      },
    }
    const samples = await interleave(Math.min(rounds, 3), place, {
      ours: () => timed(() => syncDevice(device)),
      raw: (n) =>
        timed(async () => {
          const text = `update ${BENCH_TABLE} set city = $1 where id = $2`
          for (let id = 1; id <= edits; id += PER_TRANSACTION) {
            await server.sql.begin(async (tx) => {
              for (let at = id; at < id + PER_TRANSACTION; at += 1) {
                await tx.unsafe(text, [`City by statements ${n}`, at + edits], { prepare: true })
              }
            })
          }
        }),
    })
    await device.close()
    await server.stop()
    const ratio = median(samples.raw) / median(samples.ours)
    return [
      {
        what: `push of ${edits} queued single-row edits`,
        ours: perSecond(edits, median(samples.ours)),
        yardstick: `${perSecond(edits, median(samples.raw))} (prepared statements, ${PER_TRANSACTION} a transaction)`,
        ratio,
        target: '≥ 0.3',
        reached: ratio >= 0.3,
        samples: { ours: samples.ours, raw: samples.raw },
      },
    ]
  },
}
