/** One device at a time has a file, in one process and in several. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDevice } from '../../client/create-device'
import { startDevice } from '../../client/testing-device'
import { FIELD_BUNDLE } from '../../testing/field-bundle'
import { httpTransport } from '../../transport'
import { openNodeDriver } from './node-driver'
import { openSqlite } from './open-sqlite'

/** The package is compiled where it is installed. */
const hasNative = (() => {
  try {
    const Database = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => { close: () => void }
    new Database(':memory:').close()
    return true
  } catch {
    return false
  }
})()
const TAKEN = /device\.db is open in another device, of this process or of another one/
const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))

describe.runIf(hasNative)('a file of SQLite', () => {
  let folder = ''
  let path = ''
  const children: ChildProcess[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syncline-hold-'))
    path = join(folder, 'device.db')
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })

  it('is had by one device of a process at a time, by whatever name', async () => {
    const first = await openSqlite(path)
    await expect(openSqlite(path)).rejects.toThrow(TAKEN)
    const link = join(folder, 'link.db')
    await symlink(path, link)
    await expect(openSqlite(link)).rejects.toThrow(TAKEN)
    await first.close()
    await (await openSqlite(link)).close()
  })

  it('leaves the device that has it as it was', async () => {
    const { device } = await startDevice({ storage: await openSqlite(path) })
    await expect(openSqlite(path)).rejects.toThrow(TAKEN)
    await device.entities.Companies?.create({ name: 'Acme' })
    expect(await device.entities.Companies?.list()).toHaveLength(1)
    await device.close()
    const again = await startDevice({ storage: await openSqlite(path) })
    expect(again.device.sync.status.pending).toBe(1)
    await again.device.close()
  })

  it('is had by one process at a time, and is free once that one was killed', async () => {
    await build({
      stdin: {
        contents: `import { openSqlite } from './open-sqlite'
await openSqlite(process.argv[2])
console.log('open')
setInterval(() => {}, 1000)`,
        resolveDir: FOLDER,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['better-sqlite3', '@sqlite.org/sqlite-wasm'],
      outfile: join(folder, 'holder.mjs'),
      logLevel: 'silent',
    })
    await symlink(MODULES, join(folder, 'node_modules'))
    const holder = spawn(process.execPath, [join(folder, 'holder.mjs'), path], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(holder)
    await once(holder.stdout, 'data')
    await expect(openSqlite(path)).rejects.toThrow(TAKEN)
    const gone = once(holder, 'exit')
    holder.kill('SIGKILL')
    await gone
    const storage = await openSqlite(path)
    await storage.close()
  }, 20_000)

  it('may be written by other programs, and says so where one holds it for too long', async () => {
    const device = await createDevice(FIELD_BUNDLE, {
      storage: await openSqlite(path),
      transport: httpTransport('http://server.test/', { fetch: async () => Response.json({}, { status: 503 }) }),
      session: { user: 'ann' },
    })
    const other = await openNodeDriver(path)
    other.execute(`insert into companies (id, name) values (7, 'by another program')`)
    expect(await device.entities.Companies?.list()).toHaveLength(1)
    other.execute('begin immediate')
    await expect(device.entities.Companies?.create({ name: 'x' })).rejects.toThrow(
      "Another program holds this device's database in a transaction of its own",
    )
    other.execute('rollback')
    await device.entities.Companies?.create({ name: 'x' })
    await device.close()
    other.execute('pragma locking_mode = exclusive; begin exclusive; delete from companies')
    await expect(openSqlite(path)).rejects.toThrow("Another program holds this device's database")
    other.execute('rollback')
    other.close()
    await (await openSqlite(path)).close()
  }, 30_000)

  it('is not made where it can’t be', async () => {
    await expect(openSqlite(join(folder, 'nowhere', 'device.db'))).rejects.toThrow(/directory/)
  })
})
