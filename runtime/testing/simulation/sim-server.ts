/**
 * The server in the simulator's hands: one process for each device over one database, each statement a place where it
 * may be killed, each transaction signed with the device's name for the history.
 *
 * Invariants
 * - Requests of different devices take turns between transactions, never inside one.
 * - A killed server rolls back what it had under way and answers nobody; the next process starts on the same data.
 */
import type { Clock, Database, DatabaseTransaction, Server, ServerOptions, Session, Timers } from '../../contract/api'
import type { SeededRandom } from '../seeded-random'
import { createHazard, guarded, type Hazard } from './hazard'
import { never, type Scheduler } from './scheduler'
import { authorSql } from './server-ground'
import type { ServedAnswer } from './sim-link'

export interface SimServer {
  /** Rejects when the server dies meanwhile. */
  readonly serve: (author: string, session: () => Session, body: string) => Promise<ServedAnswer>
  /** It dies at the n-th statement from now; null for not at all. */
  readonly arm: (at: number | null) => void
  readonly restart: () => void
  readonly purge: () => Promise<void>
  readonly restarts: () => number
  readonly close: () => Promise<void>
}

export interface SimServerOptions {
  readonly database: Database
  readonly createServer: (options: ServerOptions) => Promise<Server>
  readonly scheduler: Scheduler
  readonly clock: Clock
  readonly timers: Timers
  readonly random: SeededRandom
  readonly onDeath: () => void
  readonly defect?: (database: Database) => Database
}

export function createSimServer(options: SimServerOptions): SimServer {
  const { database, scheduler, clock, timers, random, defect } = options
  let hazard = createHazard('server')
  let restarts = 0
  let processes = new Map<string, Promise<{ readonly server: Server; session: () => Session }>>()

  const start = (author: string, session: () => Session, more: Partial<ServerOptions> = {}) => {
    const holder = { session }
    const signed = signedDatabase(defect ? defect(database) : database, author, hazard, scheduler)
    return options
      .createServer({
        database: signed,
        authenticate: () => holder.session(),
        clock,
        timers,
        random: random.fork(`${author}/${restarts}`),
        ...more,
      })
      .then((server) => Object.assign(holder, { server }))
  }

  const restart = () => {
    hazard.end()
    hazard = createHazard('server')
    processes = new Map()
    restarts += 1
  }

  return {
    serve: async (author, session, body) => {
      const now = hazard
      const process = processes.get(author) ?? start(author, session)
      processes.set(author, process)
      const { server } = await process
      const answer = server
        .fetch(
          new Request('http://server.test/sync', {
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json' },
          }),
        )
        .then(async (response) => ({ status: response.status, body: await response.text() }))
      const broken = now.ended.then(() => {
        throw new TypeError('The connection broke: the server is gone.')
      })
      broken.catch(() => undefined)
      try {
        return await Promise.race([answer, broken])
      } catch (error) {
        // Whoever finds it dead starts the next one.
        if (now === hazard && !now.alive()) {
          options.onDeath()
          restart()
        }
        throw error
      }
    },
    arm: (at) => hazard.arm(at),
    restart,
    purge: async () => {
      const { server } = await start('purge', () => ({ user: 'purge' }), { retentionDays: 0 })
      await server.purge()
    },
    restarts: () => restarts,
    close: async () => restart(),
  }
}

function signedDatabase(inner: Database, author: string, hazard: Hazard, scheduler: Scheduler): Database {
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    await scheduler.gate(hazard)
    if (!hazard.pass('a statement')) return never()
    const result = await scheduler.work(work).catch((error: unknown) => {
      if (!hazard.alive()) return never<T>()
      throw error
    })
    return hazard.pass('after a statement') ? result : never()
  }
  return {
    query: (text, params) => inTurn(() => inner.query(text, params)),
    execute: (script) => inTurn(() => inner.execute(script)),
    copyOut: (query) => inTurn(() => inner.copyOut(query)),
    transaction: (fn, transactionOptions) =>
      inTurn(() =>
        inner.transaction(async (tx) => {
          await tx.execute(authorSql(author))
          return hazard.orRollBack(fn(guarded<DatabaseTransaction>(tx, hazard)))
        }, transactionOptions),
      ),
    close: async () => undefined,
  }
}
