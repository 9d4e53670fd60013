/**
 * A `pg_snapshot` as text, and what it sees: `xmin:xmax:xip,xip,…`, the transactions before `xmin` and those before
 * `xmax` that are not listed (manual, "pg_snapshot Components").
 */

export interface Snapshot {
  readonly xmin: bigint
  readonly xmax: bigint
  readonly running: readonly bigint[]
}

/** Null where the text is no snapshot: it comes from outside and goes into statements. */
export function parseSnapshot(text: string): Snapshot | null {
  const match = /^(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)$/.exec(text)
  if (!match) return null
  const [xmin, xmax] = [BigInt(match[1] ?? ''), BigInt(match[2] ?? '')]
  const running = match[3] ? match[3].split(',').map(BigInt) : []
  const ascending = running.every((xid, index) => xid < xmax && xid > (running[index - 1] ?? xmin - 1n))
  return xmin > 0n && xmin <= xmax && ascending ? { xmin, xmax, running } : null
}

/** Whether what the transaction did was committed, or rolled back, when the snapshot was taken. */
export function sees({ xmin, xmax, running }: Snapshot, xid: bigint): boolean {
  return xid < xmin || (xid < xmax && !running.includes(xid))
}
