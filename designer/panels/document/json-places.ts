/**
 * Where the records of a JSON document are in its text. The parts of the document that nobody asks about are passed
 * over as a whole, so that a project of a thousand tables is read in milliseconds.
 */

export type JsonPath = readonly string[]

/** Offsets of a property's key, with its quotes. */
export interface KeyPlace {
  readonly start: number
  readonly end: number
}

/** The place of each path that is there, by `path.join('.')`; what comes after a mistake in the text is not found. */
export function keyPlaces(text: string, paths: readonly JsonPath[]): ReadonlyMap<string, KeyPlace> {
  const wanted = new Set(paths.map((path) => path.join('.')))
  const onTheWay = new Set(paths.flatMap((path) => path.map((_, length) => path.slice(0, length + 1).join('.'))))
  const found = new Map<string, KeyPlace>()
  walk(text, (path, place) => {
    const key = path.join('.')
    if (wanted.has(key)) found.set(key, place)
    return onTheWay.has(key)
  })
  return found
}

/** The keys that lead to an offset of the text; of arrays there are none. */
export function pathAt(text: string, offset: number): JsonPath {
  let innermost: JsonPath = []
  walk(text, (path, place, end) => {
    if (place.start > offset) return false
    const holds = offset <= end()
    if (holds) innermost = path
    return holds
  })
  return innermost
}

/** The offset at which the text stops being JSON; null where it is JSON. */
export const mistakeAt = (text: string): number | null => walk(text, () => true)

/** Is asked at each property of an object whether to go into its value; `end` is where that value ends. */
type Visit = (path: JsonPath, place: KeyPlace, end: () => number) => boolean

const BLANK = /[ \t\r\n\uFEFF]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON forbids inside of strings.
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

class Mistake extends Error {
  constructor(readonly offset: number) {
    super('not JSON')
  }
}

function walk(text: string, visit: Visit): number | null {
  let at = 0
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const expect = (pattern: RegExp): string => {
    const found = skip(pattern)
    if (found === '') throw new Mistake(at)
    return found
  }
  const sign = (): string => {
    skip(BLANK)
    return text.charAt(at)
  }
  const take = (wanted: string): void => {
    if (sign() !== wanted) throw new Mistake(at)
    at += 1
  }

  const value = (path: JsonPath, asks: boolean): void => {
    switch (sign()) {
      case '{':
        object(path, asks)
        return
      case '[':
        array(path)
        return
      case '"':
        expect(STRING)
        return
      default:
        expect(SCALAR)
    }
  }
  const object = (path: JsonPath, asks: boolean): void => {
    at += 1
    if (sign() !== '}') {
      for (;;) {
        skip(BLANK)
        const start = at
        const quoted = expect(STRING)
        const end = at
        take(':')
        if (asks) {
          const inside = [...path, keyOf(quoted)]
          const from = at
          const endOfValue = (): number => {
            const kept = at
            at = from
            value(inside, false)
            const reached = at
            at = kept
            return reached
          }
          value(inside, visit(inside, { start, end }, endOfValue))
        } else value(path, false)
        if (sign() !== ',') break
        at += 1
      }
    }
    take('}')
  }
  // A path has no numbers: a record is known by its key, and what is in an array belongs to the record around it.
  const array = (path: JsonPath): void => {
    at += 1
    if (sign() !== ']') {
      for (;;) {
        value(path, false)
        if (sign() !== ',') break
        at += 1
      }
    }
    take(']')
  }

  try {
    value([], true)
    if (sign() !== '') throw new Mistake(at)
    return null
  } catch (error) {
    if (error instanceof Mistake) return error.offset
    throw error
  }
}

const keyOf = (quoted: string): string => {
  const key: unknown = quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1)
  return String(key)
}
