/**
 * Values between JavaScript and PostgreSQL's text form, by type OID, the same for every database.
 *
 * One table serves PGlite and PostgreSQL alike, so that a column reads the same on a device and on the
 * server. Exactness comes before convenience (V1): what JavaScript can't hold stays PostgreSQL's text.
 *
 * Invariants
 * - A string is never re-encoded on its way in: what the caller wrote is what PostgreSQL reads.
 * - What `valueParsers` gives can be passed back as a parameter of the same type and means the same. The one
 *   exception is a JSON string: a string parameter of a JSON type is taken to be JSON text.
 * - Sessions run with TimeZone UTC, DateStyle ISO, IntervalStyle postgres, extra_float_digits 1 and bytea_output hex
 *   (`SESSION_SETTINGS`): the texts depend on it.
 */
import type { JsonValue, Value } from '../contract/api'

export const SESSION_SETTINGS = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  // A backslash in a literal stands for itself.
  standard_conforming_strings: 'on',
} as const

export type Parse = (text: string) => Value

const asText: Parse = (text) => text
const asNumber: Parse = (text) => Number(text)
const asJson: Parse = (text) => JSON.parse(text) as JsonValue

interface ValueType {
  readonly oid: number
  readonly arrayOid: number
  readonly parse: Parse
}

const JSON_OIDS: ReadonlySet<number> = new Set([114, 3802])

/** Each base type's OID and that of its array; both are fixed in PostgreSQL's catalogue. */
const valueTypes = (): readonly ValueType[] => [
  { oid: 16, arrayOid: 1000, parse: (text) => text === 't' }, // bool
  { oid: 17, arrayOid: 1001, parse: hexToBytes }, // bytea
  { oid: 20, arrayOid: 1016, parse: textToInteger }, // int8
  { oid: 21, arrayOid: 1005, parse: asNumber }, // int2
  { oid: 23, arrayOid: 1007, parse: asNumber }, // int4
  { oid: 26, arrayOid: 1028, parse: asNumber }, // oid
  { oid: 700, arrayOid: 1021, parse: asNumber }, // float4
  { oid: 701, arrayOid: 1022, parse: asNumber }, // float8
  { oid: 114, arrayOid: 199, parse: asJson }, // json
  { oid: 3802, arrayOid: 3807, parse: asJson }, // jsonb
  ...(
    [
      [18, 1002],
      [19, 1003],
      [25, 1009],
      [1042, 1014],
      [1043, 1015], // "char", name, text, bpchar, varchar
      [1700, 1231],
      [790, 791], // numeric, money
      [1082, 1182],
      [1083, 1183],
      [1266, 1270],
      [1114, 1115],
      [1184, 1185],
      [1186, 1187], // dates and times
      [2950, 2951],
      [142, 143],
      [1560, 1561],
      [1562, 1563], // uuid, xml, bit, varbit
      [869, 1041],
      [650, 651],
      [829, 1040],
      [774, 775], // inet, cidr, macaddr, macaddr8
      [600, 1017],
      [601, 1018],
      [602, 1019],
      [604, 1027],
      [628, 629],
      [718, 719], // geometry, but not box
      [3614, 3643],
      [3615, 3645],
      [4072, 4073], // tsvector, tsquery, jsonpath
      [3904, 3905],
      [3906, 3907],
      [3908, 3909],
      [3910, 3911],
      [3912, 3913],
      [3926, 3927], // ranges
      [4451, 6150],
      [4532, 6151],
      [4533, 6152],
      [4534, 6153],
      [4535, 6155],
      [4536, 6157], // multiranges
      [28, 1011],
      [5069, 271],
      [3220, 3221],
      [5038, 5039], // xid, xid8, pg_lsn, pg_snapshot
    ] as const
  ).map(([oid, arrayOid]) => ({ oid, arrayOid, parse: asText })),
]
// Marked as pure, so that who only writes values does not load the table.
const VALUE_TYPES = /* @__PURE__ */ valueTypes()

/** Reads a column's text by its type's OID; a type that is not in it stays text. */
export const valueParsers: Readonly<Record<number, Parse>> = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ VALUE_TYPES.flatMap(({ oid, arrayOid, parse }) => [
    [oid, parse],
    [arrayOid, (text: string) => parseArray(text, parse)],
  ]),
)

/** Writes a parameter by the OID of the type that the server expects there. */
export const valueSerializers: Readonly<Record<number, (value: unknown) => string | null>> =
  /* @__PURE__ */ Object.fromEntries(
    /* @__PURE__ */ VALUE_TYPES.flatMap(({ oid, arrayOid }) => [
      [oid, (value: unknown) => toText(value, oid)],
      [arrayOid, (value: unknown) => toText(value)],
    ]),
  )

/**
 * A parameter in PostgreSQL's text form, or null. Dates become ISO instants, bytes hex, arrays array
 * literals (JSON where `oid` says that JSON is expected), other objects JSON; `undefined` is null.
 */
export function toText(value: unknown, oid = 0): string | null {
  switch (typeof value) {
    case 'string':
      return value
    case 'undefined':
      return null
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'object':
      if (value === null) return null
      if (value instanceof Date) return dateToText(value)
      if (value instanceof Uint8Array) return bytesToHex(value)
      if (Array.isArray(value) && !JSON_OIDS.has(oid)) return arrayToText(value)
      return JSON.stringify(value)
    default:
      throw new TypeError(`A ${typeof value} can't be a query parameter. Pass a value, an array or plain JSON instead.`)
  }
}

/** JavaScript writes years beyond 9999 with a sign and six digits, and those before 1 as negative; PostgreSQL does not. */
function dateToText(value: Date): string {
  if (Number.isNaN(value.getTime())) {
    throw new TypeError("An invalid Date can't be a query parameter. Check the text that it was made from.")
  }
  const year = value.getUTCFullYear()
  const rest = value.toISOString().replace(/^[+-]?\d+/, '')
  return year > 0 ? `${String(year).padStart(4, '0')}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`
}

function arrayToText(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return arrayToText(value)
    const text = toText(value)
    return text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`
  })
  return `{${elements.join(',')}}`
}

/**
 * Reads an array literal, nested and with nulls. Its form is described in PostgreSQL's manual under "Array Input and
 * Output Syntax"; bounds other than 1 (`[0:2]={…}`) are dropped, as JavaScript has none.
 */
export function parseArray(text: string, parse: Parse): Value[] {
  let at = text.indexOf('{')
  const readArray = (): Value[] => {
    const values: Value[] = []
    at += 1
    while (text[at] !== '}') {
      if (at >= text.length) throw new SyntaxError(`An array literal ends too early: ${text.length} characters.`)
      if (text[at] === ',') at += 1
      else if (text[at] === '{') values.push(readArray())
      else if (text[at] === '"') values.push(parse(readQuoted()))
      else {
        const start = at
        while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1
        const plain = text.slice(start, at)
        values.push(plain === 'NULL' ? null : parse(plain))
      }
    }
    at += 1
    return values
  }
  const readQuoted = (): string => {
    let value = ''
    at += 1
    while (text[at] !== '"') {
      if (at >= text.length) throw new SyntaxError(`An array literal ends too early: ${text.length} characters.`)
      if (text[at] === '\\') at += 1
      value += text[at]
      at += 1
    }
    at += 1
    return value
  }
  return readArray()
}

function textToInteger(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function hexToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2)
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(text.slice(2 + i * 2, 4 + i * 2), 16)
  return bytes
}

function bytesToHex(bytes: Uint8Array): string {
  let text = '\\x'
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
