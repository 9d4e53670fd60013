import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import type { Device, DeviceOptions, Storage, Transport } from '@syncline/runtime/contract'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RealPostgres, startPostgres } from '@/runtime/testing/real-postgres'

const root = process.cwd()
let place: string
let server: RealPostgres

const SHOP = `create table customer (id uuid primary key default gen_random_uuid(), name text not null);`

interface DeviceModule {
  readonly createDevice: (options: DeviceOptions) => Promise<Device>
  readonly openPGlite: (target: string, options: { readonly pglite: unknown }) => Promise<Storage>
  readonly httpTransport: (url: string, options?: { readonly headers: Record<string, string> }) => Transport
}

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'syncline-serve-'))
  server = await startPostgres()
})
afterAll(async () => {
  await server?.stop()
  await rm(place, { recursive: true, force: true })
})

const launch = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [join(root, 'designer', 'cli', 'syncline.mjs'), ...args], { cwd: place })

/** Resolves with what was printed when the process ends, or as soon as `until` is in it. */
function printedBy(child: ChildProcess, until?: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let printed = ''
    const collect = (part: Buffer) => {
      printed += part.toString()
      if (until?.test(printed)) resolve(printed)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.once('close', (exitCode) => resolve(`${printed}exit ${exitCode}`))
  })
}

describe('a project made, compiled and served over PostgreSQL by the command line', () => {
  it('syncs a device over HTTP, both ways', async () => {
    const url = await server.createDatabase()
    const sql = postgres(url, { max: 1, onnotice: () => undefined })
    await sql.unsafe(SHOP)
    expect(await printedBy(launch('init', url, '--out', 'shop.syncline.json'))).toContain('exit 0')
    expect(await printedBy(launch('compile', 'shop.syncline.json', '--out', 'bundle'))).toContain('exit 0')

    const child = launch('serve', 'bundle', '--database', url, '--port', '0')
    const exited = new Promise((resolve) => child.once('close', resolve))
    const ready = await printedBy(child, /listening on \S+\n/)
    const address = /listening on (\S+)\n/.exec(ready)?.[1]
    if (address === undefined) throw new Error(ready)
    try {
      const bundle = (await import(pathToFileURL(join(place, 'bundle', 'device.js')).href)) as DeviceModule
      const device = await bundle.createDevice({
        storage: await bundle.openPGlite('memory://', { pglite: await PGlite.create() }),
        transport: bundle.httpTransport(address, { headers: { authorization: 'Bearer ada' } }),
        session: { user: 'ada' },
      })
      await sql`insert into customer (name) values ('From the server')`
      await device.entities.Customer?.create({ name: 'From the device' })
      expect(await device.sync.trigger('Default')).toMatchObject({ kind: 'completed', pushedGroups: 1 })
      expect(await device.query('select name from customer order by name')).toEqual([
        { name: 'From the device' },
        { name: 'From the server' },
      ])
      expect([...(await sql`select name from customer order by name`)]).toEqual([
        { name: 'From the device' },
        { name: 'From the server' },
      ])
      await device.close()
    } finally {
      child.kill('SIGTERM')
      await sql.end()
    }
    expect(await exited).toBe(0)
  })
})
