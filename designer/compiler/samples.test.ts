/**
 * Golden samples: whole projects and the text that they compile to. After a wanted change, write them anew with
 * `UPDATE_SAMPLES=1 npx vitest run --project unit designer/compiler/samples.test.ts` and read the difference.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseProject, serializeProject } from '@/designer/model'
import { shuffled } from '@/designer/model/testing/build-schema'
import { compile } from './index'
import { SAMPLES } from './testing/sample-projects'

const SAMPLES_DIR = fileURLToPath(new URL('./samples', import.meta.url))
const UPDATE = process.env.UPDATE_SAMPLES === '1'

/** SQL is the contract's own text and is tested by running it. */
const isGolden = (path: string): boolean => !path.startsWith('sql/')

const filesOf = (project: Parameters<typeof compile>[0]): ReadonlyMap<string, string> =>
  new Map((compile(project).files ?? []).map(({ path, text }) => [path, text]))

describe.each(Object.entries(SAMPLES))('sample %s', (name, make) => {
  const folder = join(SAMPLES_DIR, name)

  it('compiles to the expected text', async () => {
    const project = make()
    const { diagnostics } = compile(project)
    const actual = new Map([...filesOf(project)].filter(([path]) => isGolden(path)))
    actual.set(
      'diagnostics.txt',
      diagnostics.map(({ code, severity, message }) => `${severity} ${code}: ${message}\n`).join(''),
    )
    if (UPDATE) {
      await rm(folder, { recursive: true, force: true })
      for (const [path, text] of actual) {
        await mkdir(dirname(join(folder, '_expected', path)), { recursive: true })
        await writeFile(join(folder, '_expected', path), text)
      }
      await writeFile(join(folder, 'project.syncline.json'), serializeProject(project))
    }
    expect(await readFile(join(folder, 'project.syncline.json'), 'utf8')).toBe(serializeProject(project))
    const expected = await readdir(join(folder, '_expected'), { recursive: true, withFileTypes: true })
    const paths = expected
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '_expected').length + 1))
    expect([...actual.keys()].sort()).toEqual(paths.sort())
    for (const path of paths)
      expect(actual.get(path), path).toBe(await readFile(join(folder, '_expected', path), 'utf8'))
  })

  it('gives the same bytes for any order of keys, and after a way through the file', () => {
    const project = make()
    const expected = filesOf(project)
    const parsed = parseProject(serializeProject(project))
    expect(parsed.kind === 'ok' && filesOf(parsed.project)).toEqual(expected)
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const next = () => numbers.next().value as number
        const mixed = shuffled(project, (keys) =>
          keys
            .map((key) => [next(), key] as const)
            .sort(([a], [b]) => a - b)
            .map(([, key]) => key),
        )
        expect(filesOf(mixed)).toEqual(expected)
        expect(compile(mixed).diagnostics).toEqual(compile(project).diagnostics)
      }),
      { numRuns: 20 },
    )
  })

  it('says at which line each entity and unit is', () => {
    const project = make()
    const files = compile(project).files ?? []
    const entities = files.find(({ path }) => path === 'src/entities.ts')
    for (const id of Object.keys(project.localEntities)) {
      expect(entities?.text.split('\n')[(entities.places[id] ?? 0) - 1]).toMatch(/^\/\*\* A row of/)
    }
    const units = files.find(({ path }) => path === 'src/units.ts')
    for (const [id, unit] of Object.entries(project.syncUnits)) {
      expect(units?.text.split('\n')[(units.places[id] ?? 0) - 1]).toContain(unit.name)
    }
  })
})

describe('the SQL of the samples', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  }, 60_000)
  afterAll(() => database.close())

  it.each(Object.entries(SAMPLES))(
    'of %s makes a device’s database',
    async (_name, make) => {
      const sql = filesOf(make()).get('sql/device-schema.pglite.sql') ?? ''
      await database.exec(`begin; ${sql}; rollback`)
    },
    60_000,
  )
})
