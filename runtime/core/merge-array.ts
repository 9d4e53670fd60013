/**
 * Sets kept in PostgreSQL's arrays: elements come and go one by one. Their literals are read and written in
 * PostgreSQL's own form ("Array Input and Output Syntax" in its manual); elements keep the text they have.
 */

/** Null is a null element. */
type Element = string | null | readonly Element[]

/** Answers `set` where one of the three is no array literal. */
export function mergeArrays(type: string, was: string | null, set: string, current: string | null): string {
  // Of all base types only boxes have another delimiter.
  const delimiter = type.startsWith('box') ? ';' : ','
  const [before, after, now] = [was, set, current].map((text) => parseElements(text ?? '{}', delimiter))
  if (!before || !after || !now) return set
  const merged = mergeElements(before, after, now, (element) => printElement(element, delimiter))
  return `{${merged.map((element) => printElement(element, delimiter)).join(delimiter)}}`
}

/** In the order of `now`, what was added at the end; elements are the same where their names are. */
export function mergeElements<T>(
  before: readonly T[],
  after: readonly T[],
  now: readonly T[],
  name: (element: T) => string,
): T[] {
  const [was, is, there] = [before, after, now].map((elements) => new Set(elements.map(name)))
  const kept = now.filter((element) => !was?.has(name(element)) || is?.has(name(element)))
  const added = new Map(after.map((element) => [name(element), element]))
  return [...kept, ...[...added].flatMap(([key, element]) => (was?.has(key) || there?.has(key) ? [] : [element]))]
}

function parseElements(text: string, delimiter: string): readonly Element[] | null {
  // Bounds other than 1 say nothing about the elements.
  const literal = text.replace(/^(\[[-\d]+:[-\d]+\])+=/, '')
  if (!/^\{[\s\S]*\}$/.test(literal)) return null
  let at = 0
  const readArray = (): Element[] | null => {
    const elements: Element[] = []
    at += 1
    for (;;) {
      const first = literal[at]
      if (first === undefined) return null
      if (first === '}') {
        at += 1
        return elements
      }
      if (first === delimiter) at += 1
      else if (first === '{') {
        const nested = readArray()
        if (!nested) return null
        elements.push(nested)
      } else if (first === '"') elements.push(readQuoted())
      else {
        const start = at
        while (at < literal.length && literal[at] !== delimiter && literal[at] !== '}') at += 1
        const plain = literal.slice(start, at)
        elements.push(plain === 'NULL' ? null : plain)
      }
    }
  }
  const readQuoted = (): string => {
    let value = ''
    for (at += 1; at < literal.length && literal[at] !== '"'; at += 1) {
      if (literal[at] === '\\') at += 1
      value += literal[at] ?? ''
    }
    at += 1
    return value
  }
  const elements = readArray()
  return at === literal.length ? elements : null
}

function printElement(element: Element, delimiter: string): string {
  if (element === null) return 'NULL'
  if (typeof element !== 'string') {
    return `{${element.map((nested) => printElement(nested, delimiter)).join(delimiter)}}`
  }
  const plain = element !== '' && !/^null$/i.test(element) && !/["\\{}\s]/.test(element) && !element.includes(delimiter)
  return plain ? element : `"${element.replace(/["\\]/g, '\\$&')}"`
}
