import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { compile } from '@/designer/compiler'
import { linkBundle } from '@/designer/compiler/link'
import { SAMPLES } from '@/designer/compiler/testing/sample-projects'
import type { BenchResult } from '@/runtime/bench/measure'
import type { Bench } from '@/runtime/bench/rows/context'

const MOST_KB = 25
const RUNTIME = fileURLToPath(new URL('../../../runtime', import.meta.url))

/** `device.js` of a small project as a server sends it: gzip, without the database, which is no part of it. */
export const deviceSize: Bench = {
  name: 'device-size',
  run: async () => {
    const project = SAMPLES.shop?.()
    if (!project) throw new Error('There is no sample named shop.')
    const { files, summary } = compile(project)
    if (files === null || summary === null) throw new Error('The sample shop does not compile.')
    const linked = await linkBundle({ files, summary, runtimeDir: RUNTIME })
    const scripts = linked.files.filter(({ path }) => /^[^/]+\.js$/.test(path) && path !== 'server.js')
    const sizes = scripts.map(({ path, text }) => ({ path, kb: gzipSync(text, { level: 9 }).length / 1024 }))
    const device = sizes.find(({ path }) => path === 'device.js')
    if (!device) throw new Error('The bundle has no device.js.')
    const others = sizes.filter(({ path }) => path !== 'device.js')
    const result: BenchResult = {
      what: 'device.js without the database, gzip',
      ours: `${device.kb.toFixed(1)} KB`,
      yardstick: others.map(({ path, kb }) => `${path} ${kb.toFixed(1)} KB beside it`).join(', ') || '–',
      ratio: null,
      target: `≤ ${MOST_KB} KB`,
      reached: device.kb <= MOST_KB,
      samples: { kb: [device.kb] },
    }
    return [result]
  },
}
