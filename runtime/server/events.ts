/**
 * `GET /events`: tells devices that something changed, so that they need not ask again and again. A poke names
 * entities and nothing else; what changed, the device learns by a sync.
 *
 *   trigger ── NOTIFY ──► one LISTEN per server ──► a stream of server-sent events per device
 *
 * Invariants
 * - However many devices listen, the server holds one LISTEN; while nobody listens, none, and writers notify nobody:
 *   `syncline.meta.listeners_until` is in the future exactly while somebody does.
 * - A stream keeps at most one waiting poke, so a device that does not read costs no memory.
 * - Of writers that were under way when listening began, the statements before it notified nobody: once they have all
 *   ended, every device is poked for everything.
 * - A stream ends after a while, so that who may no longer listen does not for long.
 */
import type { Database, Timers } from '../contract/api'
import type { Bundle } from '../contract/bundle'
import { type EntitiesByTable, entitiesByTable } from './events/entities-by-table'
import { createEventStream, type EventStream } from './events/event-stream'
import { RequestFault } from './faults'

export interface EventsOptions {
  readonly database: Database
  readonly bundle: Bundle
  readonly timers?: Timers
  /** Between two signs of life; 15 000 if not given. */
  readonly heartbeatMs?: number
  /** Changes that come closer together than this are told together; 100 if not given. */
  readonly gatherMs?: number
}

export interface Events {
  /** Answers `GET /events` of somebody who may ask. Rejects with a fault where the database can't notify. */
  readonly respond: (request: Request) => Promise<Response>
  /** Ends all streams. */
  readonly close: () => Promise<void>
}

/** The channel of the triggers' NOTIFY; the payload is the id of the server entity, or empty where it may be any. */
const CHANNEL = 'syncline'

/** Heartbeats after which a stream ends; the device connects again and is authenticated anew. */
const MAX_BEATS = 60

/** How often it is looked whether the writers that were under way at the start have ended. */
const LATE_WRITERS_MS = 1000

export function createEvents(options: EventsOptions): Events {
  const { database, heartbeatMs = 15_000, gatherMs = 100, timers = realTimers } = options
  const tables = entitiesByTable(options.bundle)
  const streams = new Map<EventStream, { beats: number }>()
  let listening: Promise<Listening> | null = null
  let gathering = false
  let closed = false

  const poke = (payload: string) => {
    const entities = payload === '' ? null : entitiesOf(tables, payload)
    if (entities !== null && entities.length === 0) return
    for (const stream of streams.keys()) stream.add(entities)
    if (!gathering) flush()
  }
  const flush = () => {
    let sent = false
    for (const stream of streams.keys()) sent = stream.flush() || sent
    gathering = sent
    if (sent) timers.after(gatherMs, flush)
  }
  const beat = () => {
    for (const [stream, life] of streams) {
      life.beats += 1
      if (life.beats >= MAX_BEATS) stream.end()
      else stream.beat()
    }
  }
  const leave = (stream: EventStream) => {
    streams.delete(stream)
    if (streams.size > 0 || listening === null) return
    const ending = listening
    listening = null
    void ending.then(
      (active) => active.stop(),
      () => undefined,
    )
  }
  const listen = (): Promise<Listening> => {
    listening ??= startListening({ database, timers, heartbeatMs, onNotify: poke, onBeat: beat })
    const started = listening
    // The next device tries again.
    started.catch(() => {
      if (listening === started) listening = null
    })
    return started
  }

  return {
    respond: async (request) => {
      if (closed) throw new RequestFault(503, 'busy', 'The server is closing. Connect again soon.')
      const stream = createEventStream((ended) => leave(ended))
      streams.set(stream, { beats: 0 })
      request.signal.addEventListener('abort', () => stream.end(), { once: true })
      try {
        await listen()
      } catch (error) {
        stream.end()
        throw error
      }
      if (request.signal.aborted || closed) stream.end()
      return new Response(stream.body, {
        headers: {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          // Asks proxies of the nginx kind not to hold events back.
          'x-accel-buffering': 'no',
        },
      })
    },
    close: async () => {
      closed = true
      const ending = listening
      for (const stream of [...streams.keys()]) stream.end()
      await ending?.then(
        (active) => active.stop(),
        () => undefined,
      )
    },
  }
}

interface Listening {
  readonly stop: () => Promise<void>
}

interface ListeningOptions {
  readonly database: Database
  readonly timers: Timers
  readonly heartbeatMs: number
  readonly onNotify: (payload: string) => void
  readonly onBeat: () => void
}

async function startListening(options: ListeningOptions): Promise<Listening> {
  const { database, timers, heartbeatMs } = options
  if (!database.listen) {
    throw new RequestFault(
      501,
      'not-found',
      "This server's database can't notify, so it sends no events. Poll instead.",
    )
  }
  const unlisten = await database.listen(CHANNEL, options.onNotify)
  const cancels = new Set<() => void>()
  let over = false
  const later = (delayMs: number, work: () => void) => {
    const cancel = timers.after(delayMs, () => {
      cancels.delete(cancel)
      if (!over) work()
    })
    cancels.add(cancel)
  }
  let stopped: Promise<void> | null = null
  const stop = () => {
    over = true
    for (const cancel of cancels) cancel()
    stopped ??= unlisten().catch(() => undefined)
    return stopped
  }
  try {
    const lateUntil = await announce(database, heartbeatMs)
    const onBeat = () => {
      options.onBeat()
      // A database that is away for a moment is announced to again at the next beat.
      void announce(database, heartbeatMs).then(watchLate, () => undefined)
      later(heartbeatMs, onBeat)
    }
    const watchLate = (until: string | null): void => {
      if (until === null || over) return
      later(LATE_WRITERS_MS, () => {
        void haveEnded(database, until).then(
          (ended) => (ended ? options.onNotify('') : watchLate(until)),
          () => watchLate(until),
        )
      })
    }
    later(heartbeatMs, onBeat)
    watchLate(lateUntil)
    return { stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Tells writers that somebody listens. Answers, where nobody did so far, the transaction id up to which writers may have
 * begun before they could know; null where there is none.
 */
async function announce(database: Database, heartbeatMs: number): Promise<string | null> {
  // Several beats may be missed before writers stop to notify.
  const seconds = Math.ceil((heartbeatMs * 4) / 1000)
  const [before] = await database.query(
    'update syncline.meta set listeners_until = greatest(listeners_until, clock_timestamp() + make_interval(secs => $1::int)) ' +
      'returning (select old.listeners_until >= clock_timestamp() from syncline.meta old) is true as announced',
    [seconds],
  )
  if (before?.announced === true) return null
  const [now] = await database.query(
    'select pg_snapshot_xmax(s)::text as until, pg_snapshot_xmin(s) < pg_snapshot_xmax(s) as late from pg_current_snapshot() s',
  )
  return now?.late === true ? String(now.until) : null
}

async function haveEnded(database: Database, until: string): Promise<boolean> {
  const [row] = await database.query('select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as ended', [until])
  return row?.ended === true
}

function entitiesOf(tables: EntitiesByTable, table: string): readonly string[] {
  return tables.byTable.get(table) ?? tables.ofUnknownTables
}

const realTimers: Timers = {
  after: (delayMs, fn) => {
    const timer = setTimeout(fn, delayMs)
    return () => clearTimeout(timer)
  },
}
