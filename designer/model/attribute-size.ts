/** How large a value of an attribute is: measured where there was data, else a guess by its type. */
import { baseValueKind, splitArray } from './device-types'
import type { ServerAttribute } from './project'

export interface AttributeSize {
  readonly bytes: number
  readonly measured: boolean
}

/** Of values that are there. */
export function attributeSize(attribute: Pick<ServerAttribute, 'type' | 'averageBytes'>): AttributeSize {
  return attribute.averageBytes === null
    ? { bytes: guessedBytes(attribute.type), measured: false }
    : { bytes: attribute.averageBytes, measured: true }
}

/** From here on it is worth asking whether each device needs the value at once. */
export const LARGE_BYTES = 2_000

/** Types of which a single value may be as large as a document. */
export function mayBeLarge(type: string): boolean {
  return /^(bytea|text|xml|json|jsonb|character varying)$/.test(type) || splitArray(type).suffix !== ''
}

function guessedBytes(type: string): number {
  const { element, suffix } = splitArray(type)
  if (suffix !== '') return 8 * guessedBytes(element)
  const fixed = FIXED_BYTES.get(element.replace(/\s*\([^)]*\)/, ''))
  if (fixed !== undefined) return fixed
  const longest = Number(/^character(?: varying)?\((\d+)\)/.exec(element)?.[1])
  // People rarely fill a column up; half is what most are found to hold.
  if (longest > 0) return element.startsWith('character(') ? longest : Math.min(Math.ceil(longest / 2), 200)
  return baseValueKind(element) === null ? NAME_BYTES : TEXT_BYTES
}

/** A value of an enum, or of a domain over something short. */
const NAME_BYTES = 10
const TEXT_BYTES = 40

/** What PostgreSQL takes for a value on disk; for what may be any length, what is common. */
const FIXED_BYTES: ReadonlyMap<string, number> = new Map([
  ['boolean', 1],
  ['smallint', 2],
  ['integer', 4],
  ['oid', 4],
  ['real', 4],
  ['date', 4],
  ['bigint', 8],
  ['double precision', 8],
  ['money', 8],
  ['numeric', 8],
  ['time without time zone', 8],
  ['timestamp without time zone', 8],
  ['timestamp with time zone', 8],
  ['time with time zone', 12],
  ['interval', 16],
  ['uuid', 16],
  ['json', 200],
  ['jsonb', 200],
  ['xml', 400],
  ['bytea', 20_000],
])
