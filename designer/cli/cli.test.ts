import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { emptyProject, PATTERN_KINDS, parseProject, serializeProject } from '@/designer/model'
import { main } from './main'
import { type OutputFile, replaceFolder } from './replace-folder'

const root = process.cwd()
const NORTHWIND = join(root, '..', 'shared', 'data', 'northwind.sql')

/** Outside of the checkout: no node_modules above it, and another working directory. */
let place: string
const at = (name: string): string => join(place, name)

const SHOP = `
  create type colour as enum ('red', 'green');
  create table customer (id uuid primary key default gen_random_uuid(), name text not null, likes colour);
  create table order_line (customer uuid references customer, line int, amount numeric(10, 2), primary key (customer, line));
  create table log (entry text);
`

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'syncline-cli-'))
  process.chdir(place)
  await writeFile(at('shop.sql'), SHOP)
  await writeFile(at('empty.syncline.json'), serializeProject(emptyProject({ id: 'pr_empty', name: 'Empty' })))
  expect((await run('init', 'shop.sql', '--out', 'shop.syncline.json')).exitCode).toBe(0)
})
afterAll(async () => {
  process.chdir(root)
  await rm(place, { recursive: true, force: true })
})

interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const launch = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [join(root, 'designer', 'cli', 'syncline.mjs'), ...args], {
    cwd: place,
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** Runs a command to its end in a process of its own, as a shell does. */
function runProcess(...args: readonly string[]): Promise<Ended> {
  const child = launch(args)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (part: Buffer) => {
    stdout += part.toString()
  })
  child.stderr?.on('data', (part: Buffer) => {
    stderr += part.toString()
  })
  return new Promise((resolve) => child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr })))
}

