/** Which of the server's types a device has too, and what their values are. */
import type { Project, ServerType } from './project'

/** What a value is in JavaScript; `text` is PostgreSQL's own text form, for all that JavaScript can't hold exactly. */
export type ValueKind = 'boolean' | 'number' | 'integer64' | 'bytes' | 'json' | 'time' | 'text'

/** PostgreSQL's base types. Types that an extension brings, composite types and names of objects are not here. */
const BASE_TYPES: ReadonlyMap<string, ValueKind> = new Map([
  ['boolean', 'boolean'],
  ['smallint', 'number'],
  ['integer', 'number'],
  ['oid', 'number'],
  ['real', 'number'],
  ['double precision', 'number'],
  ['bigint', 'integer64'],
  ['bytea', 'bytes'],
  ['json', 'json'],
  ['jsonb', 'json'],
  ['date', 'time'],
  ['timestamp without time zone', 'time'],
  ['timestamp with time zone', 'time'],
  ...[
    'numeric',
    'money',
    'text',
    'character varying',
    'character',
    'bpchar',
    'name',
    '"char"',
    'uuid',
    'xml',
    'time without time zone',
    'time with time zone',
    'interval',
    'bit',
    'bit varying',
    'inet',
    'cidr',
    'macaddr',
    'macaddr8',
    'point',
    'line',
    'lseg',
    'box',
    'path',
    'polygon',
    'circle',
    'tsvector',
    'tsquery',
    'jsonpath',
    'pg_lsn',
    'xid',
    'xid8',
    'pg_snapshot',
    'int4range',
    'int8range',
    'numrange',
    'tsrange',
    'tstzrange',
    'daterange',
    'int4multirange',
    'int8multirange',
    'nummultirange',
    'tsmultirange',
    'tstzmultirange',
    'datemultirange',
  ].map((name): [string, ValueKind] => [name, 'text']),
])

/** The base type that `format_type` printed, without its modifiers: `numeric(10,2)` is `numeric`. */
export function baseValueKind(element: string): ValueKind | null {
  const plain = element.replace(/\s*\([^)]*\)/, '').replace(/^interval\b.*$/, 'interval')
  return BASE_TYPES.get(plain) ?? null
}

/** `integer[]` is the element `integer` and the suffix `[]`. */
export function splitArray(printed: string): { readonly element: string; readonly suffix: string } {
  const suffix = /(\[\])*$/.exec(printed)?.[0] ?? ''
  return { element: printed.slice(0, printed.length - suffix.length), suffix }
}

type Types = Pick<Project, 'serverTypes'>

export interface DeviceType {
  readonly value: DeviceValue
  /** The enum or domain that the attribute's type, or its element, names. */
  readonly serverType: ServerType | null
  /** `[]` for an array, else empty. */
  readonly suffix: string
}

export type DeviceValue =
  | { readonly kind: 'base'; readonly value: ValueKind }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'array'; readonly of: DeviceValue }

/** What an attribute's type is on a device; null where a device has no such type. */
export function deviceType(
  types: Types,
  attribute: { readonly type: string; readonly typeId: string | null },
): DeviceType | null {
  const { element, suffix } = splitArray(attribute.type)
  const serverType = attribute.typeId === null ? null : (types.serverTypes[attribute.typeId] ?? null)
  const value = serverType === null ? baseValue(element) : namedValue(types, serverType, [])
  return value === null ? null : { value: suffix === '' ? value : { kind: 'array', of: value }, serverType, suffix }
}

function baseValue(element: string): DeviceValue | null {
  const value = baseValueKind(element)
  return value === null ? null : { kind: 'base', value }
}

/** A domain may be over another domain or over an enum; `seen` ends a circle in a file that was changed by hand. */
function namedValue(types: Types, type: ServerType, seen: readonly string[]): DeviceValue | null {
  if (seen.includes(type.id)) return null
  if (type.kind === 'enum') return { kind: 'enum', values: type.values }
  const { element, suffix } = splitArray(type.baseType)
  const over = namedType(types, element, type.schema)
  const value = over === null ? baseValue(element) : namedValue(types, over, [...seen, type.id])
  return value === null || suffix === '' ? value : { kind: 'array', of: value }
}

/** The enum or domain of that printed name, as seen from a schema. */
export function namedType(types: Types, printed: string, from: string): ServerType | null {
  if (baseValueKind(printed) !== null) return null
  const parts =
    printed.match(/"(?:[^"]|"")*"|[^.]+/g)?.map((part) => part.replace(/^"|"$/g, '').replaceAll('""', '"')) ?? []
  const name = parts.at(-1)
  const schema = parts.length > 1 ? parts.at(-2) : null
  const found = Object.values(types.serverTypes)
    .filter((type) => type.name === name && (schema === null || type.schema === schema))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return found.find((type) => type.schema === from) ?? found[0] ?? null
}
