/**
 * Puts pieces of SQL to a PostgreSQL that has the tables they name, without a row.
 *
 * Invariants
 * - Pieces are planned and never run, in a transaction that is rolled back: the database is empty before and after.
 * - One piece that is refused changes nothing for the others.
 */
import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { ServerSchema, SqlAnswer, SqlQuestion, SqlType } from '@/designer/model'
import { type Fault, toFault } from '../explain-failure'
import { schemaToDdl } from '../schema-to-ddl'
import { indexOfCharacter } from '../stand-in-types'

type Session = Pick<Transaction, 'exec' | 'query'>

export async function askPostgres(
  db: PGlite,
  schema: ServerSchema,
  questions: readonly SqlQuestion[],
): Promise<SqlAnswer[]> {
  return db.transaction(async (session) => {
    const strange = await makeTables(session, schema)
    const answers: SqlAnswer[] = []
    for (const question of questions) answers.push(await askOne(session, question, strange))
    await session.rollback()
    return answers
  })
}

/** Answers the tables that have columns of types which are not here; those are texts instead. */
async function makeTables(session: Session, schema: ServerSchema): Promise<ReadonlySet<string>> {
  if ((await attempt(session, schemaToDdl(schema), 'keep')) === null) return new Set()
  const typesOnly = schemaToDdl({ ...schema, serverEntities: {} })
  const known = new Map<string, boolean>()
  for (const { attributes } of Object.values(schema.serverEntities)) {
    for (const { type } of Object.values(attributes)) {
      if (!known.has(type)) known.set(type, (await attempt(session, `${typesOnly}\nselect null::${type}`)) === null)
    }
  }
  const strange = new Set<string>()
  const entities = Object.entries(schema.serverEntities).map(([id, entity]) => {
    const attributes = Object.entries(entity.attributes).map(([key, attribute]) => {
      if (known.get(attribute.type) === true) return [key, attribute] as const
      strange.add(id)
      return [key, { ...attribute, type: 'text', typeId: null }] as const
    })
    return [id, { ...entity, attributes: Object.fromEntries(attributes) }] as const
  })
  const fault = await attempt(session, schemaToDdl({ ...schema, serverEntities: Object.fromEntries(entities) }), 'keep')
  if (fault !== null) throw new Error(`The schema's tables can't be made: ${fault.message}`)
  return strange
}

async function askOne(session: Session, question: SqlQuestion, strange: ReadonlySet<string>): Promise<SqlAnswer> {
  const { statement, typed, declaredType, value, parts, tables } = question
  const fault = await attempt(session, explain(statement))
  const type = await typeOf(session, value)
  if (fault === null && type !== null) {
    const declared = declaredType === null ? null : await typeOf(session, `select null::${declaredType} as value`)
    return { kind: 'accepted', type, declared }
  }
  // As it was typed it fails in the same way, but for names that the compiler spells out.
  const asTyped = typed === null ? null : await attempt(session, explain(typed.statement))
  const { code, message } = fault ?? UNKNOWN
  const refused: number[] = []
  for (const [index, part] of parts.entries()) {
    if ((await attempt(session, explain(part))) !== null) refused.push(index)
  }
  const place =
    typed === null || asTyped === null || asTyped.code !== code || asTyped.position === null
      ? null
      : indexOfCharacter(explain(typed.statement), asTyped.position - 1) - explain('').length - typed.start
  return {
    kind: 'refused',
    code: code ?? '',
    message,
    position: place === null || place < 0 ? null : place,
    type,
    parts: refused,
    outside: tables.some((id) => strange.has(id)) || (await isOutside(session, code, message)),
  }
}

/** It plans without the session's values, as nobody knows them here. */
const explain = (statement: string): string => `explain (generic_plan, costs off) ${statement}`

const UNKNOWN: Fault = { code: null, message: 'its type is not known', position: null, detail: null }

async function typeOf(session: Session, query: string): Promise<SqlType | null> {
  // A view has no parameters: the session's are values of their types.
  const values = query
    .replace('$1::jsonb', "'{}'::jsonb")
    .replace('$2::text', "''::text")
    .replace('$3::timestamptz', 'now()')
  await session.exec('savepoint piece')
  try {
    await session.exec(`create temporary view syncline_value as ${values}`)
    const { rows } = await session.query<{ name: string; base: string }>(
      `select format_type(atttypid, atttypmod) as name, format_type(atttypid, null) as base
       from pg_attribute where attrelid = 'pg_temp.syncline_value'::regclass and attnum = 1`,
    )
    return rows[0] ?? null
  } catch {
    return null
  } finally {
    await session.exec(FORGET)
  }
}

/** Functions of the user's own and tables that were not imported are not in the schema, and may be in the database. */
async function isOutside(session: Session, code: string | null, message: string): Promise<boolean> {
  if (code === '42P01' || code === '3F000' || code === '42704') return true
  const called = code === '42883' ? /^function (?:"?([^".(]+)"?\.)?"?([^"(]+)"?\(/.exec(message) : null
  if (called === null) return false
  const known = await session.query('select 1 from pg_proc where proname = $1 limit 1', [called[2]])
  return known.rows.length === 0
}

const FORGET = 'rollback to savepoint piece; release savepoint piece'

/** Null where it can be done. It leaves nothing behind unless that is to be kept. */
async function attempt(session: Session, sql: string, then: 'forget' | 'keep' = 'forget'): Promise<Fault | null> {
  await session.exec('savepoint piece')
  try {
    await session.exec(sql)
  } catch (error) {
    await session.exec(FORGET)
    return toFault(error)
  }
  await session.exec(then === 'keep' ? 'release savepoint piece' : FORGET)
  return null
}
