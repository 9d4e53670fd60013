/**
 * Cuts an SQL expression into tokens, as PostgreSQL's scanner would: enough to know what a row scope names, and
 * that it can't end the condition that it is put into. Comments become white space.
 */

export type SqlToken =
  | { readonly kind: 'space' | 'string' | 'number' | 'sign'; readonly text: string }
  /** `name`: folded to lower case unless it was quoted. */
  | { readonly kind: 'name'; readonly text: string; readonly name: string; readonly quoted: boolean }

export type SqlTokens =
  | { readonly kind: 'ok'; readonly tokens: readonly SqlToken[] }
  /** What is wrong: goes on after "The scope …". */
  | { readonly kind: 'failed'; readonly reason: string }

const SPACE = /\s+/y
const NAME = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const NUMBER = /\d[\w.]*|\.\d+\w*/y
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const OPERATOR = /::|:=|=>|[-+*/<>=~!@#%^&|`?]+|[^\s]/y

export function sqlTokens(text: string): SqlTokens {
  const tokens: SqlToken[] = []
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }
  while (at < text.length) {
    const space = take(SPACE)
    if (space !== null) {
      tokens.push({ kind: 'space', text: space.includes('\n') ? '\n' : ' ' })
      continue
    }
    if (text.startsWith('--', at)) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
      tokens.push({ kind: 'space', text: ' ' })
      continue
    }
    if (text.startsWith('/*', at)) {
      const end = endOfComment(text, at)
      if (end === null) return failed('has a comment that does not end')
      at = end
      tokens.push({ kind: 'space', text: ' ' })
      continue
    }
    if (text[at] === '"') {
      const end = endOfQuoted(text, at, '"', false)
      if (end === null) return failed('has a quoted name that does not end')
      const quoted = text.slice(at, end)
      tokens.push({ kind: 'name', text: quoted, name: quoted.slice(1, -1).replaceAll('""', '"'), quoted: true })
      at = end
      continue
    }
    const prefix = /(?:[eEbBxXnN]|[uU]&)?'/y
    prefix.lastIndex = at
    const opening = prefix.exec(text)?.[0]
    if (opening !== undefined) {
      const end = endOfQuoted(text, at + opening.length - 1, "'", /^e/i.test(opening))
      if (end === null) return failed('has a text that does not end')
      tokens.push({ kind: 'string', text: text.slice(at, end) })
      at = end
      continue
    }
    if (text[at] === '$') {
      const start = at
      const tag = take(DOLLAR)
      if (tag === null) return failed('has a parameter ($1): write session.claims ->> ‘name’ instead')
      const end = text.indexOf(tag, at)
      if (end < 0) return failed('has a text that does not end')
      at = end + tag.length
      tokens.push({ kind: 'string', text: text.slice(start, at) })
      continue
    }
    const name = take(NAME)
    if (name !== null) {
      tokens.push({ kind: 'name', text: name, name: name.toLowerCase(), quoted: false })
      continue
    }
    const number = take(NUMBER)
    if (number !== null) {
      tokens.push({ kind: 'number', text: number })
      continue
    }
    const start = at
    const sign = take(OPERATOR) ?? ''
    // A comment may begin in the middle of what looks like one operator.
    const comment = sign.search(/--|\/\*/)
    const operator = comment > 0 ? sign.slice(0, comment) : sign
    at = start + operator.length
    tokens.push({ kind: 'sign', text: operator })
  }
  return { kind: 'ok', tokens }
}

const failed = (reason: string): SqlTokens => ({ kind: 'failed', reason })

/** Comments of this kind nest. */
function endOfComment(text: string, from: number): number | null {
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('/*', at)) {
      depth += 1
      at += 1
    } else if (text.startsWith('*/', at)) {
      depth -= 1
      at += 1
      if (depth === 0) return at + 1
    }
  }
  return null
}

function endOfQuoted(text: string, from: number, quote: string, escapes: boolean): number | null {
  for (let at = from + 1; at < text.length; at += 1) {
    if (escapes && text[at] === '\\') at += 1
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1
      at += 1
    }
  }
  return null
}

/** The parts of an expression that "and" joins outermost; the expression as it is where another word binds them. */
export function conjuncts(text: string): string[] {
  const cut = sqlTokens(text)
  if (cut.kind === 'failed') return [text]
  const parts: string[] = ['']
  let depth = 0
  let between = false
  for (const token of cut.tokens) {
    if (token.text === '(' || token.text === '[') depth += 1
    if (token.text === ')' || token.text === ']') depth -= 1
    const word = depth === 0 && token.kind === 'name' && !token.quoted ? token.name : ''
    if (word === 'or' || word === 'case') return [text]
    if (word === 'between') between = true
    else if (word === 'and' && !between) {
      parts.push('')
      continue
    } else if (word === 'and') between = false
    parts[parts.length - 1] += token.text
  }
  return parts.map((part) => part.trim())
}
