import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Bundle, Device, DeviceOptions, Server, ServerOptions } from '@syncline/runtime/contract'
import { openPGlite } from '@syncline/runtime/storage'
import {
  ALL_FAULTS,
  openMemoryPlace,
  prepareServerGround,
  runSimulation,
  type ServerGround,
  type SimulationReport,
  shrinkScript,
} from '@syncline/runtime/testing'
import type { Project } from '@/designer/model'
import { rebuildSchema, SchemaNotMadeError } from '@/designer/schema/rebuild-schema'
import { buildBundle } from '@/designer/server/bundle-builder'
import { checkSql } from '@/designer/server/sql-check'
import { done, hasErrors, type Outcome, wrongUse } from '../outcome'
import { readProject } from '../project-input'
import { checked } from './check'
import type { ImportModule } from './serve'

export interface SimulateOptions {
  readonly seed?: string
  readonly runs?: string
  readonly devices?: string
  readonly steps?: string
}

const RUNTIME = fileURLToPath(new URL('../../../runtime', import.meta.url))

interface Numbers {
  readonly seed: number
  readonly runs: number
  readonly devices: number
  readonly steps: number
}

/** `syncline simulate FILE [--seed N] [--runs N] [--devices N] [--steps N]` */
export async function simulate(file: string, options: SimulateOptions, importModule: ImportModule): Promise<Outcome> {
  const numbers = readNumbers(options)
  if (typeof numbers === 'string') return wrongUse(numbers)
  const input = await readProject(file)
  if (input.kind === 'refused') return input.outcome
  const built = await buildBundle(inClearText(input.project), RUNTIME, checkSql)
  if (built.kind === 'has-errors') return checked(built.diagnostics)
  const folder = await mkdtemp(join(tmpdir(), 'syncline-simulate-'))
  try {
    for (const { path, text } of built.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    const modules = await loadBundle(folder, importModule)
    return await runAll(input.project, modules, numbers).catch(serverFault)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The simulator compares what lies in the devices' tables, and encryption does not decide what becomes of an edit. */
function inClearText(project: Project): Project {
  const clear = structuredClone(project)
  for (const { attributes } of Object.values(clear.localEntities))
    for (const attribute of Object.values(attributes)) attribute.sensitive = false
  return clear
}

function readNumbers({ seed = '1', runs = '1', devices = '3', steps = '60' }: SimulateOptions): Numbers | string {
  const given = { seed, runs, devices, steps }
  for (const [name, text] of Object.entries(given)) {
    if (!/^\d{1,9}$/.test(text) || (name !== 'seed' && Number(text) < 1)) {
      return `"${text}" is not a number for --${name}. Give a whole number${name === 'seed' ? '' : ' from 1'}.`
    }
  }
  return { seed: Number(seed), runs: Number(runs), devices: Number(devices), steps: Number(steps) }
}

/** What the simulator uses of a compiled bundle. */
interface BundleModules {
  readonly bundle: Bundle
  readonly createDevice: (options: DeviceOptions) => Promise<Device>
  readonly createServer: (options: ServerOptions) => Promise<Server>
}

async function loadBundle(folder: string, importModule: ImportModule): Promise<BundleModules> {
  const load = (name: string) => importModule(pathToFileURL(join(folder, name)).href)
  const [device, server] = await Promise.all([load('device.js'), load('server.js')])
  // In virtual time, a part that is loaded when it is first needed would look like a storage that hangs.
  await Promise.all((await readdir(folder)).filter((name) => /^device-[\w-]+\.js$/.test(name)).map(load))
  return {
    ...(device as Pick<BundleModules, 'bundle' | 'createDevice'>),
    ...(server as Pick<BundleModules, 'createServer'>),
  }
}

/** What the database says of the bundle is the project's fault; the statement that it says it of is long, and nobody's. */
function serverFault(error: unknown): Outcome {
  if (error instanceof SchemaNotMadeError)
    return hasErrors(`${error.message} Mend the schema in the project, or import it again.`)
  if (error instanceof Error && 'severity' in error) return hasErrors(`The server could not run. ${error.message}`)
  throw error
}

async function runAll(project: Project, modules: BundleModules, numbers: Numbers): Promise<Outcome> {
  const ground = await openGround(project, modules)
  const started = performance.now()
  const totals = new Map<string, number>()
  try {
    const run = (seed: number, script?: SimulationReport['script']) =>
      runSimulation({
        bundle: modules.bundle,
        server: ground,
        storage: openMemoryPlace,
        createDevice: (_, options) => modules.createDevice(options),
        createServer: (_, options) => modules.createServer(options),
        seed,
        devices: numbers.devices,
        steps: numbers.steps,
        faults: { ...ALL_FAULTS, openWriters: false, claims: false },
        ...(script && { script }),
      })
    for (let seed = numbers.seed; seed < numbers.seed + numbers.runs; seed += 1) {
      const report = await run(seed)
      for (const [name, count] of Object.entries(report.counts)) totals.set(name, (totals.get(name) ?? 0) + count)
      if (!report.ok) return await broken(report, (script) => run(seed, script))
    }
  } finally {
    await ground.database.close()
  }
  const seconds = (performance.now() - started) / 1000
  const counts = Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)))
  const runs =
    numbers.runs === 1 ? `seed ${numbers.seed}` : `seeds ${numbers.seed} to ${numbers.seed + numbers.runs - 1}`
  return done(
    [
      ...Object.entries(counts).map(([name, count]) => `${String(count).padStart(7)}  ${name}`),
      `Nothing broke: ${numbers.devices} devices, ${numbers.steps} steps, ${runs} (${seconds.toFixed(1)} s).`,
    ],
    { kind: 'simulated', ok: true, ...numbers, counts },
  )
}

async function broken(
  report: SimulationReport,
  again: (script: SimulationReport['script']) => Promise<SimulationReport>,
): Promise<Outcome> {
  const rules = new Set(report.problems.map(ruleOf))
  const script = await shrinkScript(report.script, async (shorter) =>
    (await again(shorter)).problems.some((problem) => rules.has(ruleOf(problem))),
  )
  return hasErrors(
    [
      `Seed ${report.seed} broke:`,
      ...report.problems.slice(0, 20).map((problem) => `  ${problem}`),
      `The shortest script that still breaks it has ${script.steps.length} steps:`,
      JSON.stringify(script),
    ].join('\n'),
    { kind: 'simulated', ok: false, seed: report.seed, problems: report.problems, counts: report.counts, script },
  )
}

const ruleOf = (problem: string): string => problem.slice(0, problem.indexOf(':'))

async function openGround(project: Project, modules: BundleModules): Promise<ServerGround> {
  const { db } = await rebuildSchema(project)
  return prepareServerGround({
    database: await openPGlite('memory://', { pglite: db }),
    bundle: modules.bundle,
    // The tables are there.
    serverSql: 'select 1',
    install: (database) => modules.createServer({ database, authenticate: () => null }),
  })
}
