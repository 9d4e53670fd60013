/**
 * The header `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). A date is read against the answer's own
 * `Date`, because the device's clock may be wrong by years.
 */

/** Milliseconds to wait; null where the answer does not say. */
export function retryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after')?.trim()
  if (!value) return null
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000
  const until = Date.parse(value)
  const sent = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(until) || Number.isNaN(sent) ? null : Math.max(0, until - sent)
}
