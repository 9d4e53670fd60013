import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/**
 * Rules that nothing breaks may have stopped working. Each is broken here on purpose, in a folder of
 * its own that has the project's configuration, and lint must say so.
 */
const root = process.cwd()
let house: string

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'syncline-house-'))
  for (const file of ['biome.json', 'tsconfig.json', 'package.json', 'designer/cli/lint/no-clock.grit']) {
    await mkdir(dirname(join(house, file)), { recursive: true })
    await cp(join(root, file), join(house, file))
  }
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'), 'dir')
})

afterAll(() => rm(house, { recursive: true, force: true }))

/** The rules that the files break, as biome names them. */
async function rulesBrokenBy(files: Readonly<Record<string, string>>): Promise<string[]> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(house, path)), { recursive: true })
    await writeFile(join(house, path), text)
  }
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'lint', '--reporter=json', ...Object.keys(files)],
    { cwd: house, encoding: 'utf8' },
  )
  for (const path of Object.keys(files)) await rm(join(house, path))
  const report = JSON.parse(stdout) as { diagnostics?: { category: string; severity: string }[] }
  if (report.diagnostics === undefined) throw new Error(`biome printed no report: ${stderr}`)
  return [...new Set(report.diagnostics.filter(({ severity }) => severity === 'error').map(({ category }) => category))]
}

const IMPORTS = 'lint/style/noRestrictedImports'

const importing = (from: string) => `import { x } from '${from}'\n\nexport const y = x\n`

describe('imports that go the wrong way are refused', () => {
  it.each([
    ['runtime/client/planted.ts', '@/designer/model'],
    ['runtime/client/planted.ts', '../../preview/lab'],
    ['runtime/server/planted.ts', '@syncline/runtime/contract'],
    ['runtime/client/planted.ts', 'react'],
    ['runtime/core/planted.ts', 'node:fs'],
    ['runtime/core/planted.ts', '../storage/pglite'],
    ['preview/planted.ts', '@/designer/model'],
    ['preview/ui/planted.ts', '../../designer/model'],
    ['designer/model/planted.ts', 'react'],
    ['designer/model/planted.ts', 'zustand'],
    ['designer/model/planted.ts', '@xyflow/react'],
    ['designer/model/planted.ts', 'node:fs'],
    ['designer/model/planted.ts', '@/designer/patterns'],
    ['designer/model/planted.ts', '../compiler/compile'],
    ['designer/model/planted.ts', '@syncline/runtime/contract'],
    ['designer/patterns/planted.ts', '@/designer/compiler'],
    ['designer/patterns/planted.ts', 'next/navigation'],
    ['designer/compiler/planted.ts', '@syncline/runtime/client'],
    ['designer/compiler/planted.ts', '@/designer/stores/project'],
    ['designer/compiler/planted.ts', '../panels/problems'],
    ['designer/compiler/planted.ts', 'next'],
    ['designer/schema/planted.ts', '@/designer/compiler'],
    ['designer/panels/planted.ts', '@/preview/lab'],
    ['designer/stores/planted.ts', '@/designer/server/database'],
    ['designer/canvas/planted.ts', '@syncline/runtime/client'],
    ['designer/server/planted.ts', '@/preview/lab'],
    ['designer/server/planted.ts', '@/designer/panels/problems'],
    ['designer/cli/planted.ts', '@/app/page'],
  ])('%s ← %s', async (file, from) => {
    expect(await rulesBrokenBy({ [file]: importing(from) })).toEqual([IMPORTS])
  })
})

describe('imports that go the right way are not', () => {
  it.each([
    ['app/planted.ts', '@/preview/lab'],
    ['app/planted.ts', '@/designer/panels/problems'],
    ['preview/planted.ts', '@syncline/runtime/client'],
    ['designer/compiler/planted.ts', '@syncline/runtime/contract'],
    ['designer/compiler/planted.ts', '@/designer/patterns'],
    ['designer/stores/planted.ts', '@/designer/compiler'],
    ['designer/stores/planted.ts', '@/designer/server/router'],
    ['designer/server/planted.ts', '@/designer/compiler'],
    ['runtime/client/planted.ts', '../core/rebase'],
  ])('%s ← %s', async (file, from) => {
    expect(await rulesBrokenBy({ [file]: importing(from) })).toEqual([])
  })
})

describe('time, chance and timers are refused where they have to come in by a port', () => {
  const uses = {
    'Date.now()': 'lint/nursery/noJsRestrictedProperties',
    'new Date()': 'plugin',
    'Math.random()': 'lint/nursery/noJsRestrictedProperties',
    'crypto.randomUUID()': 'lint/nursery/noJsRestrictedProperties',
    'globalThis.setTimeout(() => 0, 1)': 'lint/nursery/noJsRestrictedProperties',
    'setTimeout(() => 0, 1)': 'lint/style/noRestrictedGlobals',
    'setInterval(() => 0, 1)': 'lint/style/noRestrictedGlobals',
    'performance.now()': 'lint/style/noRestrictedGlobals',
  }
  const rooms = ['runtime/core', 'runtime/client', 'designer/compiler']

  it.each(rooms.flatMap((room) => Object.entries(uses).map(([use, rule]) => [room, use, rule] as const)))(
    '%s: %s',
    async (room, use, rule) => {
      expect(await rulesBrokenBy({ [`${room}/planted.ts`]: `export const planted = ${use}\n` })).toEqual([rule])
    },
  )

  it('while a test there may use them, and so may everybody else', async () => {
    const text = 'export const planted = [Date.now(), new Date(), Math.random()]\n'
    expect(await rulesBrokenBy({ 'runtime/client/planted.test.ts': text, 'designer/server/planted.ts': text })).toEqual(
      [],
    )
  })

  it('while a date that is made from a value is no clock', async () => {
    const text = 'export const planted = (value: number) => new Date(value)\n'
    expect(await rulesBrokenBy({ 'runtime/client/planted.ts': text })).toEqual([])
  })
})

describe('refused everywhere', () => {
  it('is a cycle of imports', async () => {
    const files = {
      'designer/model/one.ts': "import { two } from './two'\n\nexport const one = () => two()\n",
      'designer/model/two.ts': "import { one } from './one'\n\nexport const two = () => one()\n",
    }
    expect(await rulesBrokenBy(files)).toEqual(['lint/suspicious/noImportCycles'])
  })

  it('is a default export, except where Next asks for one', async () => {
    const text = 'export default function planted() {}\n'
    expect(await rulesBrokenBy({ 'designer/panels/planted.ts': text })).toEqual(['lint/style/noDefaultExport'])
    expect(await rulesBrokenBy({ 'app/planted.ts': text })).toEqual([])
  })

  it('is any', async () => {
    const text = 'export const planted = (value: any) => value\n'
    expect(await rulesBrokenBy({ 'runtime/server/planted.ts': text })).toEqual(['lint/suspicious/noExplicitAny'])
  })
})

describe('the configuration', () => {
  it('is read without a complaint of its own', async () => {
    expect(JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'))).toHaveProperty('linter.rules.preset')
  })
})
