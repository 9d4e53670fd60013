/**
 * A laboratory of sync: a server and some devices, each in a worker of its own and running the bundle itself,
 * with a simulated network between them.
 *
 *   device 1 ─┐                     ┌─ exchanges, sync events ─► onEvent
 *             ├─ SimNetwork ─ server┤
 *   device 2 ─┘                     └─ status, changed rows ───► onEvent
 *
 * Knows nothing of how it is shown. A lab is started once and ended by `close`; to reset is to make another.
 */
import type {
  ConflictRecord,
  KeyInput,
  QuarantinedGroup,
  Row,
  SyncError,
  SyncOutcome,
  SyncStatus,
} from '@syncline/runtime/contract'
import { createSeededRandom, createSimNetwork, type LinkConditions, type SimLink } from '@syncline/runtime/testing'
import type { PreviewAssets } from './assets'
import { compareEntity, type EntityComparison } from './compare'
import { carriedToRequest, carriedToResponse, requestToCarried, responseToCarried } from './device/carried'
import type {
  DatabaseParts,
  DeviceMethods,
  EntityWrite,
  FilePlace,
  ServerMethods,
  Started,
  StartStep,
  Statement,
  WorkerEvent,
} from './device/messages'
import { type RunningWorker, startWorker } from './device/start-worker'
import { browserClock, browserTimers } from './network/browser-time'
import { type Exchange, logExchanges } from './network/exchange-log'
import { summariseRequest } from './network/exchange-summary'

export interface BundleFile {
  readonly path: string
  readonly text: string
}

export interface LabUser {
  readonly device: string
  readonly user: string
}

export interface LabOptions {
  readonly assets: PreviewAssets
  readonly files: readonly BundleFile[]
  /** The server's tables and rows: a gzipped tar of a PostgreSQL data directory. */
  readonly startData: Blob
  readonly seed: number
  readonly users: readonly LabUser[]
  /** Ends the workers, also while they start. */
  readonly signal: AbortSignal
  readonly onEvent: (event: LabEvent) => void
}

export type LabEvent =
  | { readonly kind: 'starting'; readonly who: string; readonly step: StartStep; readonly atMs: number }
  | { readonly kind: 'stopped'; readonly who: string; readonly message: string; readonly atMs: number }
  | { readonly kind: 'status'; readonly who: string; readonly status: SyncStatus }
  | { readonly kind: 'network'; readonly who: string; readonly conditions: LinkConditions; readonly atMs: number }
  | { readonly kind: 'rows-changed'; readonly who: string; readonly origin: 'local' | 'sync' }
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'sync-started'; readonly who: string; readonly unit: string; readonly atMs: number }
  | {
      readonly kind: 'sync-completed'
      readonly who: string
      readonly outcome: Extract<SyncOutcome, { kind: 'completed' }>
      readonly atMs: number
    }
  | { readonly kind: 'conflict'; readonly who: string; readonly atMs: number }
  | { readonly kind: 'quarantined'; readonly who: string; readonly message: string; readonly atMs: number }
  | {
      readonly kind: 'sync-failed'
      readonly who: string
      readonly unit: string
      readonly error: SyncError
      readonly atMs: number
    }

export interface LabDatabase {
  readonly name: string
  readonly started: Started
  /** One call is one transaction. Writes are announced as `rows-changed`. */
  readonly query: (text: string, params?: Statement['params']) => Promise<Row[]>
}

export interface LabDevice extends LabDatabase {
  readonly user: string
  readonly setConditions: (conditions: Partial<LinkConditions>) => void
  readonly conditions: () => LinkConditions
  /** Runs each unit in turn; answers the first outcome that is not `completed`, else the last one. */
  readonly sync: () => Promise<SyncOutcome>
  /** By the entity's actions, as an app would. */
  readonly write: (write: EntityWrite) => Promise<void>
  /** A file's content: from the device, or from the server where it is not here. */
  readonly file: (place: FilePlace) => Promise<Uint8Array | null>
  readonly listQuarantine: () => Promise<QuarantinedGroup[]>
  readonly retryQuarantined: (id: string) => Promise<void>
  readonly discardQuarantined: (id: string) => Promise<void>
  readonly listConflicts: () => Promise<readonly ConflictRecord[]>
  readonly resolveConflict: (id: string, resolution: 'local' | 'server') => Promise<void>
  readonly listChosen: (entity: string) => Promise<readonly Row[]>
  readonly choose: (entity: string, key: KeyInput) => Promise<void>
  readonly release: (entity: string, key: KeyInput) => Promise<void>
}

