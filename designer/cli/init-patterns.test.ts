/** What `init --pattern` makes of whole databases: it compiles without errors, and what is compiled syncs. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Bundle, CreateDevice, CreateServer, Database, Storage, Transport } from '@syncline/runtime/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '@/designer/compiler'
import { linkBundle } from '@/designer/compiler/link'
import { PATTERN_KINDS, type PatternKind, type Project, projectFromSchema, type ServerSchema } from '@/designer/model'
import { importDump } from '@/designer/schema/import-dump'

const DATA = join(process.cwd(), '..', 'shared', 'data')
const NORTHWIND = join(DATA, 'northwind.sql')
const TIMEOUT_MS = 120_000

type WithoutBundle<Create> = Create extends (bundle: Bundle, options: infer Options) => infer Result
  ? (options: Options) => Result
  : never

interface Linked {
  readonly createDevice: WithoutBundle<CreateDevice>
  readonly openMemory: () => Promise<Storage>
  readonly httpTransport: (url: string, options: object) => Transport
  readonly createServer: WithoutBundle<CreateServer>
  readonly openPGlite: (target: string) => Promise<Database>
}

let scratch = ''
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'syncline-patterns-'))
  await symlink(join(process.cwd(), 'node_modules'), join(scratch, 'node_modules'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

async function schemaOf(path: string): Promise<ServerSchema> {
  const imported = await importDump({ bytes: await readFile(path), fileName: path, keepData: false })
  if (imported.kind === 'failed') throw new Error(imported.message)
  return imported.schema
}

function projectOn(schema: ServerSchema, pattern: PatternKind): Project {
  const made = projectFromSchema({ schema, name: `On ${pattern}`, pattern })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}

async function linked(project: Project, name: string): Promise<Linked> {
  const { files, summary, diagnostics } = compile(project)
  if (files === null || summary === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const bundle = await linkBundle({ files, summary, runtimeDir: join(process.cwd(), 'runtime') })
  for (const { path, text } of bundle.files.filter((file) => /^[\w-]+\.js(on)?$/.test(file.path))) {
    await mkdir(dirname(join(scratch, name, path)), { recursive: true })
    await writeFile(join(scratch, name, path), text)
  }
  const load = (file: string): Promise<object> => import(pathToFileURL(join(scratch, name, file)).href)
  return { ...(await load('device.js')), ...(await load('server.js')) } as Linked
}

describe.each(['northwind.sql', 'chinook.sql', 'pagila-schema.sql'])('all of %s', (file) => {
  const path = join(DATA, file)
  it.skipIf(!existsSync(path))(
    'compiles without errors on each pattern (skipped where ../shared/data is missing)',
    async () => {
      const schema = await schemaOf(path)
      for (const pattern of PATTERN_KINDS) {
        const { diagnostics } = compile(projectOn(schema, pattern))
        expect(
          diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message),
          pattern,
        ).toEqual([])
      }
    },
    TIMEOUT_MS,
  )
})

describe.skipIf(!existsSync(NORTHWIND))('Northwind (skipped where ../shared/data is missing)', () => {
  let schema: ServerSchema
  let dump = ''
  beforeAll(async () => {
    schema = await schemaOf(NORTHWIND)
    dump = await readFile(NORTHWIND, 'utf8')
  }, TIMEOUT_MS)

  it.each(PATTERN_KINDS)(
    'syncs on %s',
    async (pattern) => {
      const bundle = await linked(projectOn(schema, pattern), pattern)
      const database = await bundle.openPGlite('memory://')
      await database.execute(dump)
      await database.execute('set search_path to public')
      const server = await bundle.createServer({ database, authenticate: () => ({ user: 'ada' }) })
      await server.install()
      const device = await bundle.createDevice({
        storage: await bundle.openMemory(),
        transport: bundle.httpTransport('http://server.test/', { fetch: (request: Request) => server.fetch(request) }),
        session: { user: 'ada' },
      })
      const { Shippers, Orders } = device.entities
      if (pattern === 'on-demand') await device.demand.choose('Shippers', [1, 2])
      expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed' })
      expect(await Shippers?.list()).toHaveLength(pattern === 'append-only' ? 0 : pattern === 'on-demand' ? 2 : 6)
      if (pattern === 'append-only') {
        await Shippers?.create({ shipper_id: 77, company_name: 'Slow Boat' })
      } else if (!pattern.startsWith('read-only')) {
        await Shippers?.update(1, { company_name: 'Slow Boat' })
        if (pattern !== 'on-demand') await Orders?.create({ order_id: 77, customer_id: 'ALFKI' })
      }
      expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed' })
      expect(device.sync.status).toMatchObject({ pending: 0, conflicts: 0, quarantined: 0 })
      const renamed = await database.query(
        "select count(*)::int as count from shippers where company_name = 'Slow Boat'",
      )
      expect(renamed).toEqual([{ count: pattern.startsWith('read-only') ? 0 : 1 }])
      const verified = await device.verify()
      expect(verified.entities.filter(({ equal }) => !equal)).toEqual([])
      await device.close()
      await server.close()
      await database.close()
    },
    TIMEOUT_MS,
  )
})
