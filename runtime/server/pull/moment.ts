/**
 * Which server this is, what it shows and whether its tables are tracked: read by one statement in a pull's
 * transaction, handed out as the cursor, and compared when a cursor comes back.
 *
 *   cursor = <system identifier>.<timeline>.<installation>.<start>:<signature of what is pulled>:<time>:<pg_snapshot>
 *
 * Invariants
 * - A cursor counts only on the server that gave it out: after a restore, a failover or a new install it is
 *   as if there were none, and the device gets everything (L6). So it is where the tracking since then has a gap:
 *   changes were purged, a table's log began anew, or a trigger was away or switched off meanwhile (L12).
 * - It counts only if what it shows is part of the history that led here: files that are put back keep all names, but
 *   not the starts that came after they were copied, and the transactions of the start at which they were copied end
 *   where the next one begins.
 * - A cursor that can't be read, or that shows more than the server has, is as if there were none; never an error.
 */
import type { DatabaseTransaction } from '../../contract/api'
import { quoteText } from '../../contract/sql-text'
import type { TrackedTable } from '../../contract/tracked-tables'
import { TRIGGERS } from '../../contract/tracking-sql'
import type { EntityPlan } from '../plan'
import { parseSnapshot, sees } from './snapshot'

export interface Moment {
  /** Names the server, its history and its installation; has no colon. */
  readonly server: string
  /** The start of the database since which it runs. */
  readonly incarnation: string
  /** The starts that led here, each with the first transaction of the one after it; null for the last. */
  readonly incarnations: ReadonlyMap<string, bigint | null>
  /** A `pg_snapshot` as text. */
  readonly snapshot: string
  /** Changes of transactions before this one are forgotten. */
  readonly horizon: bigint
  readonly tables: ReadonlyMap<string, TableState>
}

export interface TableState {
  /** The transaction that began the log; null where the table is not tracked. */
  readonly since: bigint | null
  /** Changes with every trigger that is switched off and on, dropped or made; null while one is missing or off. */
  readonly triggers: string | null
}

export interface Cursor {
  readonly server: string
  readonly incarnation: string
  /** Tells whether the same rows are asked for as then. */
  readonly signature: string
  /** The time of the pull where the scope depends on it, else 0. */
  readonly atMs: number
  readonly snapshot: string
}

/** Asks whether anything changed in the table since the snapshot. */
export interface ChangeQuestion {
  readonly table: TrackedTable
  readonly since: string
}

/** Further expressions for the statement, each giving a text; their parameters begin at the number that they are given. */
export interface Selection {
  readonly expressions: (firstParameter: number) => readonly string[]
  readonly params: readonly unknown[]
}

/**
 * The name of the server as it was read last. To read it costs more than the rest of a moment, and while the database runs
 * it stays the same: it has another one after another start, which has another id, and a start is noted only by a
 * server that can write, of which the timeline is settled.
 */
export interface KnownServer {
  incarnation: string
  name: string
}

export interface MomentAnswer {
  readonly moment: Moment
  /** One a question. */
  readonly changed: readonly boolean[]
  /** One an expression. */
  readonly selected: readonly (string | null)[]
}

/** The database was started and nobody has noted it: `notingStarts` does. */
export class UnnotedStart extends Error {
  override readonly name = 'UnnotedStart'
}

/** An SQL condition that nobody has noted the start since which the database runs. */
export const IS_UNNOTED = 'not exists (select from syncline.incarnation where started = pg_postmaster_start_time())'

/** Runs `fn`; where it met a start that nobody had noted, notes it and runs `fn` again. It must not have changed anything. */
export async function notingStarts<T>(database: Pick<DatabaseTransaction, 'query'>, fn: () => Promise<T>): Promise<T> {
  try {
    return await fn()
  } catch (error) {
    if (!(error instanceof UnnotedStart)) throw error
    await database.query('select syncline.note_start()')
    return fn()
  }
}

/**
 * Reads the moment of the transaction, the state of the tables and the answers to the questions by one statement, the
 * same text for the same tables and number of questions.
 * Rejects where nothing is installed, and with `UnnotedStart`.
 */
export async function readMoment(
  tx: Pick<DatabaseTransaction, 'query'>,
  tables: readonly TrackedTable[],
  questions: readonly ChangeQuestion[] = [],
  more: Selection = NO_SELECTION,
  known: KnownServer = { incarnation: '', name: '' },
): Promise<MomentAnswer> {
  const expressions = more.expressions(questions.length + 1)
  // Another request may learn of another start meanwhile.
  const before = known.name
  const knownParameter = `$${questions.length + more.params.length + 1}::text`
  const selected = [
    'pg_current_snapshot()::text as snapshot',
    `case when ${CURRENT_START} is distinct from ${knownParameter} then syncline.server_name() end as server`,
    'install::text as install',
    STARTS,
    'horizon::text as horizon',
    ...tables.map(
      (table, index) => `(${sinceSql(table)}) as since_${index}, (${triggersSql(table)}) as triggers_${index}`,
    ),
    ...questions.map(({ table }, index) => `(${changedSql(table, index + 1)}) as changed_${index}`),
    ...expressions.map((expression, index) => `${expression} as selected_${index}`),
  ]
  const [row = {}] = await tx.query(`select ${selected.join(', ')} from syncline.meta`, [
    ...questions.map(({ since }) => since),
    ...more.params,
    known.incarnation,
  ])
  const text = (name: string) => (row[name] === null || row[name] === undefined ? null : String(row[name]))
  const starts = (text('starts') ?? '').split(',').map((each) => each.split('/'))
  const [incarnation = '', , isCurrent] = starts.at(-1) ?? []
  if (isCurrent !== 't') throw new UnnotedStart('The database was started, and nobody has noted it.')
  const name = text('server') ?? before
  Object.assign(known, { incarnation, name } satisfies KnownServer)
  const states = tables.map(({ id }, index): [string, TableState] => {
    const since = text(`since_${index}`)
    return [id, { since: since === null ? null : BigInt(since), triggers: text(`triggers_${index}`) }]
  })
  return {
    moment: {
      server: `${name}.${text('install') ?? ''}`,
      incarnation,
      incarnations: new Map(starts.map(([id = ''], index) => [id, nextSince(starts[index + 1])])),
      snapshot: text('snapshot') ?? '',
      horizon: BigInt(text('horizon') ?? 0),
      tables: new Map(states),
    },
    changed: questions.map((_, index) => row[`changed_${index}`] === true),
    selected: expressions.map((_, index) => text(`selected_${index}`)),
  }
}

