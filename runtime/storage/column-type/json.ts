/**
 * JSON as `jsonb` prints it: keys by length and then by bytes, the last of equal keys, one space after `:` and `,`.
 *
 * Numbers keep their digits, because JavaScript's would round them (V1).
 */
import { canonicalNumeric, invalid } from './numbers'

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gsu
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export function canonicalJsonb(text: string): string {
  assertJson('jsonb', text)
  // It is well-formed from here on: a token is where it must be.
  const tokens = text.match(TOKEN) ?? []
  let at = 0
  const read = (): string => {
    const token = tokens[at] ?? ''
    at += 1
    if (token === '[') return `[${readList(']', read).join(', ')}]`
    if (token === '{') {
      const pairs = new Map(
        readList('}', () => {
          const key = JSON.parse(tokens[at] ?? '""') as string
          at += 2
          return [key, read()] as const
        }),
      )
      const sorted = [...pairs].sort(([a], [b]) => compareKeys(a, b))
      return `{${sorted.map(([key, value]) => `${quote(key)}: ${value}`).join(', ')}}`
    }
    if (token.startsWith('"')) return quote(JSON.parse(token) as string)
    return NUMBER.test(token) ? canonicalNumeric(token, null, 0) : token
  }
  const readList = <T>(end: string, readOne: () => T): T[] => {
    const items: T[] = []
    while (tokens[at] !== end) {
      if (tokens[at] === ',') at += 1
      items.push(readOne())
    }
    at += 1
    return items
  }
  return read()
}

export function assertJson(type: string, text: string): void {
  try {
    JSON.parse(text)
  } catch {
    throw invalid(type, text)
  }
}

/** PostgreSQL escapes what JSON must have escaped; JavaScript also escapes lone surrogates, which no text of PostgreSQL has. */
function quote(text: string): string {
  return JSON.stringify(text)
}

const encoder = new TextEncoder()

function compareKeys(left: string, right: string): number {
  const [a, b] = [encoder.encode(left), encoder.encode(right)]
  if (a.length !== b.length) return a.length - b.length
  for (let index = 0; index < a.length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
