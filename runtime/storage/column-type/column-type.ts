/**
 * What a column's PostgreSQL type means where no PostgreSQL is: which text a value has, which value a text, and which
 * of two texts comes first. SQLite and memory stores keep these texts, so that a value is the same in every store (V1).
 *
 * Invariants
 * - `canonical` gives the text that `::text` gives in PostgreSQL, so the texts that a server sends are left alone.
 * - `value` gives what PGlite's rows have; `input(value(text))` is `text`.
 */
import type { AttributeContract, TypeContract, Value } from '../../contract'
import { parseArray, toText, valueParsers } from '../values'
import { assertJson, canonicalJsonb } from './json'
import { canonicalFloat, canonicalInteger, canonicalNumeric, compareNumbers, invalid, ValueError } from './numbers'
import { canonicalTime, canonicalTimestamp, compareTimes } from './times'

export { ValueError } from './numbers'

export interface ColumnType {
  /** PostgreSQL's name of it, domains resolved. */
  readonly base: string
  /** The values of an enum, in their order; null elsewhere. */
  readonly values: readonly string[] | null
  /** The text that PostgreSQL would print. Throws `ValueError` for what is no value of the type. */
  readonly canonical: (text: string) => string
  /** Takes a value as entity actions give it. */
  readonly input: (value: unknown) => string | null
  readonly value: (text: string) => Value
  /** Orders canonical texts as PostgreSQL orders the values. */
  readonly compare: (left: string, right: string) => number
}

/** Values of sensitive attributes are encrypted before they come here, so their columns hold text. */
export function columnTypeOf(
  { type, sensitive }: Pick<AttributeContract, 'type' | 'sensitive'>,
  types: readonly TypeContract[],
): ColumnType {
  return sensitive ? named('text', types) : named(type, types)
}

function named(type: string, types: readonly TypeContract[]): ColumnType {
  if (type.endsWith('[]')) return arrayOf(named(type.slice(0, -2), types))
  const own = types.find(({ name }) => name === type)
  switch (own?.kind) {
    case 'domain':
      return named(own.baseType, types)
    case 'enum':
      return enumOf(own.name, own.values)
    case undefined:
      return baseType(type)
  }
}

function enumOf(name: string, values: readonly string[]): ColumnType {
  const ranks = new Map(values.map((value, index) => [value, index]))
  return {
    ...textual('text', (text) => {
      if (ranks.has(text)) return text
      throw new ValueError(`${JSON.stringify(text)} is no value of ${name}. It has: ${values.join(', ')}.`)
    }),
    base: name,
    values,
    compare: (left, right) => (ranks.get(left) ?? -1) - (ranks.get(right) ?? -1),
  }
}

