/**
 * PGlite as a device's storage, and as the server's embedded database.
 *
 * PGlite is a peer of the bundle: it is loaded only when a database is opened, and an instance that
 * the app has already made can be given instead.
 */
import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { Database, DatabaseTransaction, Row, Storage } from '../contract'
import { SESSION_SETTINGS, toText, valueParsers } from './values'

export interface PGliteOptions {
  /** An instance to use instead of opening one; `close` closes it. */
  readonly pglite?: PGlite
}

/**
 * Opens a database at `memory://`, `idb://name` or, in Node, a directory.
 * Rejects when the place can't be read or written, or when PGlite isn't installed.
 */
export async function openPGlite(target = 'memory://', options: PGliteOptions = {}): Promise<Storage> {
  const pglite = options.pglite ?? (await load(target))
  await pglite.exec(
    Object.entries(SESSION_SETTINGS)
      .map(([name, value]) => `set ${name} = '${value}';`)
      .join(''),
  )
  return { kind: 'pglite', ...pgliteDatabase(pglite) }
}

async function load(target: string): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite')
  return PGlite.create(target)
}

function pgliteDatabase(pglite: PGlite): Database {
  const on = (executor: PGlite | Transaction): DatabaseTransaction => ({
    query: async (text, params = []) => {
      const result = await executor.query<Row>(text, [...params], { parsers: valueParsers, serializers: SERIALIZERS })
      return result.rows
    },
    execute: async (script) => {
      await executor.exec(script)
      // A script may have made types; without this their arrays would come back as text.
      await pglite.refreshArrayTypes()
    },
  })
  return {
    ...on(pglite),
    transaction: (fn, { isolation } = {}) =>
      pglite.transaction(async (tx) => {
        if (isolation) await tx.exec(`set transaction isolation level ${isolation}`)
        return fn({ ...on(tx), execute: async (script) => void (await tx.exec(script)) })
      }),
    close: () => (pglite.closed ? Promise.resolve() : pglite.close()),
  }
}

/** Every parameter goes as text, whatever its type's id; PGlite looks ids up in this object. */
const SERIALIZERS: Record<number, (value: unknown) => string> = new Proxy<Record<number, (value: unknown) => string>>(
  {},
  {
    get: (_, oid) => (value: unknown) => toText(value, Number(oid)) ?? '',
  },
)
