/**
 * PGlite as a `Database`, with COPY in both directions by its `/dev/blob`.
 *
 * Invariant: values go and come as `values.ts` has them, as they do with a real PostgreSQL (V1).
 */
import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { Database, DatabaseTransaction, Row } from '../../contract'
import { SESSION_SETTINGS, toText, valueParsers } from '../values'

/** Runs one statement without parameters and answers its first value, a text; in a third of the steps that `query` takes. */
type QueryText = (statement: string) => Promise<string | null>

export interface PGliteTransaction extends DatabaseTransaction {
  readonly queryText: QueryText
  /** Runs a `copy … from '/dev/blob'` on the text. */
  readonly copyIn: (statement: string, text: string) => Promise<void>
  /** Runs `fn`; where it rejects, what it did is undone and the transaction goes on. Answers whether it resolved. */
  readonly attempt: (fn: () => Promise<void>) => Promise<boolean>
}

export interface PGliteDatabase extends Database {
  readonly queryText: QueryText
  readonly transaction: <T>(
    fn: (tx: PGliteTransaction) => Promise<T>,
    options?: Parameters<Database['transaction']>[1],
  ) => Promise<T>
}

/** Sets the session up and answers the instance as a database; closing that closes the instance. */
export async function pgliteDatabase(pglite: PGlite): Promise<PGliteDatabase> {
  await pglite.exec(
    Object.entries(SESSION_SETTINGS)
      .map(([name, value]) => `set ${name} = '${value}';`)
      .join(''),
  )
  return {
    ...statementsOn(pglite),
    execute: async (script) => {
      await pglite.exec(script)
      // A script may have made types; without this their arrays would come back as text.
      await pglite.refreshArrayTypes()
    },
    transaction: (fn, { isolation } = {}) =>
      pglite.transaction(async (tx) => {
        if (isolation) await tx.exec(`set transaction isolation level ${isolation}`)
        return fn({
          ...statementsOn(tx),
          copyIn: async (statement, text) => void (await tx.query(statement, [], { blob: new Blob([text]) })),
          attempt: (work) => attempt(tx, work),
        })
      }),
    listen: async (channel, fn) => {
      const stop = await pglite.listen(channel, fn)
      return () => stop()
    },
    close: () => (pglite.closed ? Promise.resolve() : pglite.close()),
  }
}

function statementsOn(executor: PGlite | Transaction): DatabaseTransaction & { readonly queryText: QueryText } {
  return {
    queryText: async (statement) => {
      const [result] = await executor.exec(statement, { rowMode: 'array' })
      const [[value] = []] = (result?.rows ?? []) as unknown[][]
      return typeof value === 'string' ? value : null
    },
    query: async (text, params = []) => {
      const result = await executor.query<Row>(text, [...params], { parsers: valueParsers, serializers: SERIALIZERS })
      return result.rows
    },
    execute: async (script) => void (await executor.exec(script)),
    copyOut: async (query) => {
      // As one message: `query` takes six, and twice the time.
      const [result] = await executor.exec(`copy (${query}) to '/dev/blob'`)
      return new Uint8Array((await result?.blob?.arrayBuffer()) ?? [])
    },
  }
}

async function attempt(tx: Transaction, work: () => Promise<void>): Promise<boolean> {
  await tx.exec('savepoint attempt')
  try {
    await work()
    await tx.exec('release savepoint attempt')
    return true
  } catch {
    await tx.exec('rollback to savepoint attempt; release savepoint attempt')
    return false
  }
}

/** Every parameter goes as text, whatever its type's id; PGlite looks ids up in this object. */
const SERIALIZERS: Record<number, (value: unknown) => string> = new Proxy<Record<number, (value: unknown) => string>>(
  {},
  {
    get: (_, oid) => (value: unknown) => toText(value, Number(oid)) ?? '',
  },
)