/** The same in this process, which saves the seconds of starting one. */
async function run(...args: readonly string[]): Promise<Ended> {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const printed = (spy: typeof stdout) => spy.mock.calls.map(([text]) => String(text)).join('')
  try {
    const exitCode = await main(args, (url) => import(url))
    return { exitCode, stdout: printed(stdout), stderr: printed(stderr) }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}

async function projectAt(name: string) {
  const parsed = parseProject(await readFile(at(name), 'utf8'))
  if (parsed.kind === 'failed') throw new Error(parsed.message)
  return parsed.project
}

describe('syncline init', () => {
  it('takes every table that can be synced, in the unit Default, on last-write-wins', async () => {
    const project = await projectAt('shop.syncline.json')
    const entities = Object.values(project.localEntities)
    expect(entities.map(({ name }) => name).sort()).toEqual(['customer', 'order_line'])
    expect(entities.map(({ pattern }) => pattern.kind)).toEqual(['last-write-wins', 'last-write-wins'])
    expect(Object.values(project.syncUnits).map(({ name }) => name)).toEqual(['Default'])
    expect(project.name).toBe('shop')
  })

  it('takes the named tables on the named pattern, and says so to programs', async () => {
    const args = ['--entities', 'customer', '--pattern', 'read-only-delta', '--json']
    const { exitCode, stdout } = await run('init', 'shop.sql', '--out', 'named.syncline.json', ...args)
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'initialised',
      pattern: 'read-only-delta',
      entities: ['customer'],
      skipped: [],
    })
    const [entity] = Object.values((await projectAt('named.syncline.json')).localEntities)
    expect(entity).toMatchObject({ name: 'customer', pattern: { kind: 'read-only-delta' }, direction: 'down' })
  })

  it.each(PATTERN_KINDS)('takes all tables on %s, without errors', async (pattern) => {
    const file = `${pattern}.syncline.json`
    expect((await run('init', 'shop.sql', '--out', file, '--pattern', pattern)).exitCode).toBe(0)
    const { exitCode, stdout } = await run('check', file, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ errors: 0 })
    expect(exitCode).toBe(0)
    const entities = Object.values((await projectAt(file)).localEntities)
    expect(entities.map((entity) => entity.pattern.kind)).toEqual([pattern, pattern])
  })

  it('gives the same file for the same dump, whatever the process and its folder', async () => {
    await runProcess('init', 'shop.sql', '--out', 'again/shop.syncline.json')
    expect(await readFile(at('again/shop.syncline.json'))).toEqual(await readFile(at('shop.syncline.json')))
  })

  it('does not overwrite a file, unless it is told to', async () => {
    const { exitCode, stderr } = await run('init', 'shop.sql', '--out', 'shop.syncline.json')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('shop.syncline.json is there already. Choose another name, or add --force')
    expect((await run('init', 'shop.sql', '--out', 'shop.syncline.json', '--force')).exitCode).toBe(0)
  })

  it.each([
    [
      'a table that is not there, with those that are near',
      ['--entities', 'custmer,log'],
      /no table "custmer"\. Did you mean customer\?/,
    ],
    ['a table that cannot be synced', ['--entities', 'log'], /primary key/],
    ['an empty list of tables', ['--entities', ''], /--entities names no table/],
    ['a list of commas', ['--entities', ' , ,'], /--entities names no table/],
    ['a pattern that is not there', ['--pattern', 'magic'], /no pattern "magic"\. There are: read-only, /],
  ])('refuses %s', async (_case, args, message) => {
    const { exitCode, stderr } = await run('init', 'shop.sql', '--out', 'refused.syncline.json', ...args)
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(2)
    expect(existsSync(at('refused.syncline.json'))).toBe(false)
  })

  it('exits with 1 and writes nothing where no table can be synced, and says why', async () => {
    await writeFile(at('logs.sql'), 'create table log (entry text);')
    const { exitCode, stderr } = await run('init', 'logs.sql', '--out', 'logs.syncline.json')
    expect(stderr).toMatch(/^logs\.sql: .*no table.*\n {2}log: .*primary key/)
    expect(exitCode).toBe(1)
    expect(existsSync(at('logs.syncline.json'))).toBe(false)
    const { stdout } = await run('init', 'logs.sql', '--out', 'logs.syncline.json', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'failed', leftOut: [{ name: 'log' }] })
  })

  it('says what else there is that can not be synced, and what to do', async () => {
    const made = `create table orders (id int primary key);
      create view totals as select count(*) from orders; create materialized view kept as select * from orders;`
    await writeFile(at('views.sql'), made)
    const { stdout } = await run('init', 'views.sql', '--out', 'views.syncline.json')
    expect(stdout).toMatch(/left out kept: "kept" is a materialized view\. .*Sync the tables that it reads instead/)
    expect(stdout).toMatch(/left out totals: "totals" is a view\. /)
  })

  it('exits with 2 where the source is not there, and with 1 where it has an error, which it places', async () => {
    expect(await run('init', 'none.sql', '--out', 'x.json')).toMatchObject({
      exitCode: 2,
      stderr: 'There is no file none.sql. Check the path.\n',
    })
    await writeFile(at('broken.sql'), 'create table a (id int primary key);\ncreate tabel b ();\n')
    const { exitCode, stderr } = await run('init', 'broken.sql', '--out', 'x.json')
    expect(stderr).toMatch(/^broken\.sql:2: /)
    expect(exitCode).toBe(1)
  })

  it.skipIf(!existsSync(NORTHWIND))(
    'takes Northwind from a dump (skipped where ../shared/data is missing)',
    async () => {
      const named = ['--entities', 'customers,orders,order_details']
      const { exitCode, stdout } = await run('init', NORTHWIND, '--out', 'northwind.syncline.json', ...named, '--json')
      expect(exitCode).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ entities: ['customers', 'order_details', 'orders'] })
      const compiled = await run('compile', 'northwind.syncline.json', '--out', 'northwind', '--json')
      expect(compiled.exitCode).toBe(0)
      expect(await readFile(at('northwind/src/entities.ts'), 'utf8')).toContain('OrderDetails')
    },
  )
})

