/** The preview's state, one store for each preview that is on screen: a thin layer over the lab. */
import type { ConflictRecord, QuarantinedGroup, SyncStatus } from '@syncline/runtime/contract'
import type { LinkConditions } from '@syncline/runtime/testing'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { loadPreviewAssets } from '../assets'
import type { EntityComparison } from '../compare'
import type { StartStep } from '../device/messages'
import { type BundleFile, createLab, type Lab, type LabDevice, type LabEvent, SERVER } from '../lab'
import { addToLog, type LogLine, plural } from './log/log-lines'

export type LoadedBundle =
  | { readonly kind: 'built'; readonly hash: string; readonly files: readonly BundleFile[] }
  | {
      readonly kind: 'has-errors'
      readonly diagnostics: readonly { readonly code: string; readonly severity: string; readonly message: string }[]
    }

export interface LabSource {
  readonly loadBundle: () => Promise<LoadedBundle>
  readonly startDataUrl: () => string
  /** Of the project as it is now. */
  readonly projectVersion: () => ProjectVersion
}

/** Anything that changes whenever the project does. */
export type ProjectVersion = string | number | undefined

export type LabPhase =
  | { readonly kind: 'building' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly lab: Lab }
  | { readonly kind: 'has-errors'; readonly messages: readonly { readonly code: string; readonly message: string }[] }
  | { readonly kind: 'failed'; readonly message: string }

export interface LabState {
  readonly phase: LabPhase
  readonly hash: string | null
  /** The version of the project that the bundle was built from. */
  readonly builtVersion: ProjectVersion
  /** How far each worker has come, by name; none before its first word. */
  readonly steps: Readonly<Record<string, StartStep>>
  readonly statuses: Readonly<Record<string, SyncStatus>>
  readonly conditions: Readonly<Record<string, LinkConditions>>
  /** Counts up with each change of rows, by name: what is shown of a database is of its revision. */
  readonly revisions: Readonly<Record<string, number>>
  readonly comparisons: Readonly<Record<string, readonly EntityComparison[]>>
  readonly quarantine: Readonly<Record<string, readonly QuarantinedGroup[]>>
  readonly conflicts: Readonly<Record<string, readonly ConflictRecord[]>>
  readonly log: readonly LogLine[]
  /** When the lab was ready, in the page's time: the log counts from there. */
  readonly readyAtMs: number
  /** For the live region. */
  readonly announcement: string
}

export interface LabActions {
  readonly start: () => void
  /** Ends all workers. */
  readonly stop: () => void
  readonly clearLog: () => void
}

export type LabStore = StoreApi<LabState> & LabActions

/** The names that the frames carry, and the users whose sessions the devices have. */
export const USERS = [
  { device: 'Device 1', user: 'anna' },
  { device: 'Device 2', user: 'ben' },
] as const
const SEED = 1

export const EMPTY_STATE: LabState = {
  phase: { kind: 'building' },
  hash: null,
  builtVersion: undefined,
  steps: {},
  statuses: {},
  conditions: {},
  revisions: {},
  comparisons: {},
  quarantine: {},
  conflicts: {},
  log: [],
  readyAtMs: 0,
  announcement: '',
}

/** Rows often change many at a time; comparing waits until they have been quiet for this long. */
const QUIET_MS = 250

export function createLabStore(source: LabSource): LabStore {
  const store = createStore<LabState>(() => EMPTY_STATE)
  let run: AbortController | null = null

  const stop = () => {
    run?.abort()
    run = null
  }

  const start = () => {
    stop()
    const current = new AbortController()
    run = current
    store.setState(EMPTY_STATE, true)
    startRun(store, source, current.signal).catch((error: unknown) => {
      if (current.signal.aborted) return
      const message = error instanceof Error ? error.message : String(error)
      store.setState({ phase: { kind: 'failed', message }, announcement: message })
    })
  }

  return { ...store, start, stop, clearLog: () => store.setState({ log: [] }) }
}

