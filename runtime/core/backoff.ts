/**
 * How long to wait before something that failed is tried again (D3).
 *
 * Invariants
 * - Never before the server's Retry-After, never later than an hour and its spread.
 * - Spread by chance, so that devices which failed together do not come back together.
 */
import type { UnitRetry } from '../contract/bundle'

/** What stays down for long is not worth asking more often, and is worth asking this often. */
const LONGEST_MS = 3_600_000

/**
 * @param failures how many runs in a row have failed, the last one included; at least 1
 * @param fraction a random number in [0, 1)
 * @param retryAfterMs what the server asked for, or null
 */
export function retryDelayMs(
  { intervalMs, backoff }: Pick<UnitRetry, 'intervalMs' | 'backoff'>,
  failures: number,
  fraction: number,
  retryAfterMs: number | null = null,
): number {
  const factor = backoff === 'exponential' ? 2 ** Math.min(failures - 1, 30) : 1
  const plain = Math.min(Math.max(intervalMs, 0) * factor, LONGEST_MS)
  const floor = Math.min(Math.max(retryAfterMs ?? 0, 0), LONGEST_MS)
  // A quarter either way; what the server asked for is only ever lengthened.
  return Math.round(Math.max(plain * (0.75 + fraction / 2), floor + (plain * fraction) / 4))
}
