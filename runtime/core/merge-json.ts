/**
 * Sets kept in JSON arrays. Elements keep their own text, because JavaScript's numbers would round them (V1); they are
 * the same where they differ in white space, in the order of an object's keys or in a number's trailing zeros alone, as
 * in jsonb.
 */
import { mergeElements } from './merge-array'

interface Element {
  readonly text: string
  readonly name: string
}

/** Answers `set` where one of the three is no JSON array. */
export function mergeJsonArrays(was: string | null, set: string, current: string | null): string {
  const [before, after, now] = [was, set, current].map((text) => parseElements(text ?? '[]'))
  if (!before || !after || !now) return set
  return `[${mergeElements(before, after, now, ({ name }) => name)
    .map(({ text }) => text)
    .join(', ')}]`
}

interface Token {
  readonly text: string
  readonly from: number
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gsu

function parseElements(text: string): Element[] | null {
  const tokens = [...text.matchAll(TOKEN)].map((match): Token => ({ text: match[0], from: match.index }))
  if (tokens[0]?.text !== '[' || tokens.at(-1)?.text !== ']') return null
  let at = 1
  const peek = () => tokens[at]?.text
  /** Reads one value and answers the name by which it is known. */
  const readName = (): string => {
    const token = tokens[at]?.text ?? ''
    at += 1
    if (token === '[') return `[${readList(']', readName).join(',')}]`
    if (token === '{') {
      const readPair = () => {
        const key = canonicalText(tokens[at]?.text ?? '')
        at += 2
        return `${key}:${readName()}`
      }
      return `{${readList('}', readPair).sort().join(',')}}`
    }
    return token.startsWith('"') ? canonicalText(token) : canonicalNumber(token)
  }
  const readList = (end: string, readOne: () => string): string[] => {
    const names: string[] = []
    while (at < tokens.length && peek() !== end) {
      if (peek() === ',') at += 1
      else names.push(readOne())
    }
    at += 1
    return names
  }
  const elements: Element[] = []
  while (at < tokens.length - 1) {
    if (peek() === ',') {
      at += 1
      continue
    }
    const from = tokens[at]?.from ?? 0
    const name = readName()
    const last = tokens[at - 1]
    elements.push({ name, text: text.slice(from, (last?.from ?? 0) + (last?.text.length ?? 0)) })
  }
  return at === tokens.length - 1 ? elements : null
}

/** One text may be escaped in several ways. */
function canonicalText(token: string): string {
  try {
    return JSON.stringify(JSON.parse(token))
  } catch {
    return token
  }
}

/** `1.50` is `1.5`; numbers with exponents keep their text, which jsonb never writes. */
function canonicalNumber(token: string): string {
  return /^-?\d+\.\d+$/.test(token) ? token.replace(/\.?0+$/, '') : token
}
