/**
 * A device: its rows, its outbox and its syncs, put together from the bundle and the ports.
 *
 *   storage ─► tables ─► (encryption) ─► device store ─► life ─► the API of the app
 */
import type {
  Bundle,
  Device,
  DeviceEvents,
  DeviceOptions,
  DeviceTables,
  DeviceTransaction,
  EntityContract,
} from '../contract'
import { runHandler, toConflictCase } from '../core/conflict-case'
import { SyncFailure } from '../core/sync-error'
import type { DecideConflict, StoreCounts } from '../storage/device-store'
import { openDeviceStore } from '../storage/device-store/open-device-store'
import { hasSensitiveAttributes } from '../storage/sensitive-attributes'
import { EntityError, entityActions, entityOf, keyValues, type RunLocal } from './entity-actions'
import type { DeviceFiles } from './files/device-files'
import { type Life, startLife } from './life'
import { type Ports, requestPersistence, systemBroadcast, withSystemPorts } from './ports'
import { sendFile } from './request'
import { assertSameUser } from './same-user'
import { type Asking, waitingCalls } from './waiting-calls'
import { LIMITS, settlesWithin, withinTime } from './within-time'

/** Something on the device has not reached the server, and would be lost. */
export class PendingEditsError extends Error {
  override readonly name = 'PendingEditsError'
  constructor(readonly counts: Pick<StoreCounts, 'pendingEdits' | 'conflicts' | 'quarantined'>) {
    super(
      `This device still has ${counts.pendingEdits} unsent edits, ${counts.conflicts} open conflicts and ${counts.quarantined} refused groups, ` +
        'which signing out would lose. Sync and settle them first, or sign out with { force: true }.',
    )
  }
}

/**
 * Opens a device on its storage and answers it ready for use.
 * Rejects with `TypeError` where an option is none, with `IncompatibleStoreError` where the storage can't be carried over
 * to this bundle, and with `DifferentUserError` where it has the data of another user.
 */
