/** Values that a store without PostgreSQL makes for new rows, from the app's own time and randomness. */

/** ISO with an offset: as a date, a timestamp or a timestamp with time zone it means the same instant in UTC. */
export function formatInstant(nowMs: number): string {
  return new Date(nowMs).toISOString().replace('T', ' ').replace('Z', '+00')
}

/** Where temporary keys start: at random, so that one that was lost in a crash is not made again. */
export function startOfKeys(bytes: Uint8Array): number {
  return 1 + bytes.reduce((number, byte) => (number * 256 + byte) % 0x4000_0000, 0)
}
