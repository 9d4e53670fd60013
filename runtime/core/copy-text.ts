/**
 * Rows in the text format of PostgreSQL's COPY, as pages carry them (manual, "COPY", "Text Format").
 *
 * A line a row, values parted by tabs, `\N` for null, each line ended by a line feed. It is cheaper to read and to
 * write than JSON, and PGlite takes it as it is.
 *
 * Invariant: `parseCopyText(formatCopyText(rows))` equals `rows`, whatever the texts hold; only a row must have a value.
 */

export type CopyRow = (string | null)[]

/** The rows of a text. Rejects nothing: what COPY would not have written is read as it stands. */
export function parseCopyText(text: string): CopyRow[] {
  if (text === '') return []
  const lines = text.split('\n')
  // What follows the last line feed is no row.
  if (lines.at(-1) === '') lines.pop()
  // Most pages have no backslash, or none but those of nulls, and then there is little or nothing to undo.
  if (!text.includes('\\')) return lines.map((line) => line.split('\t'))
  const parseLine = /\\[^N]/.test(text) ? parseFields : parseNulls
  return lines.map((line) => (line.includes('\\') ? parseLine(line.split('\t')) : line.split('\t')))
}

/**
 * Reads the values of rows of one width, as many as are asked for, into an array that is used again: what is forgotten
 * as soon as it was used costs the garbage collector nothing, where all the values of a page would cost as much as
 * reading them. Answers how many were read; 0 at the end.
 */
export function copyReader(text: string, width: number): (into: (string | null)[], most: number) => number {
  const isEscaped = text.includes('\\')
  let at = 0
  let column = 0
  return (into, most) => {
    let count = 0
    for (; count < most && at < text.length; count += 1) {
      column += 1
      const end = text.indexOf(column === width ? '\n' : '\t', at)
      const field = text.slice(at, end < 0 ? text.length : end)
      into[count] = isEscaped && field.includes('\\') ? parseField(field) : field
      at = end < 0 ? text.length : end + 1
      if (column === width) column = 0
    }
    return count
  }
}

/** The text of rows that have at least one value each. */
export function formatCopyText(rows: readonly (readonly (string | null)[])[]): string {
  let text = ''
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1) {
      const value = row[index] ?? null
      if (index > 0) text += '\t'
      if (value === null) text += '\\N'
      else text += NEEDS_ESCAPE.test(value) ? value.replace(ESCAPED, escapeCharacter) : value
    }
    text += '\n'
  }
  return text
}

function parseNulls(fields: CopyRow): CopyRow {
  for (let index = 0; index < fields.length; index += 1) if (fields[index] === '\\N') fields[index] = null
  return fields
}

function parseFields(fields: CopyRow): CopyRow {
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index]
    if (field?.includes('\\')) fields[index] = parseField(field)
  }
  return fields
}

function parseField(field: string): string | null {
  return field === '\\N' ? null : field.replace(ESCAPE_SEQUENCE, unescapeSequence)
}

const ESCAPE_SEQUENCE = /\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)/gs

function unescapeSequence(sequence: string): string {
  const character = sequence.charAt(1)
  const known = CHARACTERS[character]
  if (known !== undefined) return known
  if (character >= '0' && character <= '7') return String.fromCharCode(Number.parseInt(sequence.slice(1), 8))
  if (character === 'x' && sequence.length > 2) return String.fromCharCode(Number.parseInt(sequence.slice(2), 16))
  return character
}

const CHARACTERS: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** Beside the format's own characters, those that COPY escapes when it writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: backspace is one of them.
const NEEDS_ESCAPE = /[\\\x08\t\n\v\f\r]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const ESCAPED = /[\\\x08\t\n\v\f\r]/g

const ESCAPES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CHARACTERS).map(([letter, character]) => [character, `\\${letter}`]),
)

function escapeCharacter(character: string): string {
  return ESCAPES[character] ?? '\\\\'
}
