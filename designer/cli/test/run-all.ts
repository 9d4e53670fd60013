import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { findChromium } from './find-chromium'
import { runCommand } from './run-command'

interface Tally {
  readonly passed: number
  readonly failed: number
}

interface Check {
  readonly name: string
  readonly run: () => Promise<Tally>
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const RESULTS = join(ROOT, 'test-results')

/**
 * Runs lint, types, unit tests, tests on PostgreSQL, the simulator and browser tests, all of them even where one
 * fails, and answers the exit code. `args` may name some of the checks. The last line is the sum.
 */
export async function runAll(args: readonly string[]): Promise<number> {
  process.chdir(ROOT)
  process.env.NEXT_TELEMETRY_DISABLED = '1'
  await mkdir(RESULTS, { recursive: true })
  const unknown = args.filter((name) => !CHECKS.some((check) => check.name === name))
  if (unknown.length > 0) {
    console.error(`There is no check ${unknown.join(', ')}. There are: ${CHECKS.map(({ name }) => name).join(', ')}.`)
    return 2
  }
  let passed = 0
  let failed = 0
  for (const check of CHECKS.filter(({ name }) => args.length === 0 || args.includes(name))) {
    console.log(`\n── ${check.name} ──`)
    const started = performance.now()
    const tally = await check.run().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      return ONE_FAILED
    })
    passed += tally.passed
    failed += tally.failed
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    console.log(`── ${check.name}: ${tally.passed} passed, ${tally.failed} failed, ${seconds} s`)
  }
  console.log(`\n${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

const ONE_PASSED: Tally = { passed: 1, failed: 0 }
const ONE_FAILED: Tally = { passed: 0, failed: 1 }

const CHECKS: readonly Check[] = [
  {
    name: 'lint',
    run: () => whole('biome', ['ci', '--max-diagnostics=50', ...(process.stdout.isTTY ? [] : ['--colors=off'])]),
  },
  { name: 'types', run: () => whole('tsc', ['--noEmit']) },
  { name: 'unit', run: () => vitest('unit') },
  { name: 'pg', run: () => vitest('pg') },
  { name: 'sim', run: () => vitest('sim') },
  { name: 'build', run: build },
  { name: 'browser', run: browserTests },
]

/** A check that passes or fails as one. */
async function whole(program: string, args: readonly string[]): Promise<Tally> {
  return (await runCommand(program, args)) === 0 ? ONE_PASSED : ONE_FAILED
}

async function build(): Promise<Tally> {
  return (await runCommand('node', [join('designer', 'cli', 'start.mjs'), '--build-only'])) === 0
    ? ONE_PASSED
    : ONE_FAILED
}

const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
  success: z.boolean(),
})

async function vitest(project: string): Promise<Tally> {
  const file = join(RESULTS, `${project}.json`)
  await rm(file, { force: true })
  const exitCode = await runCommand('vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const report = VitestReport.parse(JSON.parse(await readFile(file, 'utf8')))
  return honest({ passed: report.numPassedTests, failed: report.numFailedTests }, exitCode)
}

const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
})

async function browserTests(): Promise<Tally> {
  const chromium = await findChromium(console.log)
  if (chromium.kind === 'missing') throw new Error(chromium.message)
  const file = join(RESULTS, 'browser.json')
  await rm(file, { force: true })
  const exitCode = await runCommand('playwright', ['test'], { SYNCLINE_CHROMIUM: chromium.executable ?? '' })
  const { stats } = PlaywrightReport.parse(JSON.parse(await readFile(file, 'utf8')))
  // A test that passes only when it is tried again has failed.
  return honest({ passed: stats.expected, failed: stats.unexpected + stats.flaky }, exitCode)
}

/** A run can fail without a failed test: a file that doesn't load, an unhandled rejection, no tests at all. */
const honest = ({ passed, failed }: Tally, exitCode: number): Tally => ({
  passed,
  failed: exitCode !== 0 && failed === 0 ? 1 : failed,
})