async function startRun(store: StoreApi<LabState>, source: LabSource, signal: AbortSignal): Promise<void> {
  const assets = loadPreviewAssets()
  const startData = fetchStartData(source.startDataUrl(), signal)
  // Each is awaited below; until then a rejection of one must not count as unhandled.
  for (const promise of [assets, startData]) promise.catch(() => {})

  const bundle = await source.loadBundle()
  if (signal.aborted) return
  if (bundle.kind === 'has-errors') {
    const errors = bundle.diagnostics.filter(({ severity }) => severity === 'error')
    store.setState({ phase: { kind: 'has-errors', messages: errors } })
    return
  }
  // Asked for after the build, which may first have saved the project and so have made a new version of it.
  store.setState({ phase: { kind: 'starting' }, hash: bundle.hash, builtVersion: source.projectVersion() })
  const compareSoon = comparer(store, signal)
  const lab = await createLab({
    assets: await assets,
    startData: await startData,
    files: bundle.files,
    seed: SEED,
    users: USERS,
    signal,
    onEvent: (event) => {
      if (signal.aborted) return
      const before = store.getState()
      store.setState(withEvent(before, event))
      if (event.kind === 'rows-changed' || changesWaiting(before, event)) compareSoon()
    },
  })
  if (signal.aborted) return lab.close()
  store.setState((state) => ({
    phase: { kind: 'running', lab },
    readyAtMs: Date.now(),
    conditions: Object.fromEntries(lab.devices.map((device) => [device.name, device.conditions()])),
    announcement: `Two devices and the server are ready after ${(lab.readyMs / 1000).toFixed(1)} seconds.`,
    log: state.log,
  }))
  compareSoon()
}

/** The start of a run needs the server's rows; the route that gives them says in its body why it can't. */
async function fetchStartData(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(url, { signal })
  if (response.ok) return response.blob()
  const reason = (await response.text()).slice(0, 300)
  throw new Error(
    `The server's start data could not be loaded (HTTP ${response.status}). ${reason || 'Import the database again, or reload the page.'}`,
  )
}

/** Pure: what the state is after an event. */
export function withEvent(state: LabState, event: LabEvent): LabState {
  const next = { ...state, log: addToLog(state.log, event) }
  switch (event.kind) {
    case 'starting':
      return { ...next, steps: { ...state.steps, [event.who]: event.step } }
    case 'status':
      return { ...next, statuses: { ...state.statuses, [event.who]: event.status } }
    case 'network':
      return {
        ...next,
        conditions: { ...state.conditions, [event.who]: event.conditions },
        announcement: `${event.who} is ${event.conditions.online ? 'online' : 'offline'}.`,
      }
    case 'rows-changed':
      return { ...next, revisions: { ...state.revisions, [event.who]: (state.revisions[event.who] ?? 0) + 1 } }
    case 'sync-completed': {
      const { pushedGroups, pulledRows } = event.outcome
      return {
        ...next,
        announcement: `${event.who}: sync complete, ${plural(pushedGroups, 'group')} sent, ${plural(pulledRows, 'row')} received.`,
      }
    }
    case 'sync-failed':
      return { ...next, announcement: `${event.who}: sync failed. ${event.error.message}` }
    case 'conflict':
      return { ...next, announcement: `${event.who}: a conflict waits for a decision.` }
    case 'quarantined':
      return { ...next, announcement: `${event.who}: a refused group went to quarantine. ${event.message}` }
    case 'stopped':
      return { ...next, phase: { kind: 'failed', message: event.message }, announcement: event.message }
    case 'exchange':
    case 'sync-started':
      return next
  }
}

/** What a person decides may change no row, so that only the status tells of it. */
export function changesWaiting({ statuses }: LabState, event: LabEvent): boolean {
  if (event.kind !== 'status') return false
  const before = statuses[event.who]
  return event.status.quarantined !== (before?.quarantined ?? 0) || event.status.conflicts !== (before?.conflicts ?? 0)
}

/** Compares the devices with the server, and reads what waits on them, once rows have stopped changing. */
function comparer(store: StoreApi<LabState>, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const run = async () => {
    const { phase, revisions } = store.getState()
    if (phase.kind !== 'running' || signal.aborted) return
    const results = await Promise.all(
      phase.lab.devices.map(async (device) => [device, await inspect(phase.lab, device)] as const),
    )
    if (signal.aborted) return
    store.setState({
      comparisons: Object.fromEntries(results.map(([device, { comparison }]) => [device.name, comparison])),
      quarantine: Object.fromEntries(results.map(([device, { quarantine }]) => [device.name, quarantine])),
      conflicts: Object.fromEntries(results.map(([device, { conflicts }]) => [device.name, conflicts])),
    })
    // Something changed while this was read: what was read may be of two moments.
    if (store.getState().revisions !== revisions) soon()
  }
  const soon = () => {
    clearTimeout(timer)
    // A worker that ends while it is asked is reported where it ended.
    timer = setTimeout(() => void run().catch(() => {}), QUIET_MS)
  }
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  return soon
}

async function inspect(lab: Lab, device: LabDevice) {
  const [comparison, quarantine, conflicts] = await Promise.all([
    lab.compare(device),
    device.listQuarantine(),
    device.listConflicts(),
  ])
  return { comparison, quarantine, conflicts }
}

export { SERVER }
