/**
 * The one device's store: all that is decided about edits, pulls and conflicts, over the tables of any storage.
 *
 * Each function of the store is one `sync` of the tables, but for the reads that an empty sync consists of.
 */
import type { Bundle, DeviceTables, TableState } from '../../contract'
import type { Page, PullRequest } from '../../protocol/messages'
import type { DeviceStore, PullOptions, StoreCounts } from '../device-store'
import { storeContext } from './context'
import { endedConflicts, forgetEnded } from './ended-conflicts'
import { nextGroups, prepareOutbox } from './outbox'
import { hasStage, pullRequests, receivePage, resumePoint, SYNCED_AT, signatureOf, unstage } from './pull'
import { settleOutcomes } from './settle'

/** An empty answer is worth a write only now and then: cursors must not grow as old as the server's records. */
const EMPTY_PULL_KEPT_AFTER_MS = 10 * 60_000

/**
 * The store over tables that were opened for the bundle.
 *
 * @param randomBytes uniformly random bytes, for the ids of groups
 */
export async function openDeviceStore(
  tables: DeviceTables,
  bundle: Bundle,
  randomBytes: (length: number) => Uint8Array,
): Promise<DeviceStore> {
  // Few bundles merge, and what they need for it is as large as a third of this store.
  const merges = bundle.entities.some(({ pattern }) => pattern.kind === 'merge')
  const merging = merges ? (await import('../../core/merge-value')).mergeValue : null
  const isDemanded = bundle.entities.some(({ pattern }) => pattern.kind === 'on-demand')
  const demand = isDemanded ? await import('./demand') : null
  // It is all about what may never happen: a device that detects no conflicts meets one only from a server of another bundle.
  const detects = bundle.entities.some(({ pattern }) => 'handler' in pattern)
  let conflictsModule = detects ? await import('./conflicts') : null
  const conflicts = async () => {
    conflictsModule ??= await import('./conflicts')
    return conflictsModule
  }
  const context = storeContext(tables, bundle, randomBytes, merging, { demand, conflicts })
  const parked = async () =>
    detects || (await tables.state()).conflicts > 0 ? (await conflicts()).conflictsOf(context) : null
  let quarantineModule: typeof import('./quarantine') | null = null
  const quarantine = async () => {
    quarantineModule ??= await import('./quarantine')
    return quarantineModule.quarantineOf(context)
  }
  /** When a pull last ended in a transaction, and in any way; null where that is not known yet. */
  let keptAtMs: number | null = null
  let syncedAtMs: number | null = null
  /** Whether pages are kept aside. */
  let isStaged = true
  /** The question that was asked to learn what differs. */
  let comparing: string | null = null
  /** What was asked in vain the last time, and by which entities. */
  let asked = ''
  let quiet: { readonly asked: string; readonly requests: readonly PullRequest[] } | null = null
  const requestsOf = async (state: TableState, entities: readonly string[], options?: PullOptions) => {
    const requests = await pullRequests(context, state, entities, options)
    comparing = options?.whole ? signatureOf(requests) : null
    return requests
  }

  return {
    deviceId: tables.deviceId,
    write: tables.write,

    begin: async ({ push, pull, options, ...bounds }) => {
      const state = await tables.state()
      if (state.conflicts > 0) await conflicts()
      asked = pull.join()
      keptAtMs = keptAt(state)
      isStaged = hasStage(state)
      const requests = await requestsOf(state, pull, options)
      const limit = { ...bounds, upTo: state.lastSeq, onlySealed: !push }
      const next =
        state.pendingEdits === 0
          ? { groups: [], more: false }
          : await tables.sync(async (tx) => {
              if (push) await prepareOutbox(context, tx, state.conflicts)
              return nextGroups(context, tx, limit)
            })
      const ended = endedConflicts(state)
      return { ...next, upTo: state.lastSeq, requests, resume: resumePoint(state, requests), staged: isStaged, ended }
    },
    expected: (pull) => (quiet?.asked === pull.join() ? quiet.requests : null),
    nextGroups: (limit) => tables.sync((tx) => nextGroups(context, tx, limit)),
    settle: async (outcomes, nowMs, decide) => {
      if (outcomes.length === 0) return { entities: [], parked: [], quarantined: [], resolved: false }
      if (outcomes.some((outcome) => outcome.kind === 'applied' && outcome.conflicts.length > 0)) await conflicts()
      return tables.sync((tx) => settleOutcomes(context, tx, outcomes, nowMs, decide))
    },
    forgetEnded: (told) => tables.sync((tx) => forgetEnded(tx, told)),
    pullRequests: async (entities, options) => requestsOf(await tables.state(), entities, options),
    resumePoint: async (requests) => resumePoint(await tables.state(), requests),
    receive: async (requests, page, nowMs) => {
      const isRecent = keptAtMs !== null && nowMs >= keptAtMs && nowMs - keptAtMs < EMPTY_PULL_KEPT_AFTER_MS
      if (isRecent && !isStaged && isEmpty(page)) {
        syncedAtMs = nowMs
        quiet = { asked, requests }
        return { rows: 0, entities: [], digests: [], differences: new Map() }
      }
      const compares = comparing !== null && comparing === signatureOf(requests)
      isStaged = true
      quiet = null
      const applied = await tables.sync((tx) => receivePage(context, tx, { requests, page, nowMs, compares }))
      if (applied === null) return null
      isStaged = false
      keptAtMs = nowMs
      syncedAtMs = nowMs
      return applied
    },
    unstage: async () => {
      if (!hasStage(await tables.state())) return
      await tables.sync(unstage)
      isStaged = false
    },

    counts: async () => toCounts(await tables.state(), syncedAtMs),
    quarantine: {
      list: async () => ((await tables.state()).quarantined > 0 ? (await quarantine()).list() : []),
      retry: async (...given) => (await quarantine()).retry(...given),
      discard: async (id) => (await quarantine()).discard(id),
    },
    conflicts: {
      list: async () => (await parked())?.list() ?? [],
      entities: async () => (await parked())?.entities() ?? [],
      resolve: async (...given) => (await conflicts()).conflictsOf(context).resolve(...given),
    },
    demand: demand?.demandOf(context) ?? { choose: notOnDemand, release: notOnDemand, list: notOnDemand },
    wipe: tables.wipe,
    close: tables.close,
  }
}

const notOnDemand = () => Promise.reject(new Error('No entity of this bundle comes on demand.'))

/** True where nothing came and no row is to go: what is shown is what the new cursors would say. */
function isEmpty(page: Page): boolean {
  return (
    page.next === null &&
    page.cursors !== null &&
    Object.keys(page.digests).length === 0 &&
    page.entities.every(({ full, rowCount, deleted }) => !full && rowCount === 0 && deleted.length === 0)
  )
}

function toCounts(state: TableState, syncedAtMs: number | null): StoreCounts {
  const { pendingEdits, lastSeq, quarantined, conflicts } = state
  return { pendingEdits, editsMade: lastSeq, quarantined, conflicts, lastSyncedAt: syncedAtMs ?? keptAt(state) }
}

function keptAt({ meta }: TableState): number | null {
  const kept = meta.get(SYNCED_AT)
  return kept === undefined ? null : Number(kept)
}
