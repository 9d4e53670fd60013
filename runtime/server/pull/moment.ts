/**
 * Which server this is, what it shows and whether its tables are tracked: read by one statement in a pull's
 * transaction, handed out as the cursor, and compared when a cursor comes back.
 *
 *   cursor = <system identifier>.<timeline>.<installation>:<signature of what is pulled>:<time>:<pg_snapshot>
 *
 * Invariants
 * - A cursor counts only on the server that gave it out: after a restore, a failover or a new install it is
 *   as if there were none, and the device gets everything (L6). So it is where the tracking since then has a gap:
 *   changes were purged, a table's log began anew, or a trigger was away or switched off meanwhile (L12).
 * - A cursor that can't be read, or that shows more than the server has, is as if there were none; never an error.
 */
import type { DatabaseTransaction } from '../../contract/api'
import { quoteText } from '../../contract/sql-text'
import type { TrackedTable } from '../../contract/tracked-tables'
import { TRIGGERS } from '../../contract/tracking-sql'
import type { EntityPlan } from '../plan'
import { parseSnapshot, type Snapshot, sees } from './snapshot'

export interface Moment {
  /** Names the server, its history and its installation; has no colon. */
  readonly server: string
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

export interface MomentAnswer {
  readonly moment: Moment
  /** One a question. */
  readonly changed: readonly boolean[]
}

/**
 * Reads the moment of the transaction, the state of the tables and the answers to the questions by one statement, the
 * same text for the same tables and number of questions. `settings` are further expressions, evaluated for what they do.
 * Rejects where nothing is installed.
 */
export async function readMoment(
  tx: Pick<DatabaseTransaction, 'query'>,
  tables: readonly TrackedTable[],
  questions: readonly ChangeQuestion[] = [],
  settings: readonly string[] = [],
): Promise<MomentAnswer> {
  const selected = [
    'pg_current_snapshot()::text as snapshot',
    `syncline.server_name() || '.' || install as server`,
    'horizon::text as horizon',
    ...tables.map(
      (table, index) => `(${sinceSql(table)}) as since_${index}, (${triggersSql(table)}) as triggers_${index}`,
    ),
    ...questions.map(({ table }, index) => `(${changedSql(table, index + 1)}) as changed_${index}`),
    ...settings,
  ]
  const [row = {}] = await tx.query(
    `select ${selected.join(', ')} from syncline.meta`,
    questions.map(({ since }) => since),
  )
  const text = (name: string) => (row[name] === null || row[name] === undefined ? null : String(row[name]))
  const states = tables.map(({ id }, index): [string, TableState] => {
    const since = text(`since_${index}`)
    return [id, { since: since === null ? null : BigInt(since), triggers: text(`triggers_${index}`) }]
  })
  return {
    moment: {
      server: text('server') ?? '',
      snapshot: text('snapshot') ?? '',
      horizon: BigInt(text('horizon') ?? 0),
      tables: new Map(states),
    },
    changed: questions.map((_, index) => row[`changed_${index}`] === true),
  }
}

/** True for the changes that the snapshot, an SQL expression, did not see. */
export function unseenSql(xid: string, snapshot: string): string {
  return `${xid} >= pg_snapshot_xmin(${snapshot}) and not pg_visible_in_snapshot(${xid}, ${snapshot})`
}

export function toCursor({ server, signature, atMs, snapshot }: Cursor): string {
  return `${server}:${signature}:${atMs}:${snapshot}`
}

/** Null where the text is no cursor. */
export function parseCursor(text: string | null): Cursor | null {
  const match = /^([^:]+):([^:]*):(\d{1,15}):(.+)$/.exec(text ?? '')
  const [, server = '', signature = '', atMs = '', snapshot = ''] = match ?? []
  return match && parseSnapshot(snapshot) ? { server, signature, atMs: Number(atMs), snapshot } : null
}

/**
 * The snapshot of a cursor that the log can still be read from, or null: what changed since is not known. It tells
 * nothing about the rows that were asked for then. The moment must know the plan's tables.
 */
export function baseSnapshot(base: string | null, plan: EntityPlan, now: Moment): string | null {
  const cursor = parseCursor(base)
  if (cursor === null || cursor.server !== now.server) return null
  const past = parseSnapshot(cursor.snapshot)
  const isKnown = past !== null && isBefore(past, now) && past.xmin >= now.horizon
  const hasNoGap = tablesOf(plan).every(({ id }) => {
    const since = now.tables.get(id)?.since ?? null
    return past !== null && since !== null && sees(past, since)
  })
  return isKnown && hasNoGap ? cursor.snapshot : null
}

/** A cursor of this moment as the base of an edit: it says what was seen, and asks for nothing. */
export function momentAsBase({ server, snapshot }: Moment): string {
  return toCursor({ server, signature: '', atMs: 0, snapshot })
}

/** The entity's table and those that decide about its rows. */
export function tablesOf(plan: EntityPlan): readonly TrackedTable[] {
  return [plan.table, ...plan.ruleTables]
}

/** True for a well-formed snapshot that is not ahead of `now`. */
export function isPastSnapshot(snapshot: string, now: Moment): boolean {
  const past = parseSnapshot(snapshot)
  return past !== null && isBefore(past, now)
}

function isBefore(past: Snapshot, now: Moment): boolean {
  const present = parseSnapshot(now.snapshot)
  return present !== null && past.xmax <= present.xmax
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
