/** Devices on one storage and a server in one process, joined by a simulated network: the ground of the sync suites. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type {
  Bundle,
  Clock,
  Database,
  Device,
  EntityActions,
  FileActions,
  FileStore,
  Row,
  Server,
  Storage,
  Timers,
  Transport,
} from '../../contract'
import { createServer } from '../../server'
import { createMemoryDisk } from '../../storage/memory/memory-disk'
import { openMemory } from '../../storage/memory/open-memory'
import { openPGlite } from '../../storage/pglite'
import { openSqlite } from '../../storage/sqlite/open-sqlite'
import { FIELD_BUNDLE, FIELD_SERVER_SQL } from '../../testing/field-bundle'
import { openFreshPGlite } from '../../testing/fresh-pglite'
import { createSeededRandom } from '../../testing/seeded-random'
import { createSimNetwork, type LinkMessage, type SimLink } from '../../testing/sim-network'
import { httpTransport } from '../../transport'
import { createDevice } from '../create-device'
import { localLocks, systemTimers } from '../ports'

/** A kind of storage, for which the suites run. */
export interface StorageKind {
  readonly name: Storage['kind']
  readonly open: () => Promise<Storage>
  /** A place that outlives the device that is opened there. */
  readonly place: () => Promise<Place>
}

export interface Place {
  readonly open: () => Promise<Storage>
  readonly remove: () => Promise<void>
}

export const STORAGES: readonly StorageKind[] = [
  { name: 'pglite', open: openFreshPGlite, place: () => directory((path) => openPGlite(path)) },
  { name: 'sqlite', open: () => openSqlite('memory://'), place: () => directory((path) => openSqlite(`${path}.db`)) },
  {
    name: 'memory',
    open: () => openMemory(),
    place: async () => {
      const disk = createMemoryDisk()
      return { open: () => openMemory({ disk }), remove: async () => {} }
    },
  },
]

async function directory(open: (path: string) => Promise<Storage>): Promise<Place> {
  const path = await mkdtemp(join(tmpdir(), 'syncline-device-'))
  return { open: () => open(join(path, 'data')), remove: () => rm(path, { recursive: true, force: true }) }
}

/** Small, so that little work meets them. */
export const LAB_BOUNDS = { pageRows: 10, maxBodyBytes: 400_000, maxFileBytes: 2_000_000 }

export interface SyncLab {
  readonly server: Server
  readonly database: Database
  readonly messages: LinkMessage[]
  readonly addDevice: (name: string, options?: LabDeviceOptions) => Promise<LabDevice>
  /** Calls `fn` when a request of a device has reached the server and its answer has not left yet. */
  readonly beforeAnswer: (fn: (() => Promise<void>) | null) => void
  readonly onServer: (text: string, params?: unknown[]) => Promise<Row[]>
  /** Each device has the server's rows, and nothing is left to do. */
  readonly expectEqual: (...devices: Device[]) => Promise<void>
  readonly close: () => Promise<void>
}

export interface LabDeviceOptions {
  readonly place?: Place
  readonly bundle?: Bundle
  readonly clock?: Clock
  readonly timers?: Timers
  readonly transport?: Transport
  readonly user?: string
  readonly files?: FileStore
}

export interface LabDevice {
  readonly device: Device
  readonly link: SimLink
}

/** How a suite gets its lab: a new one for each test. */
export interface SyncGround {
  readonly kind: StorageKind
  readonly openDatabase: () => Promise<Database>
}

export async function startLab({ kind, openDatabase }: SyncGround, bundle: Bundle = FIELD_BUNDLE): Promise<SyncLab> {
  const random = createSeededRandom(7)
  const database = await openDatabase()
  await database.execute(FIELD_SERVER_SQL)
  const authenticate = (request: Request) => ({ user: request.headers.get('x-user') ?? 'ann' })
  const server = await createServer(bundle, { database, random, authenticate, ...LAB_BOUNDS })
  await server.install()
  let hook: (() => Promise<void>) | null = null
  const network = createSimNetwork({
    clock: { now: () => 0 },
    timers: systemTimers,
    random,
    serve: async (request) => {
      const answer = await server.fetch(request)
      await hook?.()
      return answer
    },
  })
  const messages: LinkMessage[] = []
  network.observe((message) => messages.push(message))
  const devices: Device[] = []
  const onServer: SyncLab['onServer'] = (text, params = []) => database.query(text, params)
  return {
    server,
    database,
    messages,
    onServer,
    addDevice: async (name, { place, bundle: own = bundle, transport, user = 'ann', ...ports } = {}) => {
      const link = network.link(name)
      const device = await createDevice(own, {
        storage: await (place ?? kind).open(),
        transport: transport ?? transportOf(link, user),
        session: { user },
        random: random.fork(name),
        network: link.network,
        locks: localLocks(),
        ...ports,
      })
      devices.push(device)
      return { device, link }
    },
    beforeAnswer: (fn) => {
      hook = fn
    },
    expectEqual: async (...equal) => {
      for (const entity of bundle.entities) {
        const columns = entity.attributes.map(({ column }) => `"${column}"`).join(', ')
        const rows = await onServer(`select ${columns} from "${entity.server.table}"`)
        for (const device of equal) {
          const list = await actions(device, entity.name).list()
          expect(sorted(list.map((row) => Object.values(row)))).toEqual(sorted(rows.map((row) => Object.values(row))))
        }
      }
      for (const device of equal) expect(device.sync.status).toMatchObject({ pending: 0, stalled: null })
    },
    close: async () => {
      for (const device of devices) await device.close()
      await server.close()
    },
  }
}

export function transportOf(link: SimLink, user = 'ann'): Transport {
  // The simulated network reads bodies as text.
  return httpTransport('http://server.test/', { fetch: link.fetch, headers: { 'x-user': user }, gzip: false })
}

/** Runs the unit and expects it to complete. */
export async function sync(device: Device, unit = 'Default'): Promise<void> {
  expect(await device.sync.trigger(unit)).toMatchObject({ kind: 'completed' })
}

export function actions(device: Pick<Device, 'entities'>, name: string): EntityActions & Partial<FileActions> {
  const found = device.entities[name]
  if (!found) throw new Error(`The bundle has no entity ${name}.`)
  return found
}

export const companies = (device: Pick<Device, 'entities'>) => actions(device, 'Companies')
export const orders = (device: Pick<Device, 'entities'>) => actions(device, 'WorkOrders')
export const parts = (device: Pick<Device, 'entities'>) => actions(device, 'PartsUsed')

function sorted<T>(rows: readonly T[]): T[] {
  return rows.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
}
