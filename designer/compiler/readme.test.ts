/** The examples of a bundle's README are what an app copies first: each of them is checked as that app's code would be. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from './index'
import { linkBundle } from './link'
import { readmeExamples } from './testing/readme-examples'
import { SAMPLES } from './testing/sample-projects'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TIMEOUT_MS = 60_000

let scratch = ''
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'syncline-readme-'))
  await symlink(join(ROOT, 'node_modules'), join(scratch, 'node_modules'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

/** Writes the sample's types and the examples of its README beside them; answers the examples' paths. */
async function writeExamples(sample: string): Promise<string[]> {
  const project = SAMPLES[sample]?.()
  const { files: sources, summary } = project ? compile(project) : { files: null, summary: null }
  if (!sources || !summary) throw new Error(`The sample ${sample} does not compile.`)
  const { files } = await linkBundle({ files: sources, summary, runtimeDir: join(ROOT, 'runtime') })
  const folder = join(scratch, sample)
  for (const { path, text } of files.filter(({ path: each }) => /\.ts$|^package\.json$/.test(each))) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const readme = files.find(({ path }) => path === 'README.md')?.text ?? ''
  const examples = readmeExamples(readme)
  expect(examples.map((text) => /from '\.\/(\w+)\.js'/.exec(text)?.[1])).toEqual(['device', 'server'])
  const paths = examples.map((_, index) => join(folder, `example-${index}.ts`))
  for (const [index, path] of paths.entries()) await writeFile(path, examples[index] ?? '')
  return paths
}

/** What the compiler has to say, line by line. */
async function complaints(paths: readonly string[]): Promise<string[]> {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    module: 'nodenext',
    strict: true,
    noUnusedLocals: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  }
  await writeFile(join(scratch, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: paths }))
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', scratch, '--pretty', 'false']).catch(
    (error: { readonly stdout: string }) => error,
  )
  return stdout.split('\n').filter((line) => line !== '')
}

describe('the examples of a README', () => {
  it(
    'are right in strict mode, for every sample',
    async () => {
      const paths = (await Promise.all(Object.keys(SAMPLES).map(writeExamples))).flat()
      expect(paths).toHaveLength(2 * Object.keys(SAMPLES).length)
      expect(await complaints(paths)).toEqual([])
      // Nor would it be so, whatever they were.
      const wrong = join(scratch, 'shop', 'wrong.ts')
      await writeFile(
        wrong,
        "import { openPostgres } from './server.js'\nawait openPostgres(process.env.DATABASE_URL)\n",
      )
      expect((await complaints([wrong]))[0]).toContain("'string | undefined' is not assignable")
    },
    TIMEOUT_MS,
  )
})
