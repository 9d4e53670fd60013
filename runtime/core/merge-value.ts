/**
 * What becomes of one value that two sides changed: pure, used by the server when it applies an edit of a `merge`
 * entity, and by a device when it puts its pending edits over a newer row. Both see the same result.
 *
 *   author saw `was` and wrote `set`; meanwhile the row has `current`
 *     counter   current + (set − was)                 null counts as 0; set to null is null
 *     set       current − (was − set) + (set − was)   by element, of arrays and of JSON arrays; null counts as empty
 *     latest    set
 *
 * Invariants
 * - Where nobody else wrote (`current` is `was`), the result is `set`; where the author changed nothing, it is `current`.
 * - Counters of integers and numerics are exact; differences add up in any order.
 * - A value that has no such form (text that is no number, an object where an array was expected) merges as `latest`.
 * - Values are PostgreSQL's text form.
 */
import type { MergePolicy } from '../contract/bundle'
import { addDecimals, compareDecimals, type Decimal, formatDecimal, negateDecimal, parseDecimal } from './decimal'
import { mergeArrays } from './merge-array'
import { mergeJsonArrays } from './merge-json'

/**
 * Merges one value. A counter that would leave the range of its type stays at the end of the range, so that a device can
 * always show it; whether that happened tells `leavesRange`.
 */
export function mergeValue(
  policy: MergePolicy,
  type: string,
  was: string | null,
  set: string | null,
  current: string | null,
): string | null {
  if (set === was) return current
  if (current === was || set === null) return set
  switch (policy) {
    case 'latest':
      return set
    case 'counter':
      return counter(type, was, set, current)
    case 'set':
      return isJson(type, set) ? mergeJsonArrays(was, set, current) : mergeArrays(type, was, set, current)
  }
}

/** True where the merged counter is beyond what its type holds, so that a server has to refuse the edit. */
export function leavesRange(
  policy: MergePolicy,
  type: string,
  was: string | null,
  set: string | null,
  current: string | null,
): boolean {
  if (policy !== 'counter' || set === was || current === was || set === null || isFloat(type)) return false
  const sum = decimalSum(was, set, current)
  return sum !== null && formatDecimal(sum) !== formatDecimal(clamp(type, sum))
}

function counter(type: string, was: string | null, set: string, current: string | null): string {
  if (isFloat(type)) return floatSum(type, was, set, current)
  const sum = decimalSum(was, set, current)
  return sum === null ? set : formatDecimal(clamp(type, sum))
}

/** Null where one of the three is no finite decimal. */
function decimalSum(was: string | null, set: string, current: string | null): Decimal | null {
  const [before, after, now] = [parseDecimal(was ?? '0'), parseDecimal(set), parseDecimal(current ?? '0')]
  return before && after && now ? addDecimals(now, addDecimals(after, negateDecimal(before))) : null
}

function clamp(type: string, value: Decimal): Decimal {
  const range = rangeOf(type)
  if (!range) return value
  if (compareDecimals(value, range.least) < 0) return range.least
  return compareDecimals(value, range.most) > 0 ? range.most : value
}

/** `numeric(p,s)` holds p digits, s of them after the point. */
function rangeOf(type: string): { readonly least: Decimal; readonly most: Decimal } | null {
  const bits = { smallint: 15n, integer: 31n, bigint: 63n }[type]
  if (bits !== undefined) {
    return { least: { digits: -(2n ** bits), scale: 0 }, most: { digits: 2n ** bits - 1n, scale: 0 } }
  }
  const match = /^numeric\((\d+)(?:,(\d+))?\)$/.exec(type)
  if (!match) return null
  const most = { digits: 10n ** BigInt(match[1] ?? '0') - 1n, scale: Number(match[2] ?? '0') }
  return { least: negateDecimal(most), most }
}

function isFloat(type: string): boolean {
  return type === 'double precision' || type === 'real'
}

function isJson(type: string, text: string): boolean {
  // The name of a domain does not tell; an array with bounds begins like a JSON array.
  return type === 'jsonb' || type === 'json' || (/^\s*\[/.test(text) && !/^\[[-\d:[\]]+\]=/.test(text))
}

function floatSum(type: string, was: string | null, set: string, current: string | null): string {
  const sum = Number(current ?? '0') + (Number(set) - Number(was ?? '0'))
  // Infinities minus themselves, and text that is no number.
  if (Number.isNaN(sum)) return set
  return formatFloat(type === 'real' ? Math.fround(sum) : sum, type === 'real')
}

/** As PostgreSQL writes it: the fewest digits that read back as the same number, with an exponent from 1e15 and below 1e-4. */
function formatFloat(value: number, single: boolean): string {
  if (!Number.isFinite(value)) return String(value)
  const [mantissa = '0', power = '0'] = shortest(value, single).split('e')
  const exponent = Number(power)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < -4 || exponent >= (single ? 6 : 15)) {
    const size = String(Math.abs(exponent)).padStart(2, '0')
    const rest = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${rest}e${exponent < 0 ? '-' : '+'}${size}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return digits.length > exponent + 1 ? `${sign}${whole}.${digits.slice(exponent + 1)}` : `${sign}${whole}`
}

function shortest(value: number, single: boolean): string {
  if (single) {
    for (let digits = 0; digits < 9; digits += 1) {
      const text = value.toExponential(digits)
      if (Math.fround(Number(text)) === value) return text
    }
  }
  return value.toExponential()
}
