/** Figures as sentences say them. */

const COUNT = new Intl.NumberFormat('en')

export const formatCount = (count: number): string => COUNT.format(count)

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `980 B`, `4.4 KB`, `12 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}

/** `0.4 %`, `12 %`, `less than 0.01 %`. */
export function formatChance(chance: number): string {
  const percent = chance * 100
  if (percent === 0) return '0 %'
  if (percent < 0.01) return 'less than 0.01 %'
  return `${percent >= 9.95 ? Math.round(percent) : Number(percent.toPrecision(2))} %`
}

/** `0.8 s`, `45 s`, `12 min`, `3.1 h`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** How often in a day: `0.02`, `1.4`, `120`. */
export function formatRate(perDay: number): string {
  if (perDay === 0) return '0'
  if (perDay < 0.01) return 'less than 0.01'
  return perDay < 10 ? String(Number(perDay.toPrecision(2))) : formatCount(Math.round(perDay))
}
