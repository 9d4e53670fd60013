/**
 * Splits a dump into statements as psql does, over its bytes.
 *
 * PostgreSQL itself parses the statements; what is needed here is only where each ends, which a parser
 * for SQL alone can't tell in a dump: `COPY … FROM stdin` is followed by data, and psql's own commands
 * stand between the statements. Bytes, because every character that matters is ASCII, positions stay
 * exact, and COPY data is passed on without being decoded.
 */

export type DumpPart =
  | {
      readonly kind: 'statement'
      readonly text: string
      readonly at: Place
      readonly end: number
      readonly copy: CopyData | null
    }
  /** A psql command, from its backslash to the end of the line. */
  | { readonly kind: 'command'; readonly text: string; readonly at: Place; readonly end: number }
  /** The file ends inside something. Always the last part. */
  | {
      readonly kind: 'unterminated'
      readonly what: 'string' | 'identifier' | 'dollar-quoted string' | 'comment' | 'COPY data'
      readonly at: Place
      readonly end: number
    }

export interface Place {
  /** From 1. */
  readonly line: number
  /** In characters, from 1. */
  readonly column: number
}

export interface CopyData {
  readonly bytes: Uint8Array
  /** Line of the first row. */
  readonly line: number
  /** The statement with `stdin` replaced by the file that the data is given as. */
  readonly textFrom: (file: string) => string
}

const NEWLINE = 10,
  QUOTE = 39,
  DOUBLE_QUOTE = 34,
  BACKSLASH = 92,
  DOLLAR = 36,
  SEMICOLON = 59
const DASH = 45,
  SLASH = 47,
  STAR = 42,
  OPEN = 40,
  CLOSE = 41,
  CARRIAGE_RETURN = 13

/** Yields the parts in order; `bytes` is valid UTF-8 without a byte order mark. */
export function* splitDump(bytes: Uint8Array): Generator<DumpPart> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const placeAt = createPlaceFinder(buffer)
  const decode = (from: number, to: number) => buffer.toString('utf8', from, to)
  /** Old dumps switch it off; then every string has backslash escapes. */
  let standardStrings = true
  let i = 0

  while (true) {
    i = skipBlank(buffer, i)
    if (i >= buffer.length) return
    if (isCommentStart(buffer, i)) {
      const start = i
      const after = skipComment(buffer, i)
      if (after === null) {
        yield { kind: 'unterminated', what: 'comment', at: placeAt(start), end: buffer.length }
        return
      }
      i = after
      continue
    }
    if (buffer[i] === SEMICOLON) {
      i += 1
      continue
    }
    if (buffer[i] === BACKSLASH) {
      const end = endOfLine(buffer, i)
      yield { kind: 'command', text: decode(i, end).trim(), at: placeAt(i), end }
      i = end
      continue
    }

    const start = i
    const scanned = scanStatement(buffer, start, standardStrings)
    if (scanned.kind === 'unterminated') {
      yield { kind: 'unterminated', what: scanned.what, at: placeAt(scanned.at), end: buffer.length }
      return
    }
    const text = decode(start, scanned.end).trimEnd()
    const at = placeAt(start)
    const setting = /^set\s+(?:session\s+)?standard_conforming_strings\s*(?:=|\bto\b)\s*'?(\w+)/i.exec(text)
    if (setting !== null) standardStrings = !['off', 'false', 'no', '0'].includes((setting[1] ?? '').toLowerCase())
    i = scanned.after

    if (scanned.stdin === null) {
      yield { kind: 'statement', text, at, end: i, copy: null }
      continue
    }
    const dataStart = endOfLine(buffer, i) + 1
    const dataEnd = endOfCopyData(buffer, dataStart)
    if (dataEnd === null) {
      yield { kind: 'unterminated', what: 'COPY data', at, end: buffer.length }
      return
    }
    const before = decode(start, scanned.stdin.from)
    const behind = decode(scanned.stdin.to, scanned.end)
    i = endOfLine(buffer, dataEnd)
    yield {
      kind: 'statement',
      text,
      at,
      end: i,
      copy: {
        bytes: bytes.subarray(dataStart, dataEnd),
        line: placeAt(dataStart).line,
        textFrom: (file) => `${before}'${file}'${behind}`,
      },
    }
  }
}

type Scan =
  | {
      readonly kind: 'statement'
      readonly end: number
      readonly after: number
      readonly stdin: { from: number; to: number } | null
    }
  | {
      readonly kind: 'unterminated'
      readonly what: Extract<DumpPart, { kind: 'unterminated' }>['what']
      readonly at: number
    }

