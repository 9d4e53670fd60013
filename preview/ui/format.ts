/** Bytes as people read them: 840 B, 12.4 kB, 3.1 MB. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  return count < 1_000_000 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`
}

/** Time since the preview was ready: +0.4 s, +1:05. */
export function sinceStart(durationMs: number): string {
  const seconds = Math.max(0, durationMs / 1000)
  if (seconds < 60) return `+${seconds.toFixed(1)} s`
  return `+${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
