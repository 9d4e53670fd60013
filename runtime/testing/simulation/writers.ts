/** The other programs that write to the server's tables, with transactions that may stay open over several steps. */
import type { Database, DatabaseTransaction, Row } from '../../contract/api'
import type { Bundle, EntityContract } from '../../contract/bundle'
import { quoteName } from '../../contract/sql-text'
import { createHazard } from './hazard'
import { attributeName } from './rows'
import type { Scheduler } from './scheduler'
import type { LocalOperation, Step } from './script'
import { authorSql, type ServerGround } from './server-ground'
import { writerStatement } from './server-writes'
import type { Trace } from './trace'

export interface Writers {
  readonly write: (step: Extract<Step, { kind: 'write' }>) => Promise<void>
  readonly end: (writer: number, how: 'commit' | 'rollback') => Promise<void>
  readonly areOpen: () => boolean
  readonly endAll: () => Promise<void>
  /** Values of attributes on demand that some row has. */
  readonly choosable: (entity: EntityContract, chosenBy: readonly string[]) => Promise<readonly Row[]>
  readonly close: () => Promise<void>
}

class RolledBack extends Error {
  override readonly name = 'RolledBack'
}

/**
 * A writer waits no longer for a row that another one holds: its operation is rolled back to its savepoint. Not where
 * there is one connection, which waits for nobody: in PGlite the timer of a timeout outlives the database.
 */
const LOCK_TIMEOUT = "; set local lock_timeout = '100ms'"

export function createWriters(ground: ServerGround, bundle: Bundle, scheduler: Scheduler, trace: Trace): Writers {
  const life = createHazard('writers')
  const connections = new Map<number, Database>()
  const open = new Set<number>()

  const operate = async (
    tx: Pick<DatabaseTransaction, 'execute' | 'query'>,
    operations: readonly LocalOperation[],
  ): Promise<void> => {
    for (const operation of operations) {
      const statement = writerStatement(ground.catalogue, bundle, operation)
      if (!statement) continue
      await tx.execute('savepoint operation')
      try {
        await tx.query(statement.text, statement.params)
        trace.count(`writers' ${operation.op}`)
      } catch {
        // Keys that are taken, parents that are missing: what the tables refuse the writer gives up.
        await tx.execute('rollback to savepoint operation')
        trace.count("writers' operations refused")
      }
    }
  }

  const inTurn = async (work: () => Promise<void>): Promise<void> => {
    await scheduler.gate(life)
    await scheduler.work(work)
  }

  const connection = async (writer: number): Promise<Database | null> => {
    const known = connections.get(writer)
    if (known || !ground.connect) return known ?? null
    const made = await ground.connect()
    connections.set(writer, made)
    return made
  }

  const end = async (writer: number, how: 'commit' | 'rollback') => {
    if (!open.delete(writer)) return
    await connections.get(writer)?.execute(how)
    trace.count(`writers' open transactions: ${how}`)
  }

  return {
    write: (step) =>
      inTurn(async () => {
        const own = await connection(step.writer)
        const author = `writer-${step.writer}`
        if (own) {
          if (!open.has(step.writer)) await own.execute(`begin; ${authorSql(author)}${LOCK_TIMEOUT}`)
          open.add(step.writer)
          await operate(own, step.operations)
          if (step.end !== 'open') await end(step.writer, step.end)
          return
        }
        await ground.database
          .transaction(async (tx) => {
            await tx.execute(`${authorSql(author)}${ground.connect ? LOCK_TIMEOUT : ''}`)
            await operate(tx, step.operations)
            if (step.end === 'rollback') throw new RolledBack()
          })
          .catch((error: unknown) => {
            if (!(error instanceof RolledBack)) throw error
            trace.count("writers' rollbacks")
          })
      }),
    end: (writer, how) => inTurn(() => end(writer, how)),
    areOpen: () => open.size > 0,
    endAll: () =>
      inTurn(async () => {
        for (const writer of [...open]) await end(writer, 'commit')
      }),
    choosable: (entity, chosenBy) => {
      const names = chosenBy.map((id) => attributeName(entity, id))
      const columns = chosenBy.map((id) => entity.attributes.find((one) => one.id === id)?.column ?? id)
      const reference = entity.references.find(
        ({ attributes }) => attributes.length === chosenBy.length && attributes.every((id) => chosenBy.includes(id)),
      )
      const parent = reference && bundle.entities.find(({ id }) => id === reference.entity)
      const source = parent ?? entity
      const sourceColumns =
        parent && reference
          ? chosenBy.map((id) => {
              const referenced = reference.referencedAttributes[reference.attributes.indexOf(id)]
              return parent.attributes.find((one) => one.id === referenced)?.column ?? ''
            })
          : columns
      const list = sourceColumns.map((column, index) => `${quoteName(column)} as ${quoteName(names[index] ?? '')}`)
      return scheduler.work(() =>
        ground.database.query(
          `select distinct ${list.join(', ')} from ${quoteName(source.server.schema)}.${quoteName(source.server.table)} order by ${sourceColumns.map((_, index) => index + 1).join(', ')}`,
        ),
      )
    },
    close: async () => {
      for (const made of connections.values()) {
        await made.execute('rollback').catch(() => undefined)
        await made.close()
      }
    },
  }
}
