/**
 * Values for any PostgreSQL type, made from a number: the same number gives the same value, different numbers give
 * different ones where the type has room for them.
 */
import type { Value } from '../../contract/api'
import type { Bundle, TypeContract } from '../../contract/bundle'

export interface MadeValue {
  /** As a device's action takes it. */
  readonly value: Value
  /** As PostgreSQL takes it. */
  readonly text: string
  /** True where no other number gives it. */
  readonly unique: boolean
}

/** Null for a type that nobody here knows how to fill. */
export function makeValue(type: string, n: number, types: Bundle['types']): MadeValue | null {
  if (type.endsWith('[]')) {
    const element = makeValue(type.slice(0, -2), n, types)
    return element && { value: [element.value], text: `{"${element.text}"}`, unique: false }
  }
  const named = types.find(({ name }) => sameName(name, type))
  if (named) return fromNamed(named, n, types)
  const [, base = type, modifier] = /^([a-z" ]+?)\s*(?:\(([\d,]+)\))?(?: (?:with|without) time zone)?$/.exec(type) ?? []
  const text = (value: string, unique = true): MadeValue => ({ value, text: value, unique })
  const number = (value: number, unique = true): MadeValue => ({ value, text: String(value), unique })
  switch (/^timestamp.* with time zone$/.test(type) ? 'timestamptz' : base) {
    case 'text':
    case 'citext':
    case 'name':
    case 'character varying':
    case 'varchar':
    case 'character':
    case 'bpchar': {
      const length = modifier === undefined ? 60 : Number(modifier)
      const full = `v${n}`
      if (full.length > length) return text(n.toString(36).slice(-length), false)
      // The type fills up with spaces, which other stores would have to know.
      return base === 'character' || base === 'bpchar' ? text(full.padEnd(length, 'x')) : text(full)
    }
    case 'smallint':
      return number(1 + (n % 30_000), n < 30_000)
    case 'integer':
    case 'bigint':
      return number(n)
    case 'real':
    case 'double precision':
      return number(n)
    case 'numeric':
    case 'decimal': {
      const [precision = '12', scale = '0'] = modifier?.split(',') ?? []
      const room = 10 ** Math.min(12, Number(precision) - Number(scale))
      const decimals = Number(scale) > 0 ? `.${'0'.repeat(Number(scale))}` : ''
      return text(`${n % room}${decimals}`, n < room)
    }
    case 'boolean':
      return { value: n % 2 === 0, text: n % 2 === 0 ? 't' : 'f', unique: false }
    case 'uuid':
      return text(`00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`)
    case 'date':
      return text(isoAt(n * 86_400_000).slice(0, 10))
    case 'timestamp':
      return text(
        isoAt(n * 1000)
          .slice(0, 19)
          .replace('T', ' '),
      )
    case 'timestamptz':
      return text(
        `${isoAt(n * 1000)
          .slice(0, 19)
          .replace('T', ' ')}+00`,
      )
    case 'time':
      return text(isoAt((n % 86_400) * 1000).slice(11, 19), false)
    case 'interval':
      return text(`00:${pad((n % 3600) / 60)}:${pad(n % 60)}`, false)
    case 'json':
    case 'jsonb':
      return { value: { n }, text: `{"n": ${n}}`, unique: false }
    case 'bytea':
      return {
        value: Uint8Array.of(n & 255, (n >> 8) & 255),
        text: `\\x${hex(n & 255)}${hex((n >> 8) & 255)}`,
        unique: false,
      }
    case 'inet':
      return text(`10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`)
    default:
      return null
  }
}

function fromNamed(type: TypeContract, n: number, types: Bundle['types']): MadeValue | null {
  if (type.kind === 'domain') return makeValue(type.baseType, n, types)
  const value = type.values[n % type.values.length]
  return value === undefined ? null : { value, text: value, unique: false }
}

const sameName = (name: string, type: string): boolean => type === name || type === `"${name}"`
const isoAt = (ms: number): string => new Date(Date.UTC(2020, 0, 1) + ms).toISOString()
const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0')
const hex = (value: number): string => value.toString(16).padStart(2, '0')