describe('syncline check', () => {
  it('exits with 0 and prints what there is to say', async () => {
    const { exitCode, stdout } = await run('check', 'shop.syncline.json')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/(No errors, no warnings|0 errors, \d+ warnings?)\.\n$/)
  })

  it('exits with 1 where the project has errors, and prints each with its code', async () => {
    const { exitCode, stderr } = await runProcess('check', 'empty.syncline.json')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error [\w-]+: .+\n/)
    expect(stderr).toMatch(/1 error, 0 warnings\.\n$/)
  })

  it('prints the diagnostics to programs', async () => {
    const { exitCode, stdout } = await run('check', 'empty.syncline.json', '--json')
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'checked',
      errors: 1,
      diagnostics: [{ severity: 'error', code: expect.any(String), message: expect.any(String) }],
    })
  })

  it.each([
    ['is cut off', '{"format": 1, "id": "pr_x", "na', /cut off/],
    ['is of a newer format', '{"format": 99}', /newer Syncline/],
    ['is empty', '', /empty/],
  ])('exits with 1 where the file %s', async (_case, text, message) => {
    await writeFile(at('bad.syncline.json'), text)
    const { exitCode, stderr } = await run('check', 'bad.syncline.json')
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(1)
  })

  it('exits with 2 where the file is not there', async () => {
    expect((await run('check', 'none.syncline.json')).exitCode).toBe(2)
  })

  it('puts scopes and expressions to PostgreSQL; what it refuses is no bundle', async () => {
    const project = await projectAt('shop.syncline.json')
    const [entity] = Object.values(project.localEntities)
    if (entity === undefined) throw new Error('There is no entity.')
    const scoped = (where: string) => {
      const localEntities = { ...project.localEntities, [entity.id]: { ...entity, scope: { kind: 'sql', where } } }
      return writeFile(at('scoped.syncline.json'), JSON.stringify({ ...project, localEntities }))
    }
    await scoped('true as x')
    const refused = /error SL5021: .*is refused by PostgreSQL: syntax error at or near "as" \(at “as x”, character 6\)/
    for (const args of [['check'], ['compile', '--out', 'scoped'], ['simulate']]) {
      const [command = '', ...options] = args
      const { exitCode, stderr } = await run(command, 'scoped.syncline.json', ...options)
      expect(stderr).toMatch(refused)
      expect(exitCode).toBe(1)
    }
    expect(existsSync(at('scoped'))).toBe(false)
    await scoped('true')
    expect((await runProcess('check', 'scoped.syncline.json')).exitCode).toBe(0)
  })
})

