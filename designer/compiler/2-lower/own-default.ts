/**
 * Reads the default that an attribute was given for the device: a constant of its type, or the present or a new uuid.
 * What is not one is told, because a device's database could not be made with it, or no row be created.
 */
import { type DeviceValue, deviceType, type Project, type ServerAttribute, splitArray } from '@/designer/model'
import { portableDefault } from './defaults'

export type ReadDefault =
  | { readonly kind: 'default'; readonly expression: string }
  /** Goes on after "The default of … ". */
  | { readonly kind: 'faulty'; readonly says: string }

type Typed = Pick<ServerAttribute, 'type' | 'typeId'>

export function readOwnDefault(types: Pick<Project, 'serverTypes'>, attribute: Typed, text: string): ReadDefault {
  const expression = portableDefault(text)
  if (expression === null) {
    return faulty('is no constant that a device can hold: write a number, true, false or a text in single quotes')
  }
  const onDevice = deviceType(types, attribute)
  if (onDevice === null) return faulty(`is of the type ${attribute.type}, which a device does not have`)
  const base = baseTypeOf(types, attribute)
  const fits = isComputed(expression) ? computedFits(expression, base) : constantFits(expression, onDevice.value, base)
  return fits ? { kind: 'default', expression } : faulty(`is ${text.trim()}, which is no ${attribute.type}`)
}

const faulty = (says: string): ReadDefault => ({ kind: 'faulty', says })

const isComputed = (expression: string): boolean => /\)$|^CURRENT_DATE$/.test(expression) && !expression.startsWith("'")

function computedFits(expression: string, base: string): boolean {
  if (expression === 'gen_random_uuid()') return base === 'uuid' || isText(base)
  if (expression === 'CURRENT_DATE') return base === 'date' || base.startsWith('timestamp')
  return base.startsWith('timestamp') || base === 'date'
}

const isText = (base: string): boolean => /^(text|character varying|character|citext|name)\b/.test(base)

function constantFits(expression: string, value: DeviceValue, base: string): boolean {
  const isString = expression.startsWith("'")
  const text = isString ? expression.slice(1, -1).replaceAll("''", "'") : expression
  switch (value.kind) {
    case 'enum':
      return isString && value.values.includes(text)
    case 'array':
      return isString && /^\{.*\}$/s.test(text)
    case 'base':
      return baseFits(text, isString, base)
  }
}

const WHOLE: Readonly<Record<string, bigint>> = {
  smallint: 2n ** 15n,
  integer: 2n ** 31n,
  bigint: 2n ** 63n,
}

function baseFits(text: string, isString: boolean, base: string): boolean {
  const bound = WHOLE[base]
  if (bound !== undefined) return /^-?\d{1,19}$/.test(text) && BigInt(text) < bound && BigInt(text) >= -bound
  if (base === 'boolean')
    return /^(t|f|true|false|yes|no|on|off|y|n|1|0)$/i.test(text) && (isString || /^[tf]/i.test(text))
  if (/^(real|double precision|numeric\b)/.test(base)) {
    return /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)
      ? digitsFit(text, base)
      : isString && /^(nan|-?infinity)$/i.test(text)
  }
  // Any other constant is a text that the type reads.
  if (!isString) return false
  if (base === 'uuid') return /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text)
  if (base === 'json' || base === 'jsonb') return isJson(text)
  if (base === 'bytea') return /^\\x([0-9a-f]{2})*$/i.test(text)
  if (base === 'date' || base.startsWith('timestamp')) return /^\d{4,6}-\d\d-\d\d\b|^-?infinity$/.test(text)
  if (/^time\b/.test(base)) return /^\d\d:\d\d/.test(text)
  const length = /^character(?: varying)?\((\d+)\)/.exec(base)?.[1]
  return length === undefined || [...text].length <= Number(length)
}

/** `numeric(5,2)` holds three digits before the point. */
function digitsFit(text: string, base: string): boolean {
  const [, precision, scale = '0'] = /^numeric\((\d+)(?:,\s?(-?\d+))?\)/.exec(base) ?? []
  return precision === undefined || Math.abs(Number(text)) < 10 ** (Number(precision) - Number(scale))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What a domain stands on in the end; else the type as it is printed. */
function baseTypeOf(types: Pick<Project, 'serverTypes'>, { type, typeId }: Typed, depth = 0): string {
  const { suffix } = splitArray(type)
  const named = typeId === null ? undefined : types.serverTypes[typeId]
  // A circle of domains can only come from a file that was changed by hand.
  if (suffix !== '' || named?.kind !== 'domain' || depth > 20) return type
  const below = Object.values(types.serverTypes).find(({ name }) => name === named.baseType)
  return baseTypeOf(types, { type: named.baseType, typeId: below?.id ?? null }, depth + 1)
}