function baseType(type: string): ColumnType {
  const [, name = type, modifiers = ''] = /^([^(]*?)\s*(?:\(([^)]*)\))?(?:\s+with(?:out)? time zone)?$/.exec(type) ?? []
  const [first, second] = modifiers === '' ? [] : modifiers.split(',').map(Number)
  switch (name) {
    case 'smallint':
    case 'integer':
    case 'oid':
      return { ...textual(type, (text) => canonicalInteger(name, text)), value: Number, compare: compareNumbers }
    case 'bigint':
      return {
        ...textual(type, (text) => canonicalInteger(name, text)),
        value: (text) => valueParsers[20]?.(text) ?? null,
        compare: compareNumbers,
      }
    case 'numeric':
      return {
        ...textual(type, (text) => canonicalNumeric(text, first ?? null, second ?? 0)),
        compare: compareNumbers,
      }
    case 'real':
    case 'double precision':
      return { ...textual(type, (text) => canonicalFloat(name, text)), value: Number, compare: compareNumbers }
    case 'boolean':
      return { ...textual(type, canonicalBoolean), value: (text) => text === 'true' }
    case 'character varying':
      return textual(type, (text) => withinLength(type, text, first ?? null))
    case 'character':
      return {
        // Its text has no blanks at its end, its value has as many as the type says.
        ...textual(type, (text) => withinLength(type, text, first ?? 1).replace(/ +$/, '')),
        value: (text) => text + ' '.repeat(Math.max(0, (first ?? 1) - lengthOf(text))),
      }
    case 'bytea':
      return { ...textual(type, canonicalBytes), value: (text) => valueParsers[17]?.(text) ?? null }
    case 'uuid':
      return textual(type, canonicalUuid)
    case 'date':
      return { ...textual(type, (text) => canonicalTimestamp('date', text, 6)), compare: compareTimes }
    case 'timestamp': {
      const whole = type.endsWith('with time zone') ? 'timestamp with time zone' : 'timestamp without time zone'
      return { ...textual(type, (text) => canonicalTimestamp(whole, text, first ?? 6)), compare: compareTimes }
    }
    case 'time':
      return textual(type, (text) => canonicalTime(type.endsWith('with time zone'), text, first ?? 6))
    case 'json':
    case 'jsonb':
      return {
        ...textual(type, (text) => {
          if (name === 'jsonb') return canonicalJsonb(text)
          assertJson(type, text)
          return text
        }),
        input: (value) => {
          if (value === null || value === undefined) return null
          const text = JSON.stringify(value)
          return name === 'jsonb' ? canonicalJsonb(text) : text
        },
        value: (text) => JSON.parse(text) as Value,
      }
    case 'inet':
      // PostgreSQL's `::text` names the whole mask, its rows don't.
      return {
        ...textual(type, (text) => (text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`)),
        value: (text) => text.replace(text.includes(':') ? /\/128$/ : /\/32$/, ''),
      }
    default:
      return textual(type, (text) => text)
  }
}

function textual(base: string, canonical: (text: string) => string): ColumnType {
  return {
    base,
    values: null,
    canonical,
    input: (value) => {
      const text = toText(value)
      return text === null ? null : canonical(text)
    },
    value: (text) => text,
    compare: compareTexts,
  }
}

function arrayOf(element: ColumnType): ColumnType {
  const isJson = element.base === 'json' || element.base === 'jsonb'
  // Inside an array an element has the form of PostgreSQL's rows: `t` for true, addresses without a whole mask.
  const inner = (text: string) => outputForm(element, element.canonical(text))
  const canonical = (text: string): string =>
    element.base !== 'box' && isArrayLiteral(text) ? arrayText(parseArray(withoutBlanks(text), inner)) : text
  return {
    base: `${element.base}[]`,
    values: null,
    canonical,
    input: (value) => {
      if (value === null || value === undefined) return null
      if (!Array.isArray(value)) return canonical(toText(value) ?? '')
      return canonical(
        toText(isJson ? value.map((item) => (item === null ? null : JSON.stringify(item))) : value) ?? '',
      )
    },
    value: (text) =>
      parseArray(text, (part) => element.value(element.base === 'boolean' ? canonicalBoolean(part) : part)),
    compare: compareTexts,
  }
}

function outputForm(type: ColumnType, text: string): string {
  if (type.base === 'boolean') return text === 'true' ? 't' : 'f'
  if (type.base === 'inet' || type.base.startsWith('character(')) return String(type.value(text))
  return text
}

/** Blanks around elements and braces mean nothing, but in quotes. */
function withoutBlanks(text: string): string {
  return /[ \t\n\v\f\r]/.test(text)
    ? text.replace(/("(?:[^"\\]|\\.)*")|[ \t\n\v\f\r]*([{},])[ \t\n\v\f\r]*/gs, (_, quoted, sign) => quoted ?? sign)
    : text
}

/** Bounds other than 1 are left as they are, and so are boxes, which are parted by semicolons. */
function isArrayLiteral(text: string): boolean {
  return text.startsWith('{') && text.endsWith('}')
}

function arrayText(values: readonly Value[]): string {
  const parts = values.map((value) => {
    if (Array.isArray(value)) return arrayText(value as readonly Value[])
    if (value === null) return 'NULL'
    const text = String(value)
    return text === '' || /^null$/i.test(text) || /[{}",\\ \t\n\v\f\r]/.test(text)
      ? `"${text.replace(/["\\]/g, '\\$&')}"`
      : text
  })
  return `{${parts.join(',')}}`
}

function canonicalBoolean(text: string): string {
  if (text === 'true' || text === 'false') return text
  const word = text.trim().toLowerCase()
  if (word === '1' || word === 'on' || (word !== '' && ('true'.startsWith(word) || 'yes'.startsWith(word))))
    return 'true'
  if (
    word === '0' ||
    word === 'of' ||
    word === 'off' ||
    (word !== '' && ('false'.startsWith(word) || 'no'.startsWith(word)))
  )
    return 'false'
  throw invalid('boolean', text)
}

function canonicalUuid(text: string): string {
  if (/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/.test(text)) return text
  const digits = text.trim().replace(/[{}-]/g, '').toLowerCase()
  if (!/^[\da-f]{32}$/.test(digits)) throw invalid('uuid', text)
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  )
}

function canonicalBytes(text: string): string {
  if (text.startsWith('\\x')) {
    const digits = text.slice(2).replace(/\s/g, '').toLowerCase()
    if (digits.length % 2 > 0 || /[^\da-f]/.test(digits)) throw invalid('bytea', text)
    return `\\x${digits}`
  }
  // The older form: characters stand for themselves, three octal digits after a backslash for a byte.
  const plain = text.replace(/\\(\\|[0-3][0-7]{2})/g, (_, code: string) => (code === '\\' ? '\\' : `\u{10ffff}${code}`))
  let hex = '\\x'
  for (const [index, part] of plain.split('\u{10ffff}').entries()) {
    const own = index === 0 ? part : part.slice(3)
    if (index > 0) hex += Number.parseInt(part.slice(0, 3), 8).toString(16).padStart(2, '0')
    for (const byte of new TextEncoder().encode(own)) hex += byte.toString(16).padStart(2, '0')
  }
  return hex
}

function withinLength(type: string, text: string, most: number | null): string {
  if (most === null || text.length <= most || lengthOf(text) <= most) return text
  const kept = [...text].slice(0, most).join('')
  // PostgreSQL cuts blanks off, and nothing else.
  if (text.slice(kept.length).trimStart() === '') return kept
  throw new ValueError(`The text is longer than ${type} holds: it has ${lengthOf(text)} characters.`)
}

function lengthOf(text: string): number {
  return [...text].length
}

/** By code points, which is the order of the UTF-8 bytes that databases compare. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)]
    // A surrogate is half of a code point above all that one unit can hold.
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1
  }
  return left.length - right.length
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000
}