const NO_SELECTION: Selection = { expressions: () => [], params: [] }

const CURRENT_START = '(select id from syncline.incarnation where started = pg_postmaster_start_time())'

const STARTS = `(
  select string_agg(id || '/' || since || '/' || case when started = pg_postmaster_start_time() then 't' else 'f' end, ',' order by n)
  from syncline.incarnation
) as starts`

function nextSince(next: readonly string[] | undefined): bigint | null {
  return next === undefined ? null : BigInt(next[1] ?? 0)
}

/** True for the changes that the snapshot, an SQL expression, did not see. */
export function unseenSql(xid: string, snapshot: string): string {
  return `${xid} >= pg_snapshot_xmin(${snapshot}) and not pg_visible_in_snapshot(${xid}, ${snapshot})`
}

export function toCursor({ server, incarnation, signature, atMs, snapshot }: Cursor): string {
  return `${server}.${incarnation}:${signature}:${atMs}:${snapshot}`
}

/** Null where the text is no cursor. */
export function parseCursor(text: string | null): Cursor | null {
  const match = /^([^:]+)\.([^:.]+):([^:]*):(\d{1,15}):(.+)$/.exec(text ?? '')
  const [, server = '', incarnation = '', signature = '', atMs = '', snapshot = ''] = match ?? []
  return match && parseSnapshot(snapshot) ? { server, incarnation, signature, atMs: Number(atMs), snapshot } : null
}

/**
 * The snapshot of a cursor that the log can still be read from, or null: what changed since is not known. It tells
 * nothing about the rows that were asked for then. The moment must know the tables.
 */
export function baseSnapshot(
  base: string | null,
  plan: EntityPlan,
  now: Moment,
  tables: readonly TrackedTable[] = tablesOf(plan),
): string | null {
  const cursor = parseCursor(base)
  if (cursor === null || !isOfHistory(cursor, now)) return null
  const past = parseSnapshot(cursor.snapshot)
  const isKnown = past !== null && past.xmin >= now.horizon
  const hasNoGap = tables.every(({ id }) => {
    const since = now.tables.get(id)?.since ?? null
    return past !== null && since !== null && sees(past, since)
  })
  return isKnown && hasNoGap ? cursor.snapshot : null
}

/** A cursor of this moment as the base of an edit: it says what was seen, and asks for nothing. */
export function momentAsBase({ server, incarnation, snapshot }: Moment): string {
  return toCursor({ server, incarnation, signature: '', atMs: 0, snapshot })
}

/** The entity's table and those that decide about its rows. */
export function tablesOf(plan: EntityPlan): readonly TrackedTable[] {
  return [plan.table, ...plan.ruleTables]
}

/** Those and the ones that its rows have values from. */
export function tablesRead(plan: EntityPlan): readonly TrackedTable[] {
  return [...tablesOf(plan), ...joinedTables(plan)]
}

/** Other tables that the entity's rows have values from, each with a key. */
export function joinedTables({ joins, table }: EntityPlan): readonly TrackedTable[] {
  return [...new Set(joins.map((join) => join.table))].filter(({ id }) => id !== table.id)
}

/** Whether all that the cursor's snapshot shows is part of what led to this moment. */
export function isOfHistory(
  { server, incarnation, snapshot }: Omit<Cursor, 'signature' | 'atMs'>,
  now: Moment,
): boolean {
  const past = parseSnapshot(snapshot)
  const present = parseSnapshot(now.snapshot)
  const end = now.incarnations.get(incarnation)
  if (server !== now.server || end === undefined || past === null || present === null) return false
  return past.xmax <= present.xmax && (end === null || past.xmax <= end)
}

function sinceSql({ id }: TrackedTable): string {
  return `select since::text from syncline.tracked where id = ${quoteText(id)}`
}

/** A trigger's row in the catalogue is written anew, by another transaction, whenever it is switched. */
function triggersSql({ base }: TrackedTable): string {
  const relation = `to_regclass(${quoteText(base)})`
  return `select case when count(t.oid) filter (where t.tgenabled in ('O', 'A')) = ${TRIGGERS.length} * count(distinct m.relid)
      then left(md5(string_agg(t.oid || '.' || t.xmin, ',' order by t.oid)), 12) end
    from (select ${relation} as relid union select relid from pg_partition_tree(${relation})) m
    left join pg_trigger t on t.tgrelid = m.relid and t.tgname in (${TRIGGERS.map(quoteText).join(', ')})`
}

/** In the order of the index, whatever the planner thinks of the table: the first unseen change is soon found. */
function changedSql({ track }: TrackedTable, parameter: number): string {
  const unseen = unseenSql('t.xid', `$${parameter}::pg_snapshot`)
  return `coalesce((select true from ${track} t where ${unseen} order by t.xid limit 1), false)`
}
