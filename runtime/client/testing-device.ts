/** One device in memory whose server is a function: the ground for tests of its life, where time is the test's. */
import type { Bundle, Device, DeviceOptions, Storage, TransportResponse, UnitContract } from '../contract'
import { PROTOCOL_VERSION, type SyncRequest, type SyncResponse } from '../protocol/messages'
import { openMemory } from '../storage/memory/open-memory'
import { FIELD_BUNDLE, NO_RETRY, NO_TRIGGERS } from '../testing/field-bundle'
import { createSeededRandom } from '../testing/seeded-random'
import { createVirtualTime, type VirtualTime } from '../testing/virtual-time'
import { createDevice } from './create-device'
import { localLocks } from './ports'

export type Answer = (request: SyncRequest, signal: AbortSignal) => Promise<TransportResponse>

export interface TestDevice {
  readonly device: Device
  readonly time: VirtualTime
  /** What was asked, in order. */
  readonly requests: SyncRequest[]
  /** Names of units, as their runs begin and end. */
  readonly log: string[]
  readonly setNetwork: (state: { readonly online?: boolean; readonly metered?: boolean }) => void
  readonly setAnswer: (answer: Answer) => void
}

export interface TestDeviceOptions extends Partial<DeviceOptions> {
  readonly units?: readonly UnitContract[]
  readonly bundle?: Bundle
  readonly time?: VirtualTime
  readonly answer?: Answer
}

/** A unit that sends and pulls everything. */
export function unit(
  name: string,
  rest: Partial<Omit<UnitContract, 'triggers' | 'retry'>> & TestUnit = {},
): UnitContract {
  const entities = FIELD_BUNDLE.entities.map((entity) => entity.id)
  return {
    id: `su_${name}`,
    name,
    entities,
    priority: 0,
    network: 'any',
    run: async (flow) => {
      await flow.step('start')
      await flow.exchange({ push: true, pull: entities })
    },
    ...rest,
    triggers: { ...NO_TRIGGERS, ...rest.triggers },
    retry: { ...NO_RETRY, ...rest.retry },
  }
}

interface TestUnit {
  readonly triggers?: Partial<UnitContract['triggers']>
  readonly retry?: Partial<UnitContract['retry']>
}

/** Takes all that is sent, and has nothing new. */
export const takeAll: Answer = async (request) => answered(request)

export const refuse =
  (status: number, kind: string, retryAfterMs?: number): Answer =>
  async () => ({
    status,
    body: { error: { kind, message: 'No.', ...(retryAfterMs !== undefined && { retryAfterMs }) } },
    bytesSent: 0,
    bytesReceived: 0,
  })

export const unreachable: Answer = () => Promise.reject(new TypeError('The cable is out.'))

/** Never settles, not even when given up. */
export const silent: Answer = () => new Promise(() => {})

export function answered(request: SyncRequest, page: Partial<SyncResponse['page']> = {}): TransportResponse {
  const body: SyncResponse = {
    protocol: PROTOCOL_VERSION,
    outcomes: request.push.map(({ id }) => ({ kind: 'applied', id, keys: [], overruled: [], conflicts: [] })),
    page:
      request.pull.length === 0
        ? null
        : {
            entities: [],
            next: null,
            cursors: Object.fromEntries(request.pull.map(({ entity }) => [entity, 'c1'])),
            digests: {},
            ...page,
          },
  }
  return { status: 200, body, bytesSent: 0, bytesReceived: 0 }
}

export async function startDevice({
  units = [unit('Default')],
  bundle = { ...FIELD_BUNDLE, units },
  time = createVirtualTime(1_800_000_000_000),
  answer = takeAll,
  ...options
}: TestDeviceOptions = {}): Promise<TestDevice> {
  const requests: SyncRequest[] = []
  const log: string[] = []
  const listeners = new Set<() => void>()
  const state = { online: true, metered: false }
  const now = { answer }
  const device = await createDevice(bundle, {
    storage: await openMemory(),
    session: { user: 'ann' },
    random: createSeededRandom(5),
    clock: time,
    timers: time,
    locks: localLocks(),
    network: {
      online: () => state.online,
      metered: () => state.metered,
      type: () => (state.online ? 'wifi' : 'none'),
      subscribe: (fn) => {
        listeners.add(fn)
        return () => listeners.delete(fn)
      },
    },
    ...options,
    transport: {
      ...options.transport,
      sync: async (body, { signal }) => {
        requests.push(structuredClone(body) as SyncRequest)
        return now.answer(body as SyncRequest, signal)
      },
    },
  })
  device.on('syncStart', (event) => log.push(`start ${event.unit}`))
  device.on('syncComplete', (event) => log.push(`complete ${event.unit}`))
  device.on('syncError', (event) => log.push(`error ${event.unit} ${event.error.kind}`))
  return {
    device,
    time,
    requests,
    log,
    setNetwork: (changes) => {
      Object.assign(state, changes)
      for (const listener of [...listeners]) listener()
    },
    setAnswer: (answer) => {
      now.answer = answer
    },
  }
}

/** The same storage for several devices: who closes his leaves it to the others. */
export function sharedStorage(storage: Storage): Storage {
  return {
    ...storage,
    openTables: async (bundle, ports) => ({ ...(await storage.openTables(bundle, ports)), close: async () => {} }),
    close: async () => {},
  }
}