export async function createDevice(bundle: Bundle, options: DeviceOptions): Promise<Device> {
  if (!areUsable(options)) throw (await import('./rare-errors')).badOptions(options)
  const { storage, transport, session } = options
  const ports = withSystemPorts(options, `syncline:${bundle.projectId}:${session.user}`)
  const opened = await openTables(bundle, options, ports)
  const files = await openDeviceFiles(bundle, options, opened, ports)
  const tables = files?.tables ?? opened
  const store = await openDeviceStore(tables, bundle, ports.random.bytes)
  const { deviceId } = store
  const storageLost = noticeLoss(ports, deviceId)

  let closing: Promise<void> | null = null
  let isLeaving = false
  const life: Life = startLife(
    {
      bundle,
      store,
      transport,
      ports,
      broadcast: options.broadcast ?? systemBroadcast(`syncline:${deviceId}`),
      decide: decideBy(bundle, session.user),
      files,
      counts: await store.counts(),
      storageLost,
      persistence: storage.kind === 'memory' ? Promise.resolve(null) : requestPersistence(),
    },
    () => void close(),
  )
  const close = () => {
    closing ??= shutDown()
    return closing
  }
  const shutDown = async () => {
    await life.end()
    await settlesWithin(ports.timers, LIMITS.closeMs / 2, store.close())
  }
  const assertOpen = () => {
    if (closing) throw new Error('This device was closed. Create it again to go on.')
    if (isLeaving) throw new Error('This device is being signed out. Nothing can be changed on it now.')
  }

  const waiting = waitingCalls(ports.timers, LIMITS.idleTransactionMs, async () => {
    const { heldByTransaction } = await import('./rare-errors')
    return new Error(heldByTransaction(LIMITS.idleTransactionMs / 1000))
  })
  const runLocal: RunLocal = async (writes, fn) => {
    assertOpen()
    let isGivenUp = false
    const work = store.write(ports.clock.now(), async (tx) => {
      // Who was told that it failed must not find it done.
      if (isGivenUp) throw new Error('It was given up before it began.')
      return fn(tx)
    })
    const result = await withinTime(waiting.behind(work), {
      timers: ports.timers,
      limitMs: LIMITS.storeMs,
      late: storageIsLate,
    }).finally(() => {
      isGivenUp = true
    })
    if (writes === 'perhaps') void life.touched()
    else if (writes) await life.touched()
    return result
  }
  const inTransaction = <T>(work: Promise<T>) =>
    // One that waits for what can only come after it would otherwise hold the storage for ever (D6).
    withinTime(work, {
      timers: ports.timers,
      limitMs: LIMITS.transactionMs,
      late: () =>
        new Error(
          `The local transaction was rolled back: it has not ended for ${LIMITS.transactionMs / 1000} seconds. ` +
            'Inside it, use the actions and the query of the transaction; those of the device wait until it is over.',
        ),
      signal: life.closed,
      aborted: () => new Error('The local transaction was rolled back: the device was closed.'),
    })
  /** What the app asks of the store besides its own statements; what is wrong with it is told as the store says it. */
  const ask = async <T>(call: () => Promise<T>): Promise<T> => {
    assertOpen()
    return withinTime(call(), { timers: ports.timers, limitMs: LIMITS.storeMs, late: storageIsLate })
  }
  const now = () => ports.clock.now()
  const { timers } = ports
  const transactionOn = (run: RunLocal, asking: Asking = (ask) => ask()): DeviceTransaction => {
    const entities = entityActions(bundle, run)
    const send = (file: unknown) => asking(() => sendFile({ transport, timers, signal: life.closed }, file))
    return {
      entities: files?.actions(entities, send) ?? entities,
      // A function that a query calls may write all the same; nobody who only reads waits for the count of that.
      query: (text, params) => run(/^\s*select\b/i.test(text) ? 'perhaps' : true, (tx) => tx.query(text, params)),
    }
  }

  return {
    ...transactionOn(runLocal),
    transaction: (fn) =>
      runLocal(true, (tx) =>
        // What was rolled back while its function still runs holds nobody up.
        waiting.hold((asking) => inTransaction(fn(transactionOn((_, inner) => asking(() => inner(tx)), asking)))),
      ),
    sync: {
      trigger: life.trigger,
      get status() {
        return life.status()
      },
    },
    quarantine: {
      list: () => ask(store.quarantine.list),
      retry: async (id) => life.touched(await ask(() => store.quarantine.retry(id, now()))),
      discard: async (id) => {
        await ask(() => store.quarantine.discard(id))
        await life.touched([])
      },
    },
    conflicts: {
      list: () => ask(store.conflicts.list),
      resolve: async (id, resolution) => {
        const list = () => ask(store.conflicts.list)
        const resolve = (as: typeof resolution) => ask(() => store.conflicts.resolve(id, as, now()))
        const changed =
          resolution === 'local' || resolution === 'server'
            ? resolve(resolution)
            : import('./rare-errors').then(({ resolveByValues }) =>
                resolveByValues({ bundle, list, named: files?.named, resolve, EntityError }, id, resolution),
              )
        await life.touched(await changed)
      },
    },
    demand: {
      choose: async (accessor, keys) => {
        const { entity, values } = demanded(bundle, accessor, keys)
        await ask(() => store.demand.choose(entity.id, values))
      },
      release: async (accessor, keys) => {
        const { entity, values } = demanded(bundle, accessor, keys)
        await ask(() => store.demand.release(entity.id, values))
      },
      list: (accessor) => ask(() => store.demand.list(demanded(bundle, accessor, []).entity.id)),
    },
    resume: life.resume,
    verify: async () => {
      assertOpen()
      const { verifyRows } = await import('./verify')
      return life.exclusively((exchange) => verifyRows(bundle, exchange, SyncFailure))
    },
    signOut: async ({ force = false } = {}) => {
      assertOpen()
      isLeaving = true
      try {
        const wiped = life.exclusively(async () => {
          const counts = await life.stored(store.counts)
          if (!force && counts.pendingEdits + counts.conflicts + counts.quarantined > 0)
            throw new PendingEditsError(counts)
          await life.stored(store.wipe)
          ports.marker.set(null)
          life.tellTabs({ kind: 'wiped' })
        })
        // What runs makes way, and goes on where there was no sign-out.
        life.interrupt()
        await wiped
      } finally {
        isLeaving = false
      }
      await close()
    },
    on: (name, fn) => {
      assertEvent(name, fn)
      return life.on(name, fn)
    },
    close,
  }
}

