/** The smallest stretch that differs between two texts, so that a caret elsewhere stays where it is. */
export interface TextChange {
  readonly start: number
  /** Of the text before. */
  readonly end: number
  readonly text: string
}

/** Null where both are the same. */
export function textChange(before: string, after: string): TextChange | null {
  if (before === after) return null
  const longest = Math.min(before.length, after.length)
  let start = 0
  while (start < longest && before.charCodeAt(start) === after.charCodeAt(start)) start += 1
  let tail = 0
  while (
    tail < longest - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail += 1
  }
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) }
}
