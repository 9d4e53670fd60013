/**
 * Which server this is and what it shows: read in a pull's transaction, handed out as the cursor, and compared when
 * a cursor comes back.
 *
 *   cursor = <system identifier>.<timeline>.<installation>:<pg_snapshot>
 *
 * Invariants
 * - A cursor counts only on the server that gave it out: after a restore, a failover or a new install it is
 *   as if there were none, and the device gets everything (L6).
 * - A cursor that can't be read, or that shows more than the server has, is as if there were none; never an error.
 */
import type { DatabaseTransaction } from '../../contract/api'

export interface Moment {
  /** Names the server, its history and its installation; has no colon. */
  readonly server: string
  /** A `pg_snapshot` as text. */
  readonly snapshot: string
}

export async function readMoment(tx: DatabaseTransaction): Promise<Moment> {
  const [row] = await tx.query(
    `select pg_current_snapshot()::text as snapshot,
       system_identifier::text || '.' || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '.' || install::text as server
     from syncline.meta, pg_control_system()`,
  )
  return { server: String(row?.server), snapshot: String(row?.snapshot) }
}

export function toCursor({ server, snapshot }: Moment): string {
  return `${server}:${snapshot}`
}

/** The cursor's snapshot, or null where a full pull is needed. */
export function cursorSnapshot(cursor: string | null, now: Moment): string | null {
  if (cursor === null || !cursor.startsWith(`${now.server}:`)) return null
  const snapshot = cursor.slice(now.server.length + 1)
  return isPastSnapshot(snapshot, now) ? snapshot : null
}

/** True for a well-formed snapshot that is not ahead of `now`. */
export function isPastSnapshot(snapshot: string, now: Moment): boolean {
  const past = parseSnapshot(snapshot)
  const present = parseSnapshot(now.snapshot)
  return past !== null && present !== null && past.xmax <= present.xmax
}

/** The text form is `xmin:xmax:xip,xip,…` with xmin ≤ each xip < xmax, ascending. */
function parseSnapshot(text: string): { readonly xmax: bigint } | null {
  const match = /^(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)$/.exec(text)
  if (!match) return null
  const [xmin, xmax] = [BigInt(match[1] ?? ''), BigInt(match[2] ?? '')]
  const running = match[3] ? match[3].split(',').map(BigInt) : []
  const ascending = running.every((xid, index) => xid < xmax && xid > (running[index - 1] ?? xmin - 1n))
  return xmin > 0n && xmin <= xmax && ascending ? { xmax } : null
}
