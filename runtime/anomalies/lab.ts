/** A server and devices that run one pattern's bundle; what goes over the line can be held, lost and looked into. */

import { createDevice } from '../client'
import type { Bundle, Database, Device, JsonValue, Server, Storage, SyncOutcome } from '../contract'
import { createServer } from '../server'
import { createSeededRandom } from '../testing/seeded-random'
import { httpTransport } from '../transport'
import { SERVER_SQL } from './pattern-bundle'

/** A place for one device's data that outlives the device. */
export interface Place {
  readonly open: () => Promise<Storage>
}

export interface Lab {
  readonly server: Server
  readonly database: Database
  /** What all sessions' claims are from now on. */
  readonly setClaims: (claims: { readonly [name: string]: JsonValue }) => void
  /** The server's clock. */
  readonly setTime: (nowMs: number) => void
  readonly device: (name: string, options?: LabDeviceOptions) => Promise<LabDevice>
  readonly close: () => Promise<void>
}

export interface LabDeviceOptions {
  readonly place?: Place
  /** Milliseconds since 1970, asked at each reading. */
  readonly now?: () => number
}

export interface LabDevice {
  readonly device: Device
  readonly sync: () => Promise<SyncOutcome>
  readonly companies: () => Promise<readonly { readonly [column: string]: unknown }[]>
  readonly contacts: () => Promise<readonly { readonly [column: string]: unknown }[]>
  /** Calls `fn` when the server has answered a request and the device has not heard it; a throw loses the answer. */
  readonly beforeAnswer: (fn: (() => Promise<void>) | null) => void
}

const START_MS = Date.UTC(2026, 4, 5)

export async function startLab(
  bundle: Bundle,
  database: Database,
  openPlace: () => Promise<Place>,
  { pageRows = 2 }: { readonly pageRows?: number } = {},
): Promise<Lab> {
  await database.execute(SERVER_SQL)
  let claims: { readonly [name: string]: JsonValue } = { region: 'N' }
  let nowMs = START_MS
  const random = createSeededRandom(1)
  const server = await createServer(bundle, {
    database,
    authenticate: () => ({ user: 'ann', claims }),
    random,
    clock: { now: () => nowMs },
    retentionDays: 0,
    pageRows,
  })
  await server.install()
  const devices: Device[] = []
  return {
    server,
    database,
    setClaims: (changed) => {
      claims = changed
    },
    setTime: (changed) => {
      nowMs = changed
    },
    device: async (name, { place, now = () => nowMs } = {}) => {
      let hook: (() => Promise<void>) | null = null
      const device = await createDevice(bundle, {
        storage: await (place ?? (await openPlace())).open(),
        transport: httpTransport('http://server.test/', {
          fetch: async (request) => {
            const response = await server.fetch(request)
            await hook?.()
            return response
          },
        }),
        session: { user: 'ann', claims },
        random: random.fork(name),
        clock: { now },
      })
      devices.push(device)
      return {
        device,
        sync: () => device.sync.trigger('Default'),
        companies: async () => (await device.entities.Companies?.list()) ?? [],
        contacts: async () => (await device.entities.Contacts?.list()) ?? [],
        beforeAnswer: (fn) => {
          hook = fn
        },
      }
    },
    close: async () => {
      for (const device of devices) await device.close()
      await server.close()
    },
  }
}
