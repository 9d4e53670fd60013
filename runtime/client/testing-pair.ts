/** Devices and a server in one process, joined by a simulated network: the ground of the client's tests. */
import type { Bundle, Clock, Database, Device, Server, Timers, Transport } from '../contract'
import { createServer } from '../server'
import { openPGlite } from '../storage/pglite'
import { FIELD_BUNDLE, FIELD_SERVER_SQL } from '../testing/field-bundle'
import { openFreshPGlite } from '../testing/fresh-pglite'
import { createSeededRandom } from '../testing/seeded-random'
import { createSimNetwork, type LinkMessage, type SimLink } from '../testing/sim-network'
import { httpTransport } from '../transport'
import { createDevice } from './create-device'
import { systemTimers } from './ports'

export interface TestLab {
  readonly server: Server
  readonly database: Database
  readonly messages: LinkMessage[]
  readonly addDevice: (name: string, options?: TestDeviceOptions) => Promise<TestDevice>
  /** Calls `fn` when a request of the device has reached the server and its answer has not left yet. */
  readonly beforeAnswer: (fn: (() => Promise<void>) | null) => void
  readonly close: () => Promise<void>
}

export interface TestDeviceOptions {
  readonly dataDir?: string
  readonly bundle?: Bundle
  readonly clock?: Clock
  readonly timers?: Timers
  readonly transport?: Transport
}

export interface TestDevice {
  readonly device: Device
  readonly link: SimLink
}

export async function startLab(
  database: Database,
  options: { readonly pageRows?: number; readonly maxBodyBytes?: number } = {},
): Promise<TestLab> {
  const random = createSeededRandom(7)
  await database.execute(FIELD_SERVER_SQL)
  const server = await createServer(FIELD_BUNDLE, {
    database,
    random,
    authenticate: () => ({ user: 'ann' }),
    ...options,
  })
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
  return {
    server,
    database,
    messages,
    addDevice: async (name, { dataDir, bundle = FIELD_BUNDLE, transport, ...ports } = {}) => {
      const link = network.link(name)
      const device = await createDevice(bundle, {
        storage: await (dataDir ? openPGlite(dataDir) : openFreshPGlite()),
        transport: transport ?? httpTransport('http://server.test/', { fetch: link.fetch }),
        session: { user: 'ann' },
        random: random.fork(name),
        network: link.network,
        ...ports,
      })
      devices.push(device)
      return { device, link }
    },
    beforeAnswer: (fn) => {
      hook = fn
    },
    close: async () => {
      for (const device of devices) await device.close()
      await server.close()
    },
  }
}