describe('syncline simulate', () => {
  it('says which table PostgreSQL does not make', async () => {
    const project = await projectAt('shop.syncline.json')
    const [table] = Object.values(project.serverEntities)
    const clash = { id: 'st_clash', kind: 'enum', schema: table?.schema, name: table?.name, values: ['x'] }
    await writeFile(
      at('clash.syncline.json'),
      JSON.stringify({ ...project, serverTypes: { ...project.serverTypes, st_clash: clash } }),
    )
    const { exitCode, stderr } = await run('simulate', 'clash.syncline.json')
    expect(stderr).toMatch(/tables can't be made: .*already exists.* Mend the schema in the project/s)
    expect(exitCode).toBe(1)
  })
})

describe('syncline compile', () => {
  it('writes the files of the bundle, the same each time, in place of an earlier bundle', async () => {
    const first = await run('compile', 'shop.syncline.json', '--out', 'bundle', '--json')
    expect(first.exitCode).toBe(0)
    const { files, hash } = JSON.parse(first.stdout) as { files: string[]; hash: string }
    expect(files).toEqual(
      expect.arrayContaining(['manifest.json', 'device.js', 'device.d.ts', 'server.js', 'server.d.ts']),
    )
    for (const file of files) expect(existsSync(at(join('bundle', file)))).toBe(true)
    const second = await run('compile', 'shop.syncline.json', '--out', 'bundle', '--json')
    expect(JSON.parse(second.stdout)).toMatchObject({ hash })
    expect((await readdir(place)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it("removes an earlier bundle's own files and keeps all others", async () => {
    await run('compile', 'shop.syncline.json', '--out', 'kept')
    const manifest = await readFile(at('kept/manifest.json'), 'utf8')
    const earlier = JSON.parse(manifest) as { files: Record<string, string> }
    const listed = { ...earlier, files: { ...earlier.files, 'src/gone/entity.ts': '' } }
    await writeFile(at('kept/manifest.json'), JSON.stringify(listed))
    const others = ['notes.txt', 'src/mine.ts', 'node_modules/postgres/index.js']
    for (const file of [...others, 'src/gone/entity.ts']) {
      await mkdir(dirname(at(join('kept', file))), { recursive: true })
      await writeFile(at(join('kept', file)), 'other')
    }
    expect((await run('compile', 'shop.syncline.json', '--out', 'kept')).exitCode).toBe(0)
    for (const file of others) expect(await readFile(at(join('kept', file)), 'utf8')).toBe('other')
    expect(existsSync(at('kept/src/gone'))).toBe(false)
    expect(await readFile(at('kept/manifest.json'), 'utf8')).toBe(manifest)
  })

  it.each([
    ["another tool's manifest", { name: 'My app', start_url: '/', icons: [] }],
    ['a manifest with paths out of the folder', { bundleVersion: 1, projectId: 'x', files: { '../notes.txt': '' } }],
    ['a manifest without files', { bundleVersion: 1, projectId: 'x' }],
  ])('takes a folder with %s for no bundle', async (_case, manifest) => {
    await rm(at('app'), { recursive: true, force: true })
    await mkdir(at('app'))
    await writeFile(at('app/manifest.json'), JSON.stringify(manifest))
    const { exitCode, stderr } = await run('compile', 'shop.syncline.json', '--out', 'app')
    expect(stderr).toContain('app holds other files and no earlier bundle')
    expect(exitCode).toBe(2)
    expect(JSON.parse(await readFile(at('app/manifest.json'), 'utf8'))).toEqual(manifest)
  })

  it('leaves a folder alone that holds something else, unless it is told to', async () => {
    await mkdir(at('mine'))
    await writeFile(at('mine/notes.txt'), 'mine')
    const { exitCode, stderr } = await run('compile', 'shop.syncline.json', '--out', 'mine')
    expect(stderr).toContain('mine holds other files and no earlier bundle')
    expect(exitCode).toBe(2)
    expect(await readdir(at('mine'))).toEqual(['notes.txt'])
    expect((await run('compile', 'shop.syncline.json', '--out', 'mine', '--force')).exitCode).toBe(0)
    expect(await readdir(at('mine'))).not.toContain('notes.txt')
  })

  it('writes nothing where the project has errors', async () => {
    const { exitCode, stderr } = await run('compile', 'empty.syncline.json', '--out', 'nothing')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error /)
    expect(existsSync(at('nothing'))).toBe(false)
  })
})

describe('replacing a bundle', () => {
  const bundleOf = (...paths: readonly string[]): OutputFile[] => {
    const files = Object.fromEntries(paths.map((path) => [path, '']))
    const manifest = { bundleVersion: 1, projectId: 'pr_x', files }
    return [...paths.map((path) => ({ path, text: path })), { path: 'manifest.json', text: JSON.stringify(manifest) }]
  }

  it('does not overwrite a file that the earlier bundle did not make, unless it is told to', async () => {
    await replaceFolder('clash', bundleOf('device.js'), false)
    await writeFile(at('clash/server.js'), 'mine')
    const next = bundleOf('device.js', 'server.js')
    expect(await replaceFolder('clash', next, false)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('server.js'),
    })
    expect(await readFile(at('clash/server.js'), 'utf8')).toBe('mine')
    expect(await replaceFolder('clash', next, true)).toEqual({ kind: 'written' })
    expect(await readFile(at('clash/server.js'), 'utf8')).toBe('server.js')
  })

  it('that stopped half way is put right by the next time, and other files stay where they are', async () => {
    await replaceFolder('half', bundleOf('a.js', 'b.js'), false)
    await mkdir(at('half/z.js'))
    await writeFile(at('half/z.js/mine.txt'), 'mine')
    // The folder z.js stands in the way of the file, when a.js and m.js have been moved already.
    expect(await replaceFolder('half', bundleOf('a.js', 'm.js', 'z.js'), false)).toMatchObject({ kind: 'refused' })
    expect((await readdir(at('half'))).sort()).toEqual(['a.js', 'm.js', 'manifest.json', 'z.js'])
    expect(await readFile(at('half/z.js/mine.txt'), 'utf8')).toBe('mine')
    // m.js is known to be a bundle's, though that bundle was never complete.
    expect(await replaceFolder('half', bundleOf('a.js', 'n.js'), false)).toEqual({ kind: 'written' })
    expect((await readdir(at('half'))).sort()).toEqual(['a.js', 'manifest.json', 'n.js', 'z.js'])
  })
})

describe('syncline', () => {
  it.each([
    ['no command', ['--json'], /--json/],
    ['a command that is not there', ['compil', 'x', '--json'], /^unknown command 'compil'.*compile/s],
    ['an option that is not there', ['check', 'shop.syncline.json', '--loud', '--json'], /^unknown option '--loud'/],
    ['an option that is missing', ['compile', 'shop.syncline.json', '--json'], /--out/],
    ['a file that is not there', ['check', 'none.syncline.json', '--json'], /^There is no file/],
  ])('says %s to programs', async (_case, args, message) => {
    const { exitCode, stdout, stderr } = await run(...args)
    expect(JSON.parse(stdout)).toEqual({ kind: 'wrong-use', message: expect.stringMatching(message) })
    expect(stderr).toBe('')
    expect(exitCode).toBe(2)
  })

  it.each([
    ['init', ['init', 'a-folder', '--out', 'of-folder.json']],
    ['check', ['check', 'a-folder']],
    ['compile', ['compile', 'a-folder', '--out', 'of-folder']],
  ])('%s exits with 2 where it is given a folder for a file', async (_command, args) => {
    await mkdir(at('a-folder'), { recursive: true })
    const message = 'a-folder is a folder, and a file is needed.'
    expect(await run(...args)).toEqual({ exitCode: 2, stdout: '', stderr: `${message}\n` })
    const { exitCode, stdout } = await run(...args, '--json')
    expect(JSON.parse(stdout)).toEqual({ kind: 'wrong-use', message })
    expect(exitCode).toBe(2)
  })

  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await runProcess('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    ['no command', []],
    ['a command that is not there', ['compil', 'x']],
    ['an option that is not there', ['check', 'shop.syncline.json', '--loud']],
    ['an option that is missing', ['compile', 'shop.syncline.json']],
    ['a seed that is no number', ['simulate', 'shop.syncline.json', '--seed', 'x']],
  ])('exits with 2 on %s', async (_case, args) => {
    const { exitCode, stderr } = await runProcess(...args)
    expect(stderr).not.toBe('')
    expect(exitCode).toBe(2)
  })

  it('exits with 0 when asked for help', async () => {
    const { exitCode, stdout } = await run('--help')
    expect(stdout).toContain('init [options] <source>')
    expect(exitCode).toBe(0)
  })
})

describe('syncline serve', () => {
  /** Starts a server and waits for its ready line; ends it when `use` is done. */
  async function serving(args: readonly string[], use: (url: string) => Promise<void>): Promise<number | null> {
    const child = launch(['serve', ...args])
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
    let printed = ''
    const url = await new Promise<string>((resolve, reject) => {
      child.stderr?.on('data', (part: Buffer) => {
        printed += part.toString()
      })
      child.stdout?.on('data', (part: Buffer) => {
        printed += part.toString()
        const found = /listening on (http:\/\/localhost:\d+)\n/.exec(printed)?.[1]
        if (found !== undefined) resolve(found)
      })
      void exited.then(() => reject(new Error(`serve ended: ${printed}`)))
    })
    try {
      await use(url)
    } finally {
      child.kill('SIGTERM')
    }
    return exited
  }

  beforeAll(async () => {
    expect((await run('compile', 'shop.syncline.json', '--out', 'served')).exitCode).toBe(0)
  })

  it('runs a bundle that has no packages beside it, over PGlite, and stops cleanly', async () => {
    // The tables have to be there: the bundle adds tracking to them and makes none of its own.
    const { PGlite } = await import('@electric-sql/pglite')
    const database = await PGlite.create(at('data'))
    await database.exec(SHOP)
    await database.close()
    const exitCode = await serving(['served', '--database', 'pglite:data', '--port', '0'], async (url) => {
      const health = await fetch(`${url}/health`)
      expect(health.status).toBe(200)
      const page = await fetch(`${url}/health`, { headers: { origin: 'http://localhost:5173' } })
      expect(page.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
      const preflight = await fetch(`${url}/sync`, { method: 'OPTIONS', headers: { origin: 'http://localhost:5173' } })
      expect(preflight.status).toBe(204)
      const foreign = await fetch(`${url}/health`, { headers: { origin: 'https://example.com' } })
      expect(foreign.status).toBe(403)
      const nonsense = await fetch(`${url}/sync`, { method: 'POST', body: '{' })
      expect(nonsense.status).toBe(400)
    })
    expect(exitCode).toBe(0)
  })

  it('says what is wrong with the folder, the database or the port', async () => {
    await mkdir(at('no-bundle'), { recursive: true })
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['no-bundle', '--database', 'pglite:x'], /no-bundle holds no server\.js.*syncline compile/],
      [['served', '--database', 'mysql://x'], /postgres:\/\/.* or as pglite:DIR/],
      [
        ['served', '--database', 'postgres://me:secret@127.0.0.1:1/x'],
        /postgres:\/\/me:…@127\.0\.0\.1:1\/x can't be used: .*refused/,
      ],
      [['served', '--database', 'pglite:x', '--port', 'many'], /"many" is not a port/],
    ]
    for (const [args, message] of cases) {
      const { exitCode, stderr } = await runProcess('serve', ...args)
      expect(stderr).toMatch(message)
      expect(stderr).not.toContain('secret')
      expect(exitCode).toBe(2)
    }
  })

  it('says so where the port is in use', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { exitCode, stderr } = await runProcess(
      'serve',
      'served',
      '--database',
      'pglite:data',
      '--port',
      String(port),
    )
    other.close()
    expect(stderr).toContain(`Port ${port} is in use`)
    expect(exitCode).toBe(2)
  })
})
