/**
 * Rows as the server has them, locked until the transaction ends (P5), and what tracking knows of them.
 *
 * Two statements: the first waits for the locks, the second sees what whoever held them committed. What is locked and
 * what is told of it are then of one moment, and `snapshot` sees the versions that are told.
 */
import { valueSql } from '../../contract/value-sql'
import type { WireValues } from '../../protocol/messages'
import type { EntityPlan } from '../plan'
import { scopeTest, sessionParams, sessionSource } from '../scope'
import { matches, rowSource } from './column-types'
import { MetAnother } from './refusals'
import type { Seen } from './seen-snapshot'
import type { Writer } from './write-rows'

export interface RowState {
  /** All mapped attributes that are columns; null where there is no such row, or none that the session may see. */
  readonly row: WireValues | null
  /** True where a row is there but the session may not see it. */
  readonly hidden: boolean
  readonly writable: boolean
  /** True where only the device wrote the row since tracking began. */
  readonly own: boolean
  /** Another wrote it, and the edit's author had not seen that. */
  readonly unseen: boolean
  /** There is no row, and another than the device wrote of it last: it deleted the row. */
  readonly deletedByOther: boolean
  readonly writer: string | null
  /** Milliseconds since 1970. */
  readonly writtenAt: number | null
  /** When each timed column was written, `*` for the row; empty where writes are not timed. */
  readonly times: Times
  readonly snapshot: string
}

export type Times = { readonly [column: string]: number }

export interface AskedRow {
  readonly key: readonly string[]
  readonly seen: Seen
}

export type LockStrength = 'update' | 'no key update'

/** In the order in which they are asked for. */
export async function readRows(
  writer: Writer,
  plan: EntityPlan,
  asked: readonly AskedRow[],
  lock: LockStrength,
): Promise<RowState[]> {
  const keyNames = plan.entity.key.map((_, index) => `k${index}`)
  const source = rowSource(
    keyNames,
    asked.map(({ key }) => key),
  )
  const same = matches(plan, writer.types, plan.entity.key, 'b', keyNames)
  const [read, write] = [scopeTest(plan, 'read'), scopeTest(plan, 'write')]
  const session = write === null ? '' : ` cross join ${sessionSource(source.params.length)}`
  const columns = plan.stored.map((attribute, index) => `${valueSql(attribute)} as value_${index}`)
  const locked = await writer.tx.query(
    `select v.ord - 1 as place, ${columns.join(', ')}, ${read ?? 'true'} as readable, ${write ?? 'true'} as writable
     from ${source.sql} join ${plan.base} b on ${same}${session}
     order by ${plan.keyColumns.map((column) => `b.${column}`).join(', ')} for ${lock} of b`,
    [...source.params, ...(write === null ? [] : sessionParams(writer.scope))],
  )
  const rows = new Map(locked.map((row) => [Number(row.place), row]))

  const known = rowSource(
    [...keyNames, 'seen'],
    asked.map(({ key, seen }) => [...key, seen.kind === 'snapshot' ? seen.snapshot : null]),
    1,
  )
  const tracked = await writer.tx.query(
    `select v.ord - 1 as place, pg_current_snapshot()::text as snapshot, b.${plan.keyColumns[0]} is not null as there,
       ${plan.table.asksVersions ? VERSION_COLUMNS : NO_VERSION_COLUMNS}${plan.written === null ? '' : ', w.at as times'}
     from ${known.sql} left join ${plan.base} b on ${same}${
       plan.table.asksVersions ? versionJoins(plan.track, trackMatches(plan, writer, keyNames)) : ''
     }${plan.written === null ? '' : ` left join ${plan.written} w on ${trackMatches(plan, writer, keyNames, 'w')}`}
     where $1::uuid is not null`,
    [writer.device, ...known.params],
  )
  const states = new Map(
    tracked.map((track): [number, RowState] => {
      const place = Number(track.place)
      const row = rows.get(place)
      // It came between the two statements, so it is not locked.
      if (track.there === true && !row) throw new MetAnother('A row appeared while its change was being checked.')
      return [place, toState(plan, row, track, asked[place]?.seen)]
    }),
  )
  return asked.flatMap((_, index) => states.get(index) ?? [])
}

/** Of the log: what others wrote that was not seen, whether anybody but the device wrote, and who wrote last. */
const VERSION_COLUMNS = `others.met, others.unseen, last.origin is not distinct from $1::uuid as last_own,
       last.there as logged, last.user_name, (extract(epoch from last.at) * 1000)::bigint as at`

const NO_VERSION_COLUMNS =
  'null::boolean as met, null::boolean as unseen, false as last_own, false as logged, null as user_name, null as at'

function versionJoins(track: string, same: string): string {
  return `
     left join lateral (
       select true as met, bool_or(v.seen is null or not pg_visible_in_snapshot(t.xid, v.seen::pg_snapshot)) as unseen
       from ${track} t where ${same} and t.origin is distinct from $1::uuid having count(*) > 0
     ) others on true
     left join lateral (
       select true as there, t.origin, t.user_name, t.at from ${track} t where ${same} order by t.at desc, t.xid desc limit 1
     ) last on true`
}

type Read = { readonly [name: string]: unknown }

function toState(plan: EntityPlan, row: Read | undefined, track: Read, seen: Seen | undefined): RowState {
  const readable = row?.readable === true
  return {
    row: row && readable ? imageOf(plan, row) : null,
    hidden: row !== undefined && !readable,
    writable: row?.writable === true,
    own: track.logged === true && track.met !== true,
    unseen: track.unseen === true || (seen?.kind === 'forgotten' && plan.table.asksVersions),
    deletedByOther: row === undefined && track.logged === true && track.last_own !== true,
    writer: typeof track.user_name === 'string' ? track.user_name : null,
    writtenAt: track.at === null || track.at === undefined ? null : Number(track.at),
    times: (track.times ?? {}) as Times,
    snapshot: String(track.snapshot),
  }
}

export function imageOf(plan: EntityPlan, row: Read): WireValues {
  return Object.fromEntries(plan.stored.map(({ id }, index) => [id, (row[`value_${index}`] ?? null) as string | null]))
}

export function trackMatches(plan: EntityPlan, writer: Writer, keyNames: readonly string[], alias = 't'): string {
  return plan.trackColumns
    .map(
      (column, index) =>
        `${alias}.${column} = v.${keyNames[index]}::${writer.types.of(plan, plan.entity.key[index] ?? '')}`,
    )
    .join(' and ')
}
