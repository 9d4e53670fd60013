/** Memory while 1M rows are pulled: of the device's process, with its database on disk, and of the server's. */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBenchServer } from '../bench-server'
import { type BenchResult, figure } from '../measure'
import type { Bench } from './context'

const MB = 1024 * 1024
/** What a pull may add between its first quarter and its end, whatever the number of rows. */
const MOST_GROWTH_MB = 64

export interface MemoryReport {
  readonly samples: readonly { readonly done: number; readonly rss: number }[]
}

export const memory: Bench = {
  name: 'memory',
  run: async ({ real, quick }) => {
    const rows = quick ? 200_000 : 1_000_000
    const server = await startBenchServer(real, rows)
    const folder = await mkdtemp(join(tmpdir(), 'syncline-bench-'))
    const serverRss: number[] = []
    let sampling = true
    const sampleServer = async () => {
      while (sampling) {
        serverRss.push(await server.memory())
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
    const sampled = sampleServer()
    try {
      const { samples } = await runDevice(server.url, join(folder, 'device.sqlite'))
      sampling = false
      await sampled
      return [
        line(
          `memory of a device pulling ${rows} rows (SQLite on disk)`,
          samples.map(({ rss }) => rss),
        ),
        line(`memory of the server meanwhile`, serverRss),
      ]
    } finally {
      sampling = false
      await rm(folder, { recursive: true, force: true })
      await server.stop()
    }
  },
}

function runDevice(url: string, path: string): Promise<MemoryReport> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('../memory-process.ts', import.meta.url)), {
      execArgv: ['--expose-gc', '--import', import.meta.resolve('tsx')],
      env: { ...process.env, SYNCLINE_BENCH_URL: url, SYNCLINE_BENCH_PATH: path },
    })
    child.once('message', (report) => resolve(report as MemoryReport))
    child.once('exit', (code) => reject(new Error(`The bench's device ended with code ${code}.`)))
  })
}

function line(what: string, rss: readonly number[]): BenchResult {
  const early = Math.max(...rss.slice(0, Math.max(1, Math.ceil(rss.length / 4))))
  const most = Math.max(...rss)
  const growth = (most - early) / MB
  return {
    what,
    ours: `${figure(most / MB)} MB at most`,
    yardstick: `${figure(early / MB)} MB in the first quarter`,
    ratio: most / early,
    target: `flat: ≤ ${MOST_GROWTH_MB} MB more`,
    reached: growth <= MOST_GROWTH_MB,
    samples: { rss },
  }
}
