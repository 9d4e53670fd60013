/** A real PostgreSQL with the bundle's server, devices of every storage beside it, and the comparison at the end. */
import postgres, { type Sql } from 'postgres'
import { expect } from 'vitest'
import { createDevice } from '../client'
import type { Bundle, Database, Device, EntityActions, Row, Server, Storage, Transport } from '../contract'
import { createServer } from '../server'
import { openMemory } from '../storage/memory/open-memory'
import { openPostgres } from '../storage/postgres'
import { openSqlite } from '../storage/sqlite/open-sqlite'
import { FIELD_SERVER_SQL } from '../testing/field-bundle'
import { openFreshPGlite } from '../testing/fresh-pglite'
import { memoryTransport } from '../transport'
import { PROOF_BUNDLE } from './proof-bundle'

export interface ProofWorld {
  readonly url: string
  readonly database: Database
  readonly server: Server
  readonly bundle: Bundle
  /** A connection of its own to the same database, as another program has. */
  readonly connect: () => Promise<Sql>
  readonly openDevice: (kind: Storage['kind'], options?: DeviceOptions) => Promise<Device>
  readonly close: () => Promise<void>
}

interface DeviceOptions {
  readonly storage?: Storage
  readonly transport?: Transport
}

export async function createProofWorld(url: string, bundle: Bundle = PROOF_BUNDLE): Promise<ProofWorld> {
  const setup = postgres(url, { max: 1, onnotice: () => undefined })
  await setup.unsafe(FIELD_SERVER_SQL)
  await setup.end()
  const database = await openPostgres(url)
  const server = await createServer(bundle, { database, authenticate: () => ({ user: 'ann' }) })
  await server.install()
  const endings: (() => Promise<unknown>)[] = []
  return {
    url,
    database,
    server,
    bundle,
    connect: async () => {
      const sql = postgres(url, { max: 1, onnotice: () => undefined })
      endings.push(() => sql.end({ timeout: 1 }))
      return sql
    },
    openDevice: async (kind, options = {}) => {
      const device = await createDevice(bundle, {
        storage: options.storage ?? (await openStorage(kind)),
        transport: options.transport ?? memoryTransport(server),
        session: { user: 'ann' },
      })
      endings.push(() => device.close())
      return device
    },
    close: async () => {
      for (const end of endings.splice(0).reverse()) await end()
      await server.close()
    },
  }
}

export function openStorage(kind: Storage['kind']): Promise<Storage> {
  switch (kind) {
    case 'pglite':
      return openFreshPGlite()
    case 'sqlite':
      return openSqlite()
    case 'memory':
      return openMemory()
  }
}

/** Runs the unit and expects it to complete. */
export async function sync(device: Device): Promise<void> {
  const outcome = await device.sync.trigger('Default')
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ kind: 'completed' })
}

/** F9: every entity's rows are the server's, and `verify` says so too. */
export async function expectEqualToServer(device: Device, { database, bundle }: ProofWorld): Promise<void> {
  for (const { name, server, attributes } of bundle.entities) {
    const columns = attributes.map((attribute) => `"${attribute.column}" as "${attribute.name}"`).join(', ')
    const expected = await database.query(`select ${columns} from ${server.table}`)
    const actions: EntityActions | undefined = device.entities[name]
    expect(inOrder((await actions?.list()) ?? []), name).toEqual(inOrder(expected))
  }
  const verified = await device.verify()
  expect(verified, JSON.stringify(verified)).toMatchObject({ equal: true })
}

function inOrder(rows: readonly Row[]): Row[] {
  const text = (row: Row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  return [...rows].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}
