import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from './index'
import { type LinkedBundle, linkBundle } from './link'
import { SAMPLES } from './testing/sample-projects'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RUNTIME = join(ROOT, 'runtime')
const TIMEOUT_MS = 60_000
const run = promisify(execFile)

async function link(sample: string, runtimeDir = RUNTIME): Promise<LinkedBundle> {
  const { files, summary } = compile(
    SAMPLES[sample]?.() ?? (Promise.reject(new Error(`There is no sample ${sample}.`)) as never),
  )
  if (files === null || summary === null) throw new Error(`The sample ${sample} has errors.`)
  return linkBundle({ files, summary, runtimeDir })
}

async function write(bundle: LinkedBundle, folder: string): Promise<void> {
  for (const { path, text } of bundle.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

let scratch = ''
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'syncline-link-'))
  // As an app would have them installed.
  await symlink(join(ROOT, 'node_modules'), join(scratch, 'node_modules'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('linkBundle', () => {
  it(
    'lists each file with its SHA-256 in the manifest, whose own is the hash',
    async () => {
      const { files, hash } = await link('shop')
      const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
      const manifestText = files.find(({ path }) => path === 'manifest.json')?.text ?? ''
      const manifest = JSON.parse(manifestText) as { readonly files: Record<string, string> }
      const others = files.filter(({ path }) => path !== 'manifest.json')
      expect(manifest.files).toEqual(Object.fromEntries(others.map(({ path, text }) => [path, sha256(text)])))
      expect(hash).toBe(sha256(manifestText))
      expect(Object.keys(manifest.files)).toEqual(
        expect.arrayContaining([
          'README.md',
          'device.d.ts',
          'device-conflicts.js',
          'device-demand.js',
          'device-digest.js',
          'device-encryption.js',
          'device-errors.js',
          'device-memory.js',
          'device-merge.js',
          'device-pglite.js',
          'device-quarantine.js',
          'device-sqlite.js',
          'device-verify.js',
          'device.js',
          'device.js.map',
          'package.json',
          'server.d.ts',
          'server.js',
          'sql/device-schema.pglite.sql',
          'sql/device-schema.sqlite.sql',
          'sql/server-install.sql',
          'sql/server-uninstall.sql',
          'src/bundle.ts',
          'src/entities.ts',
          'src/handlers.ts',
          'src/runtime/api.ts',
          'src/runtime/bundle.ts',
          'src/runtime/storage.ts',
          'src/runtime/values.ts',
          'src/schema.ts',
          'src/units.ts',
        ]),
      )
    },
    TIMEOUT_MS,
  )

  it(
    'gives the same bytes again, and wherever the runtime lies',
    async () => {
      const elsewhere = join(scratch, 'elsewhere', 'deep', 'runtime')
      await cp(RUNTIME, elsewhere, { recursive: true, filter: (path) => !path.includes('node_modules') })
      const [first, again, moved] = [await link('shop'), await link('shop'), await link('shop', elsewhere)]
      expect(again).toEqual(first)
      for (const { path, text } of first.files)
        expect(moved.files.find((other) => other.path === path)?.text, path).toBe(text)
      for (const { text } of first.files) expect(text).not.toContain(ROOT)
    },
    TIMEOUT_MS,
  )

  it(
    'leaves the databases outside, behind dynamic imports alone, and what not every device needs beside device.js',
    async () => {
      const { files } = await link('shop')
      const dynamic = new Map<string, string[]>()
      for (const { path, text } of files.filter((file) => /^[\w-]+\.js$/.test(file.path))) {
        expect(text.match(/(^|[\n;}])\s*import\s*[\w{*"']/g) ?? [], path).toEqual([])
        dynamic.set(path, [...new Set([...text.matchAll(/import\("([^"]+)"\)/g)].map(([, from]) => from ?? ''))].sort())
      }
      expect(dynamic.get('device.js')).toEqual([
        './device-conflicts.js',
        './device-demand.js',
        './device-digest.js',
        './device-encryption.js',
        './device-errors.js',
        './device-file-stores.js',
        './device-files.js',
        './device-memory.js',
        './device-merge.js',
        './device-pglite.js',
        './device-quarantine.js',
        './device-sqlite.js',
        './device-verify.js',
      ])
      expect(dynamic.get('device-pglite.js')).toEqual(['@electric-sql/pglite'])
      expect(dynamic.get('server.js')).toContain('@electric-sql/pglite')
    },
    TIMEOUT_MS,
  )

  it(
    'gives a device.js of at most 25 KB, gzipped',
    async () => {
      const { files } = await link('shop')
      const device = files.find(({ path }) => path === 'device.js')?.text ?? ''
      expect(gzipSync(device, { level: 9 }).length).toBeLessThanOrEqual(25 * 1024)
    },
    TIMEOUT_MS,
  )

  it(
    'gives each script of the device a map to the sources that it was made of, and no other',
    async () => {
      const { files } = await link('shop')
      const scripts = files.filter(({ path }) => /^device[\w-]*\.js$/.test(path))
      expect(files.flatMap(({ path }) => (path.endsWith('.map') ? [path] : []))).toEqual(
        scripts.map(({ path }) => `${path}.map`),
      )
      for (const { path, text } of scripts) {
        expect(text.trimEnd().split('\n').at(-1)).toBe(`//# sourceMappingURL=${path}.map`)
        const map = new SourceMap(JSON.parse(files.find((file) => file.path === `${path}.map`)?.text ?? ''))
        const { sources, sourcesContent } = map.payload
        expect(sourcesContent).toHaveLength(sources.length)
        for (const source of sources) expect(source, path).toMatch(/^(runtime|src|node_modules)\/|^device[\w-]*\.js$/)
      }
      // A message of the source is found from where it is in the script.
      const script = files.find(({ path }) => path === 'device.js')?.text.split('\n') ?? []
      const message = 'This device was closed. Create it again to go on.'
      const line = script.findIndex((text) => text.includes(message))
      const map = new SourceMap(JSON.parse(files.find(({ path }) => path === 'device.js.map')?.text ?? ''))
      const entry = map.findEntry(line, script[line]?.indexOf(message) ?? -1)
      if (!('originalSource' in entry)) throw new Error('The map does not know the place.')
      expect(entry.originalSource).toBe('runtime/client/create-device.ts')
      const at = map.payload.sources.indexOf(entry.originalSource)
      expect(map.payload.sourcesContent[at]?.split('\n')[entry.originalLine]).toContain(message)
    },
    TIMEOUT_MS,
  )

  it(
    'makes every storage sync, each of its file, and encrypts where that is asked for',
    async () => {
      const folder = join(scratch, 'storages')
      await write(await link('patterns'), folder)
      const script = `
import { createDevice, httpTransport, openMemory, openPGlite, openSqlite } from './device.js'
import { createServer, openPGlite as openServerPGlite } from './server.js'
const database = await openServerPGlite('memory://')
await database.execute(\`
  create table countries (code text primary key, label text not null);
  create table news (id int primary key, body text);
  create table companies (id int generated by default as identity primary key, name text not null unique, country text references countries, notes text, bank text);
  create table contacts (id uuid primary key default gen_random_uuid(), company_id int not null references companies, email text not null);
  create table invoices (id uuid primary key default gen_random_uuid(), company_id int references companies on delete set null, total numeric(10,2));
  create table readings (id uuid primary key default gen_random_uuid(), at timestamptz, value double precision);
  create table stock (part text primary key, quantity int not null, labels text[], place text, version bigint);
  create table history (id int generated by default as identity primary key, invoice_id uuid not null references invoices, text text);
  insert into countries values ('CH', 'Switzerland');
  insert into stock values ('bolt', 10, '{small}', 'A1', 1);
\`)
const server = await createServer({ database, authenticate: () => ({ user: 'ada' }) })
await server.install()
const outcomes = {}
for (const [name, open] of Object.entries({ pglite: () => openPGlite('memory://'), sqlite: () => openSqlite('memory://'), memory: () => openMemory() })) {
  const device = await createDevice({
    storage: await open(),
    transport: httpTransport('http://server.test/', { fetch: (request) => server.fetch(request) }),
    session: { user: 'ada' },
    encryptionKey: new Uint8Array(32).fill(7),
  })
  await device.sync.trigger('Default')
  const company = await device.entities.Companies.create({ name, bank: 'secret of ' + name, country: 'CH' })
  await device.entities.Contacts.create({ company_id: company.id, email: name })
  const stock = await device.entities.Stock.get('bolt')
  await device.entities.Stock.update('bolt', { quantity: stock.quantity - 1 })
  await device.entities.Readings.create({ value: 1.5 })
  const outcome = await device.sync.trigger('Default')
  const [own] = await device.entities.Companies.list({ where: { name } })
  outcomes[name] = { kind: outcome.kind, error: outcome.error, bank: own.bank, verified: (await device.verify()).equal }
  await device.close()
}
console.log(JSON.stringify({
  outcomes,
  companies: await database.query('select m.name, m.bank, c.email from companies m join contacts c on c.company_id = m.id order by m.id'),
  stock: await database.query('select quantity from stock'),
  readings: await database.query('select count(*)::int as count from readings'),
}))
await server.close()
`
      await writeFile(join(folder, 'try.mjs'), script)
      const { stdout } = await run(process.execPath, [join(folder, 'try.mjs')], { timeout: 2 * TIMEOUT_MS })
      const result = JSON.parse(stdout) as Record<string, unknown>
      const fine = (name: string) => ({ kind: 'completed', bank: `secret of ${name}`, verified: true })
      expect(result.outcomes).toEqual({ pglite: fine('pglite'), sqlite: fine('sqlite'), memory: fine('memory') })
      expect(result.companies).toEqual(
        ['pglite', 'sqlite', 'memory'].map((name) => ({ name, bank: `secret of ${name}`, email: name })),
      )
      expect(result.stock).toEqual([{ quantity: 7 }])
      expect(result.readings).toEqual([{ count: 3 }])
    },
    3 * TIMEOUT_MS,
  )

  it(
    'exports the classes of the errors that a device rejects with, whichever part made them',
    async () => {
      const folder = join(scratch, 'errors')
      await write(await link('shop'), folder)
      const script = `
import * as bundle from './device.js'
const { createDevice, httpTransport, openMemory, openPGlite, openSqlite } = bundle
const unreachable = httpTransport('http://server.test/', { fetch: () => Promise.reject(new TypeError('no network')) })
const classOf = async (call) => {
  try {
    await call()
  } catch (error) {
    const name = Object.keys(bundle).find((key) => /Error$|Failure$/.test(key) && error instanceof bundle[key])
    return [name, error.kind ?? error.error?.kind ?? null, error.message]
  }
}
const found = {}
for (const [name, open] of Object.entries({ pglite: () => openPGlite('memory://'), sqlite: () => openSqlite('memory://'), memory: () => openMemory() })) {
  const storage = await open()
  const shared = { ...storage, openTables: async (...given) => ({ ...(await storage.openTables(...given)), close: async () => {} }) }
  const device = await createDevice({ storage: shared, transport: unreachable, session: { user: 'ada' } })
  const create = () => device.entities.Customers.create({ customer_id: 'ALFKI', company_name: 'Alfreds' })
  await create()
  found[name] = [
    await classOf(create),
    await classOf(() => device.entities.Customers.update('ALFKI', { city: null, credit: 'much' })),
    await classOf(() => device.verify()),
    await classOf(() => device.signOut()),
    await classOf(() => createDevice({ storage: shared, transport: unreachable, session: { user: 'bob' } })),
    await classOf(() => storage.openTables({ ...bundle.bundle, projectId: 'pr_other' }, { randomBytes: (length) => new Uint8Array(length) })),
  ]
  await device.close()
  await storage.close()
}
console.log(JSON.stringify(found))
`
      await writeFile(join(folder, 'try.mjs'), script)
      const { stdout } = await run(process.execPath, [join(folder, 'try.mjs')], { timeout: 2 * TIMEOUT_MS })
      const expected = [
        ['EntityError', 'duplicate-key', expect.stringContaining('Customers has a row with the key "ALFKI" already')],
        ['EntityError', 'bad-values', expect.stringContaining('Customers.credit: "much" is no value of type numeric')],
        ['SyncFailure', 'unreachable', expect.stringContaining('(no network). Try again later.')],
        ['PendingEditsError', null, expect.stringContaining('1 unsent edits')],
        ['DifferentUserError', null, expect.stringContaining('another user')],
        ['IncompatibleStoreError', null, expect.any(String)],
      ]
      expect(JSON.parse(stdout)).toEqual({ pglite: expected, sqlite: expected, memory: expected })
    },
    3 * TIMEOUT_MS,
  )

  it(
    'makes modules that a device and a server sync with',
    async () => {
      const folder = join(scratch, 'run')
      await write(await link('shop'), folder)
      const script = `
import { createDevice, httpTransport, openPGlite } from './device.js'
import { createServer, openPGlite as openServerPGlite } from './server.js'
const database = await openServerPGlite('memory://')
await database.execute(\`
  create table customers (customer_id varchar(5) primary key, company_name varchar(40) not null, city text, credit numeric(10,2));
  create table orders (order_id int generated by default as identity primary key, customer_id varchar(5) references customers, ordered_at timestamptz not null default now(), note text);
  create table order_details (order_id int references orders on delete cascade, product text, quantity smallint not null default 1, primary key (order_id, product));
  create table visits (id uuid primary key default gen_random_uuid(), body jsonb);
  insert into customers values ('ALFKI', 'Alfreds Futterkiste', 'Berlin', 12.50);
\`)
const server = await createServer({ database, authenticate: () => ({ user: 'ada' }) })
await server.install()
const device = await createDevice({
  storage: await openPGlite('memory://'),
  transport: httpTransport('http://server.test/', { fetch: (request) => server.fetch(request) }),
  session: { user: 'ada' },
})
const first = await device.sync.trigger('Default')
const order = await device.entities.Orders.create({ customer_id: 'ALFKI', note: 'made offline' })
await device.entities.OrderDetails.create({ order_id: order.order_id, product: 'tea' })
const second = await device.sync.trigger('Default')
console.log(JSON.stringify({
  first, second,
  customers: await device.entities.Customers.list(),
  server: await database.query('select o.note, d.product, d.quantity from orders o join order_details d using (order_id)'),
  device: await device.query('select o.note, d.product, d.quantity from orders o join order_details d using (order_id)'),
}))
await device.close()
await server.close()
`
      await writeFile(join(folder, 'try.mjs'), script)
      const { stdout } = await run(process.execPath, [join(folder, 'try.mjs')], { timeout: 2 * TIMEOUT_MS })
      const result = JSON.parse(stdout) as Record<string, unknown>
      expect(result.first).toMatchObject({ kind: 'completed' })
      expect(result.second).toMatchObject({ kind: 'completed', pushedGroups: 2 })
      expect(result.customers).toEqual([
        { customer_id: 'ALFKI', company_name: 'Alfreds Futterkiste', city: 'Berlin', credit: '12.50' },
      ])
      expect(result.server).toEqual([{ note: 'made offline', product: 'tea', quantity: 1 }])
      expect(result.device).toEqual(result.server)
    },
    3 * TIMEOUT_MS,
  )
})

describe('types of a bundle', () => {
  /** What an app might write; `@ts-expect-error` fails where there is no error. */
  const USES: Record<string, string> = {
    shop: `import { createDevice, type Device, DifferentUserError, type Entities, EntityError, type EntityErrorKind, httpTransport, IncompatibleStoreError, openPGlite, type OrdersRow, PendingEditsError, type RefusalReason, SyncFailure, type UnitName } from '../device.js'
import type { Device as AnyDevice } from '../src/runtime/api.js'
import { createServer, openPostgres } from '../server.js'
export async function use(): Promise<OrdersRow | null> {
  const device: Device = await createDevice({ storage: await openPGlite('memory://'), transport: httpTransport('http://x/', { fetch }), session: { user: 'a' } })
  await device.entities.Customers.create({ customer_id: 'A', company_name: 'B', credit: '1.00' })
  // @ts-expect-error a numeric is text
  await device.entities.Customers.create({ customer_id: 'A', company_name: 'B', credit: 1 })
  // @ts-expect-error the company's name has to be given
  await device.entities.Customers.create({ customer_id: 'A' })
  // @ts-expect-error the server makes this key
  await device.entities.Orders.create({ order_id: 1 })
  await device.entities.Orders.create({ ordered_at: new Date(0) })
  await device.entities.OrderDetails.update({ order_id: 1, product: 'x' }, { quantity: 2 })
  // @ts-expect-error there is no such entity
  device.entities.Nothing
  await device.transaction(async (tx) => tx.entities.Visits.create({ body: { a: [1, null] } }))
  await device.sync.trigger('Default', { discardPending: true })
  // @ts-expect-error there is no such unit
  await device.sync.trigger('Nope')
  const unit: UnitName = 'Default'
  device.on('quarantine', ({ id, reason, message }) => console.log(id, reason satisfies RefusalReason, message, unit))
  const ofAnyBundle: AnyDevice<Entities> = device
  await ofAnyBundle.sync.trigger('Another')
  const [order] = await device.entities.Orders.list({ where: { note: null }, orderBy: ['ordered_at', 'desc'], limit: 1 })
  const server = await createServer({ database: await openPostgres('postgres://x'), authenticate: async () => ({ user: 'a' }) })
  await server.install()
  return order ?? device.entities.Orders.get(1)
}
export function say(error: unknown): EntityErrorKind | string | number {
  if (error instanceof EntityError) return error.kind
  if (error instanceof SyncFailure) return error.error.recovery
  if (error instanceof PendingEditsError) return error.counts.pendingEdits
  if (error instanceof DifferentUserError || error instanceof IncompatibleStoreError) return error.message
  // @ts-expect-error they are thrown, and not made
  return String(new EntityError())
}
`,
  }

  it.each(Object.keys(SAMPLES))(
    'of %s are right in strict mode, for bundlers and for Node',
    async (sample) => {
      const folder = join(scratch, 'types', sample)
      await write(await link(sample), folder)
      await mkdir(join(folder, 'app'), { recursive: true })
      await writeFile(join(folder, 'app', 'use.ts'), USES[sample] ?? `import '../device.js'\nimport '../server.js'\n`)
      for (const [module, moduleResolution] of [
        ['esnext', 'bundler'],
        ['nodenext', 'nodenext'],
      ]) {
        const config = {
          compilerOptions: {
            target: 'es2022',
            lib: ['es2022', 'dom'],
            module,
            moduleResolution,
            strict: true,
            noEmit: true,
            types: [],
            noUnusedLocals: true,
            noUnusedParameters: true,
            exactOptionalPropertyTypes: true,
            verbatimModuleSyntax: true,
            isolatedModules: true,
            noUncheckedIndexedAccess: true,
            skipLibCheck: false,
          },
          include: ['src', 'app', '*.d.ts'],
        }
        await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
        const checked = await run(process.execPath, [
          join(ROOT, 'node_modules/typescript/bin/tsc'),
          '-p',
          folder,
        ]).catch((error: { stdout: string }) => error)
        expect(checked.stdout).toBe('')
      }
    },
    TIMEOUT_MS,
  )

  it(
    'an emitted module is importable as it is',
    async () => {
      const folder = join(scratch, 'import')
      await write(await link('odd-names'), folder)
      const device = (await import(pathToFileURL(join(folder, 'device.js')).href)) as {
        readonly bundle: { readonly projectName: string }
      }
      expect(device.bundle.projectName).toBe('Odd */ names `$\u007bx}`\n"quoted"')
      expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('`OrderDetails`')
    },
    TIMEOUT_MS,
  )
})
