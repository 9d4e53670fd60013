/** Pulls everything into a database on disk and tells its parent what memory it had at each page. */
import { openDevice, sqliteStorage, syncDevice } from './bench-device'
import type { MemoryReport } from './rows/memory'

const { SYNCLINE_BENCH_URL: url, SYNCLINE_BENCH_PATH: path } = process.env
if (url === undefined || path === undefined) throw new Error('Run `npm run bench -- --only memory`; it starts this.')

const device = await openDevice(await sqliteStorage(path), url)
const samples: { done: number; rss: number }[] = []
const sample = (done: number) => {
  // Without it the figure would tell when the collector last felt like running.
  globalThis.gc?.()
  samples.push({ done, rss: process.memoryUsage().rss })
}
let pages = 0
device.on('status', ({ progress }) => {
  // Every page would slow it down to a crawl.
  if (progress && pages++ % 5 === 0) sample(progress.done)
})
await syncDevice(device)
sample(-1)
await device.close()
process.send?.({ samples } satisfies MemoryReport, () => process.disconnect())
