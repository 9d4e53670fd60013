const STEPS: readonly (readonly [limitSeconds: number, divisor: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [3600, 60, 'minute'],
  [86_400, 3600, 'hour'],
  [7 * 86_400, 86_400, 'day'],
]

/** "3 minutes ago", "yesterday"; the date itself once a week has passed. */
export function timeAgo(date: Date, nowMs: number = Date.now()): string {
  const seconds = (nowMs - date.getTime()) / 1000
  if (seconds < 60) return 'just now'
  const step = STEPS.find(([limit]) => seconds < limit)
  if (!step) return date.toLocaleDateString('en', { year: 'numeric', month: 'short', day: 'numeric' })
  const [, divisor, unit] = step
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.floor(seconds / divisor), unit)
}