const EVENTS: Readonly<Record<keyof DeviceEvents, true>> = {
  syncStart: true,
  syncComplete: true,
  syncError: true,
  conflict: true,
  quarantine: true,
  networkChange: true,
  status: true,
  step: true,
  change: true,
}

function assertEvent(name: string, fn: unknown): void {
  if (!Object.hasOwn(EVENTS, name))
    throw new Error(`A device has no event ${name}. It has: ${Object.keys(EVENTS).join(', ')}.`)
  if (typeof fn !== 'function') throw new TypeError(`To listen to ${name}, give a function that takes the event.`)
}

/** What was given may come from JavaScript; what is wrong with it is told by a part that is loaded then. */
function areUsable(options: Partial<DeviceOptions> | undefined): options is DeviceOptions {
  const { storage, transport, session, files } = options ?? {}
  return (
    typeof storage?.openTables === 'function' &&
    typeof transport?.sync === 'function' &&
    typeof session?.user === 'string' &&
    (files === undefined || typeof files?.get === 'function')
  )
}

const storageIsLate = () => new Error(`The device's storage has not answered for ${LIMITS.storeMs / 1000} seconds.`)

async function openTables(bundle: Bundle, options: DeviceOptions, { random }: Ports): Promise<DeviceTables> {
  const isSensitive = hasSensitiveAttributes(bundle)
  const { encryptionKey } = options
  if (isSensitive && !encryptionKey)
    throw new Error(
      'This bundle has sensitive attributes, and createDevice was given no encryptionKey. Give 32 random bytes that the app keeps, or an AES-GCM key.',
    )
  const tables = await options.storage.openTables(bundle, { randomBytes: random.bytes })
  await assertSameUser(tables, options.session.user)
  if (!isSensitive || !encryptionKey) return tables
  const { encryptTables } = await import('../storage/encrypted-tables')
  return encryptTables(tables, bundle, encryptionKey, random.bytes)
}

/** Null where the bundle has no files. */
async function openDeviceFiles(
  bundle: Bundle,
  { files }: DeviceOptions,
  tables: DeviceTables,
  { timers, clock }: Ports,
): Promise<DeviceFiles | null> {
  if (!bundle.entities.some(({ attributes }) => attributes.some(({ file }) => file))) return null
  const { deviceFiles } = await import('./files/device-files')
  return deviceFiles({ bundle, files, tables, timers, clock, keyValues, EntityError, SyncFailure })
}

/** A mark beside the database tells a database that was made anew from one that was there before (D6). */
function noticeLoss({ marker }: Ports, deviceId: string): boolean {
  const before = marker.get()
  if (before !== deviceId) marker.set(deviceId)
  return before !== null && before !== deviceId
}

function decideBy(bundle: Bundle, user: string): DecideConflict {
  return (report) => {
    const entity = bundle.entities.find(({ id }) => id === report.entity)
    if (!entity || !('handler' in entity.pattern)) return { kind: 'park' }
    const { handler: id } = entity.pattern
    const handler = bundle.handlers.find((candidate) => candidate.id === id)
    return runHandler(handler, toConflictCase(entity, report, user))
  }
}

function demanded(
  bundle: Bundle,
  accessor: string,
  keys: Parameters<Device['demand']['choose']>[1],
): { readonly entity: EntityContract; readonly values: readonly (readonly unknown[])[] } {
  const entity = entityOf(bundle, accessor)
  const { pattern } = entity
  if (pattern.kind !== 'on-demand')
    throw new EntityError(
      'unknown-entity',
      `${accessor} is not on demand: all of its rows in the scope are on this device.`,
    )
  if (!Array.isArray(keys))
    throw new EntityError(
      'bad-key',
      `What is chosen of ${accessor} is an array of keys, not ${String(keys)}. Give [key].`,
    )
  return { entity, values: keys.map((key) => keyValues(entity, pattern.chosenBy, key)) }
}