export interface Lab {
  readonly devices: readonly LabDevice[]
  readonly server: LabDatabase
  /** Milliseconds from the call of `createLab` until all workers were ready. */
  readonly readyMs: number
  /** Compares, entity by entity and in SQL, what a device holds with what the server holds. */
  readonly compare: (device: LabDevice) => Promise<EntityComparison[]>
  /** Ends all workers at once. */
  readonly close: () => void
}

export const SERVER = 'Server'

/** Starts the workers together and resolves when all are ready; rejects, and ends them, when one can't start. */
export async function createLab(options: LabOptions): Promise<Lab> {
  const startedMs = performance.now()
  const source = (path: string) => findSource(options.files, path)
  const [deviceSource, serverSource] = [source('device.js'), source('server.js')]
  const sourceParts = options.files.filter(({ path }) => /^device-[\w-]+\.js$/.test(path))
  const parts = (dataDirectory: Blob): DatabaseParts => ({
    pgliteModule: options.assets.pgliteModule,
    initdbModule: options.assets.initdbModule,
    fileSystem: options.assets.fileSystem,
    dataDirectory,
  })

  const onStopped = (who: string) => (message: string) =>
    options.onEvent({ kind: 'stopped', who, message, atMs: browserClock.now() })
  const serverWorker = startWorker<ServerMethods>({
    url: options.assets.workerUrl,
    role: 'server',
    name: SERVER,
    onEvent: workerEvents(SERVER, options.onEvent),
    onStopped: onStopped(SERVER),
    methods: {
      carry: () => Promise.reject(new Error('The server sends no requests.')),
      extension: options.assets.extension,
    },
  })
  const network = createSimNetwork({
    clock: browserClock,
    timers: browserTimers,
    random: createSeededRandom(options.seed, 'network'),
    serve: async (request) => {
      const carried = await requestToCarried(request)
      const response = carriedToResponse(await serverWorker.peer.call('fetch', carried))
      options.onEvent({ kind: 'rows-changed', who: SERVER, origin: 'sync' })
      if ((summariseRequest(carried.body)?.pushedGroups ?? 0) > 0) pokeAll()
      return response
    },
  })
  const stopLogging = logExchanges(network, (exchange) => options.onEvent({ kind: 'exchange', exchange }))
  const deviceWorkers = options.users.map(({ device, user }) => {
    const link = network.link(device)
    const worker = startWorker<DeviceMethods>({
      url: options.assets.workerUrl,
      role: 'device',
      name: device,
      onEvent: workerEvents(device, options.onEvent),
      onStopped: onStopped(device),
      methods: {
        carry: async (request) => responseToCarried(await link.fetch(carriedToRequest(request))),
        extension: async () => null,
      },
    })
    return { name: device, user, link, worker }
  })
  const pokeAll = () => {
    for (const { worker } of deviceWorkers) worker.peer.call('poke', null).catch(() => {})
  }
  const close = () => {
    stopLogging()
    serverWorker.terminate()
    for (const { worker } of deviceWorkers) worker.terminate()
  }

  if (options.signal.aborted) close()
  options.signal.addEventListener('abort', close, { once: true })

  try {
    const [serverStarted, ...devicesStarted] = await Promise.all([
      serverWorker.peer.call('start', { parts: parts(options.startData), source: serverSource }).catch(because(SERVER)),
      ...deviceWorkers.map(({ name, user, worker }) =>
        worker.peer
          .call('start', {
            parts: parts(options.assets.emptyDataDirectory),
            source: deviceSource,
            sourceParts,
            name,
            seed: options.seed,
            session: { user },
            online: true,
          })
          .catch(because(name)),
      ),
    ])
    const server: LabDatabase = {
      name: SERVER,
      started: serverStarted,
      query: queryOf(SERVER, serverWorker, (event) => {
        options.onEvent(event)
        pokeAll()
      }),
    }
    const devices = deviceWorkers.map((device, index) => {
      const started = devicesStarted[index]
      if (!started) throw new Error(`${device.name} gave no answer when it was started.`)
      return createLabDevice({ ...device, started, onEvent: options.onEvent })
    })
    return {
      devices,
      server,
      close,
      readyMs: Math.round(performance.now() - startedMs),
      compare: (device) =>
        Promise.all(
          device.started.entities
            .filter(({ pulled }) => pulled)
            .map(async (entity) => {
              const chosen = entity.chosenBy === null ? [] : await device.listChosen(entity.name)
              return compareEntity(entity, device, server, { user: device.user }, chosen)
            }),
        ),
    }
  } catch (error) {
    close()
    throw error
  }
}