/** Walks one statement to its semicolon, to a psql `\g` command, or to the end of the file. */
function scanStatement(buffer: Buffer, start: number, standardStrings: boolean): Scan {
  let i = start
  let parens = 0
  /** Depth of `BEGIN ATOMIC … END` and of the CASEs in it; there a semicolon ends nothing. */
  let blocks = 0
  let previousWord = ''
  let stdin: { from: number; to: number } | null = null
  const firstWords: string[] = []

  while (i < buffer.length) {
    const c = buffer[i] as number
    if (c === SEMICOLON && parens <= 0 && blocks === 0) return { kind: 'statement', end: i, after: i + 1, stdin }
    if (isCommentStart(buffer, i)) {
      const after = skipComment(buffer, i)
      if (after === null) return { kind: 'unterminated', what: 'comment', at: i }
      i = after
    } else if (c === QUOTE) {
      const after = skipQuoted(buffer, i, QUOTE, !standardStrings)
      if (after === null) return { kind: 'unterminated', what: 'string', at: i }
      i = after
    } else if (c === DOUBLE_QUOTE) {
      const after = skipQuoted(buffer, i, DOUBLE_QUOTE, false)
      if (after === null) return { kind: 'unterminated', what: 'identifier', at: i }
      i = after
      previousWord = ''
    } else if (c === DOLLAR) {
      const tag = dollarTagAt(buffer, i)
      if (tag === null) {
        i += 1
      } else {
        const close = buffer.indexOf(tag, i + tag.length)
        if (close === -1) return { kind: 'unterminated', what: 'dollar-quoted string', at: i }
        i = close + tag.length
      }
    } else if (c === BACKSLASH && /^\\g(?:x|set|exec)?\b/.test(buffer.toString('latin1', i, i + 6))) {
      return { kind: 'statement', end: i, after: i, stdin }
    } else if (isIdentifierStart(c)) {
      const end = endOfIdentifier(buffer, i)
      const word = end - i <= 16 ? buffer.toString('latin1', i, end).toLowerCase() : ''
      if (word === 'e' && buffer[end] === QUOTE) {
        const after = skipQuoted(buffer, end, QUOTE, true)
        if (after === null) return { kind: 'unterminated', what: 'string', at: end }
        i = after
        continue
      }
      if (firstWords.length < 4) firstWords.push(word)
      if (parens === 0 && firstWords[0] === 'copy' && previousWord === 'from' && word === 'stdin')
        stdin = { from: i, to: end }
      if (parens === 0 && isRoutine(firstWords)) {
        if (word === 'begin' || (word === 'case' && blocks > 0)) blocks += 1
        else if (word === 'end' && blocks > 0) blocks -= 1
      }
      previousWord = word
      i = end
    } else {
      if (c === OPEN) parens += 1
      else if (c === CLOSE) parens -= 1
      i += 1
    }
  }
  return { kind: 'statement', end: buffer.length, after: buffer.length, stdin }
}

function isRoutine(words: readonly string[]): boolean {
  const kind = words[1] === 'or' && words[2] === 'replace' ? words[3] : words[1]
  return words[0] === 'create' && (kind === 'function' || kind === 'procedure')
}

function skipBlank(buffer: Buffer, from: number): number {
  let i = from
  while (i < buffer.length && (buffer[i] as number) <= 32) i += 1
  return i
}

function isCommentStart(buffer: Buffer, i: number): boolean {
  return (buffer[i] === DASH && buffer[i + 1] === DASH) || (buffer[i] === SLASH && buffer[i + 1] === STAR)
}

function skipComment(buffer: Buffer, from: number): number | null {
  if (buffer[from] === DASH) return endOfLine(buffer, from)
  let depth = 1
  let i = from + 2
  while (i < buffer.length) {
    if (buffer[i] === SLASH && buffer[i + 1] === STAR) {
      depth += 1
      i += 2
    } else if (buffer[i] === STAR && buffer[i + 1] === SLASH) {
      depth -= 1
      i += 2
      if (depth === 0) return i
    } else {
      i += 1
    }
  }
  return null
}

/** Two quotes are one escaped quote: read as a string that ends and one that begins, which ends at the same place. */
function skipQuoted(buffer: Buffer, from: number, quote: number, backslashEscapes: boolean): number | null {
  let i = from + 1
  while (i < buffer.length) {
    const c = buffer[i]
    if (backslashEscapes && c === BACKSLASH) i += 2
    else if (c !== quote) i += 1
    else if (buffer[i + 1] === quote) i += 2
    else return i + 1
  }
  return null
}

function dollarTagAt(buffer: Buffer, from: number): Buffer | null {
  let i = from + 1
  if (buffer[i] !== DOLLAR && !isIdentifierStart(buffer[i] ?? 0)) return null
  while (i < buffer.length && buffer[i] !== DOLLAR && isIdentifierPart(buffer[i] as number)) i += 1
  return buffer[i] === DOLLAR ? buffer.subarray(from, i + 1) : null
}

function isIdentifierStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c >= 128
}

function isIdentifierPart(c: number): boolean {
  return isIdentifierStart(c) || (c >= 48 && c <= 57)
}

/** A dollar inside an identifier belongs to it and begins no string. */
function endOfIdentifier(buffer: Buffer, from: number): number {
  let i = from
  while (i < buffer.length && (isIdentifierPart(buffer[i] as number) || buffer[i] === DOLLAR)) i += 1
  return i
}

/** The offset of the newline, or of the end of the file. */
function endOfLine(buffer: Buffer, from: number): number {
  const at = from >= buffer.length ? -1 : buffer.indexOf(NEWLINE, from)
  return at === -1 ? buffer.length : at
}

/** Where the line `\.` begins; the data is everything before it. */
function endOfCopyData(buffer: Buffer, from: number): number | null {
  let i = from
  while (i <= buffer.length - 2) {
    if (buffer[i] === BACKSLASH && buffer[i + 1] === 46) {
      const after = buffer[i + 2]
      if (after === undefined || after === NEWLINE || after === CARRIAGE_RETURN) return i
    }
    const next = buffer.indexOf('\n\\.', i)
    if (next === -1) return null
    i = next + 1
  }
  return null
}

/** Counts each byte once, also where the whole dump is one line: it is only ever asked for places further on. */
function createPlaceFinder(buffer: Buffer): (offset: number) => Place {
  let line = 1
  let column = 1
  let position = 0
  let newline = buffer.indexOf(NEWLINE)
  return (offset) => {
    while (newline !== -1 && newline < offset) {
      line += 1
      column = 1
      position = newline + 1
      newline = buffer.indexOf(NEWLINE, position)
    }
    column += buffer.toString('utf8', position, offset).length
    position = offset
    return { line, column }
  }
}
