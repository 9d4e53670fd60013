/** A device: the bundle's `device.js` on this worker's PGlite, its network a port to the page. */
import type { Device, FileActions, Input } from '@syncline/runtime/contract'
import { createSeededRandom } from '@syncline/runtime/testing'
import { bundleToShapes } from './bundle-shapes'
import { carriedToResponse, requestToCarried } from './carried'
import { createConnection, createLocks, noBroadcast, noLifecycle, noMarker } from './device-ports'
import { type DeviceModule, loadBundle } from './load-bundle'
import type {
  CarriedRequest,
  CarriedResponse,
  DeviceMethods,
  EntityShape,
  EntityWrite,
  StartDevice,
  Started,
  WorkerEvent,
} from './messages'
import { openDatabase } from './open-database'
import { createPokes } from './pokes'
import { readTableShapes } from './table-shapes'

/** Never resolved by anything: requests to it go to the simulated network. */
const SERVER_URL = 'https://server.preview.invalid/'

/** No heartbeat comes through a worker's port, so that silence means nothing. */
const DAY_MS = 86_400_000

export interface DeviceRoleOptions {
  readonly tell: (event: WorkerEvent) => void
  readonly carry: (request: CarriedRequest) => Promise<CarriedResponse>
}

export function createDeviceRole({ tell, carry }: DeviceRoleOptions): DeviceMethods {
  const connection = createConnection()
  const pokes = createPokes()
  let running: Device | null = null
  let shapes: readonly EntityShape[] = []
  const device = () => {
    if (running === null) throw new Error('This device has not started yet. Wait until it is ready.')
    return running
  }

  const start = async (options: StartDevice): Promise<Started> => {
    connection.set(options.online)
    tell({ kind: 'starting', step: 'database' })
    const pglite = await openDatabase(options.parts)
    tell({ kind: 'starting', step: 'bundle' })
    const { module, sha256 } = await loadBundle<DeviceModule>(
      'device.js',
      options.source,
      ['createDevice', 'openPGlite', 'httpTransport'],
      options.sourceParts,
    )
    tell({ kind: 'starting', step: 'install' })
    running = await module.createDevice({
      storage: await module.openPGlite('memory://', { pglite }),
      transport: module.httpTransport(SERVER_URL, {
        headers: { authorization: `Bearer ${encodeURIComponent(JSON.stringify(options.session))}` },
        fetch: async (request) =>
          new URL(request.url).pathname.endsWith('/events')
            ? pokes.respond(request.signal)
            : carriedToResponse(await carry(await requestToCarried(request))),
        // What crosses the port, and what the log shows, is text.
        gzip: false,
        eventsIdleMs: DAY_MS,
      }),
      session: options.session,
      network: connection.network,
      random: createSeededRandom(options.seed, options.name),
      locks: createLocks(),
      broadcast: noBroadcast,
      lifecycle: noLifecycle,
      marker: noMarker,
      ...(module.openFiles && { files: await module.openFiles('memory://') }),
      encryptionKey: createSeededRandom(options.seed, `key of ${options.name}`).bytes(32),
    })
    forwardEvents(running, tell)
    tell({ kind: 'status', status: running.sync.status })
    tell({ kind: 'starting', step: 'ready' })
    const told = bundleToShapes(module.bundle)
    shapes = told.entities
    return { sha256, tables: await readTableShapes(running), ...told }
  }

  return {
    start,
    query: ({ text, params }) => device().query(text, params),
    write: (write) => writeEntity(device(), shapes, write),
    file: ({ entity, key, attribute }) => fileOf(device(), entity)(key, attribute),
    sync: (unit) => device().sync.trigger(unit),
    status: () => device().sync.status,
    setOnline: (online) => connection.set(online),
    poke: () => connection.network.online() && pokes.poke(),
    listConflicts: () => device().conflicts.list(),
    resolveConflict: ({ id, resolution }) => device().conflicts.resolve(id, resolution),
    listChosen: (entity) => device().demand.list(entity),
    choose: ({ entity, key }) => device().demand.choose(entity, [key]),
    release: ({ entity, key }) => device().demand.release(entity, [key]),
    listQuarantine: () => device().quarantine.list(),
    retryQuarantined: (id) => device().quarantine.retry(id),
    discardQuarantined: (id) => device().quarantine.discard(id),
  }
}

async function writeEntity({ entities }: Device, shapes: readonly EntityShape[], write: EntityWrite): Promise<void> {
  const actions = entities[write.entity]
  const shape = shapes.find(({ name }) => name === write.entity)
  if (!actions || !shape) throw new Error(`The bundle has no entity ${write.entity}.`)
  const values = withContents(shape, write.values)
  await (write.kind === 'create' ? actions.create(values) : actions.update(write.key, values))
}

function fileOf({ entities }: Device, entity: string): FileActions['file'] {
  const file = entities[entity]?.file
  if (!file) throw new Error(`The bundle has no files in ${entity}.`)
  return file
}

/** What was typed where a file belongs is its content, unless it is the name of one. */
function withContents({ columns }: EntityShape, values: EntityWrite['values']): Input {
  const isFile = (name: string) => columns.some((column) => column.name === name && column.file)
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isFile(name) && typeof value === 'string' && !/^[\da-f]{64}$/.test(value)
        ? new TextEncoder().encode(value)
        : value,
    ]),
  )
}

function forwardEvents(device: Device, tell: (event: WorkerEvent) => void): void {
  device.on('status', (status) => tell({ kind: 'status', status }))
  device.on('change', ({ entities, origin }) => tell({ kind: 'change', entities, origin }))
  device.on('syncStart', ({ unit }) => tell({ kind: 'sync-started', unit }))
  device.on('syncComplete', (outcome) => tell({ kind: 'sync-completed', outcome }))
  device.on('syncError', ({ unit, error }) => tell({ kind: 'sync-failed', unit, error }))
  device.on('conflict', ({ id }) => tell({ kind: 'conflict', id }))
  device.on('quarantine', ({ message }) => tell({ kind: 'quarantined', message }))
  device.on('step', ({ unit, node }) => tell({ kind: 'step', unit, node }))
}