interface LabDeviceParts {
  readonly name: string
  readonly user: string
  readonly link: SimLink
  readonly worker: RunningWorker<DeviceMethods>
  readonly started: Started
  readonly onEvent: (event: LabEvent) => void
}

function createLabDevice({ name, user, link, worker, started, onEvent }: LabDeviceParts): LabDevice {
  const { peer } = worker
  return {
    name,
    user,
    started,
    query: queryOf(name, worker, onEvent),
    conditions: link.conditions,
    setConditions: (conditions) => {
      link.set(conditions)
      peer.call('setOnline', link.conditions().online).catch(() => {})
      onEvent({ kind: 'network', who: name, conditions: link.conditions(), atMs: browserClock.now() })
    },
    sync: async () => {
      let outcome: SyncOutcome | null = null
      for (const unit of started.units) {
        outcome = await peer.call('sync', unit)
        if (outcome.kind !== 'completed') break
      }
      if (outcome === null)
        throw new Error('The bundle has no sync unit, so there is nothing to run. Add one to the project and rebuild.')
      return outcome
    },
    write: (write) => peer.call('write', write),
    file: (place) => peer.call('file', place),
    listQuarantine: () => peer.call('listQuarantine', null),
    retryQuarantined: (id) => peer.call('retryQuarantined', id),
    discardQuarantined: (id) => peer.call('discardQuarantined', id),
    listConflicts: () => peer.call('listConflicts', null),
    resolveConflict: (id, resolution) => peer.call('resolveConflict', { id, resolution }),
    listChosen: (entity) => peer.call('listChosen', entity),
    choose: (entity, key) => peer.call('choose', { entity, key }),
    release: (entity, key) => peer.call('release', { entity, key }),
  }
}

function queryOf(
  who: string,
  worker: RunningWorker<DeviceMethods> | RunningWorker<ServerMethods>,
  onEvent: (event: LabEvent) => void,
): LabDatabase['query'] {
  const call = (statement: Statement): Promise<Row[]> =>
    (worker as RunningWorker<DeviceMethods>).peer.call('query', statement)
  return async (text, params = []) => {
    const rows = await call({ text, params })
    if (!/^\s*(select|values|table|show|explain)\b/i.test(text)) onEvent({ kind: 'rows-changed', who, origin: 'local' })
    return rows
  }
}

function workerEvents(who: string, onEvent: (event: LabEvent) => void): (event: WorkerEvent) => void {
  return (event) => {
    const atMs = browserClock.now()
    switch (event.kind) {
      case 'starting':
        return onEvent({ kind: 'starting', who, step: event.step, atMs })
      case 'status':
        return onEvent({ kind: 'status', who, status: event.status })
      case 'change':
        return onEvent({ kind: 'rows-changed', who, origin: event.origin })
      case 'sync-started':
        return onEvent({ kind: 'sync-started', who, unit: event.unit, atMs })
      case 'sync-completed':
        return onEvent({ kind: 'sync-completed', who, outcome: event.outcome, atMs })
      case 'sync-failed':
        return onEvent({ kind: 'sync-failed', who, unit: event.unit, error: event.error, atMs })
      case 'conflict':
        return onEvent({ kind: 'conflict', who, atMs })
      case 'quarantined':
        return onEvent({ kind: 'quarantined', who, message: event.message, atMs })
      case 'step':
        return
    }
  }
}

function findSource(files: readonly BundleFile[], path: string): string {
  const file = files.find((candidate) => candidate.path === path)
  if (!file) throw new Error(`The bundle has no ${path}, so there is nothing to run. Rebuild it.`)
  return file.text
}

const because =
  (who: string) =>
  (error: unknown): never => {
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(`${who} could not start: ${message}`, { cause: error })
  }
