/** What happened in a run: counted, and boiled down to a hash by which two runs can be told apart. */

export interface Trace {
  readonly line: (text: string) => void
  readonly count: (what: string, by?: number) => void
  readonly counts: () => Readonly<Record<string, number>>
  readonly hash: () => string
}

export function createTrace(onLine?: (line: string) => void): Trace {
  const counts = new Map<string, number>()
  // FNV-1a, twice with different offsets: 64 bits are plenty to notice a difference.
  let first = 0x811c9dc5
  let second = 0x01234567
  return {
    line: (text) => {
      for (let index = 0; index < text.length; index += 1) {
        first = Math.imul(first ^ text.charCodeAt(index), 0x01000193)
        second = Math.imul(second ^ text.charCodeAt(index), 0x01000193) + index
      }
      onLine?.(text)
    },
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    hash: () => [first, second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  }
}
