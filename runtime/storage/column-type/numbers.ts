/**
 * Numbers in PostgreSQL's text form, for stores that keep texts: what PostgreSQL would print for what was written.
 *
 * Sources: PostgreSQL's manual, "Numeric Types"; `float8out` prints the shortest digits that read back the same, in
 * scientific notation below 1e-4 and from 1e15 on (`real`: from 1e6 on).
 */

export class ValueError extends Error {
  override readonly name = 'ValueError'
}

export function invalid(type: string, text: string): ValueError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return new ValueError(`${JSON.stringify(shown)} is no value of type ${type}. Write it as PostgreSQL does.`)
}

const BOUNDS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
  oid: [0n, 2n ** 32n - 1n],
}

export function canonicalInteger(type: string, text: string): string {
  // The usual case first: it stands as PostgreSQL writes it and is small enough for any type but the smallest.
  if (/^(?:0|-?[1-9]\d{0,3})$/.test(text)) return text
  const trimmed = text.trim()
  if (!/^[+-]?\d+$/.test(trimmed)) throw invalid(type, text)
  const value = BigInt(trimmed.replace(/^\+/, ''))
  const [least, most] = BOUNDS[type] ?? [value, value]
  if (value < least || value > most) {
    throw new ValueError(`${trimmed} is out of range for type ${type}, which goes from ${least} to ${most}.`)
  }
  return String(value)
}

export function canonicalNumeric(text: string, precision: number | null, scale: number): string {
  const trimmed = text.trim()
  const special = SPECIAL.get(trimmed.toLowerCase())
  if (special !== undefined) {
    if (precision !== null && special !== 'NaN') throw overflow(trimmed, precision, scale)
    return special
  }
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(trimmed)
  if (!match || `${match[2]}${match[3] ?? ''}` === '') throw invalid('numeric', text)
  const exponent = Number(match[4] ?? 0)
  if (Math.abs(exponent) > 131_072) throw invalid('numeric', text)
  let places = (match[3] ?? '').length - exponent
  let digits = BigInt(`${match[2]}${match[3] ?? ''}`)
  if (places < 0) {
    digits *= 10n ** BigInt(-places)
    places = 0
  }
  if (precision !== null) {
    digits = rescaled(digits, places, scale)
    places = Math.max(scale, 0)
    const whole = places > scale ? digits / 10n ** BigInt(-scale) : digits
    if (whole >= 10n ** BigInt(precision)) throw overflow(trimmed, precision, scale)
  }
  const sign = match[1] === '-' && digits !== 0n ? '-' : ''
  const padded = String(digits).padStart(places + 1, '0')
  return places === 0 ? `${sign}${padded}` : `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`
}

function overflow(text: string, precision: number, scale: number): ValueError {
  return new ValueError(`${text} has more digits than numeric(${precision},${scale}) holds.`)
}

/** Half away from zero, as PostgreSQL rounds. A negative scale leaves zeros before the point. */
function rescaled(digits: bigint, from: number, to: number): bigint {
  if (to >= from) return digits * 10n ** BigInt(to - from)
  const unit = 10n ** BigInt(from - to)
  const rounded = (digits * 2n + unit) / (unit * 2n)
  return to < 0 ? rounded * 10n ** BigInt(-to) : rounded
}

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['nan', 'NaN'],
  ['infinity', 'Infinity'],
  ['inf', 'Infinity'],
  ['+infinity', 'Infinity'],
  ['+inf', 'Infinity'],
  ['-infinity', '-Infinity'],
  ['-inf', '-Infinity'],
])

export function canonicalFloat(type: 'real' | 'double precision', text: string): string {
  const trimmed = text.trim()
  const special = SPECIAL.get(trimmed.toLowerCase())
  if (special !== undefined) return special
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) throw invalid(type, text)
  const exact = Number(trimmed)
  const value = type === 'real' ? Math.fround(exact) : exact
  if (!Number.isFinite(value)) throw new ValueError(`${trimmed} is out of range for type ${type}.`)
  if (value === 0) {
    if (/[1-9]/.test(trimmed.replace(/e.*/i, ''))) throw new ValueError(`${trimmed} is out of range for type ${type}.`)
    return Object.is(value, -0) ? '-0' : '0'
  }
  return type === 'real' ? format(shortest(value, 9, isSingle), 6) : format(shortest(value, 17, isDouble), 15)
}

/** The fewest digits that `reads` takes for the value; `most` always do. */
function shortest(value: number, most: number, reads: (text: string, value: number) => boolean): string {
  for (let digits = 0; digits < most - 1; digits += 1) {
    const text = value.toExponential(digits)
    if (reads(text, value)) return text
  }
  return value.toExponential(most - 1)
}

// PostgreSQL does not trust readers with what lies exactly between two floats, so it never writes that.

function isSingle(text: string, value: number): boolean {
  const read = Number(text)
  if (Math.fround(read) !== value) return false
  // Twice as far is the next float exactly where it lies between the two.
  return read === value || Math.fround(value + 2 * (read - value)) !== value + 2 * (read - value)
}

function isDouble(text: string, value: number): boolean {
  if (Number(text) !== value) return false
  if (Math.abs(value) < 2 ** 53) return true
  const [mantissa = '', power = '0'] = text.split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const scale = Number(power) - fraction.length
  if (scale < 0) return true
  const off = BigInt(whole + fraction) * 10n ** BigInt(scale) - BigInt(value)
  // Twice as far is the next float exactly where it lies between the two.
  return off === 0n || !isFloat(BigInt(value) + 2n * off)
}

function isFloat(whole: bigint): boolean {
  return BigInt(Number(whole)) === whole
}

/** @param scientificFrom the first power of ten that is written with an exponent */
function format(exponential: string, scientificFrom: number): string {
  const [mantissa = '', power = '0'] = exponential.split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= scientificFrom) {
    return `${mantissa.replace(/\.?0+$/, (zeros) => (mantissa.includes('.') ? '' : zeros))}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '').replace(/0+$/, '') || '0'
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return `${sign}${digits.padEnd(exponent + 1, '0')}`
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

/** As PostgreSQL orders them: NaN is above all. Texts are canonical. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0
  const [a, b] = [Number(left), Number(right)]
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1
  if (Number.isNaN(b)) return -1
  if (a !== b) return a < b ? -1 : 1
  // The same as floats, which may have rounded them.
  return compareExactly(left, right)
}

function compareExactly(left: string, right: string): number {
  if (/[^\d.-]/.test(left + right)) return 0
  const places = Math.max(placesOf(left), placesOf(right))
  const [a, b] = [left, right].map((text) => BigInt(text.replace('.', '') + '0'.repeat(places - placesOf(text))))
  return (a as bigint) < (b as bigint) ? -1 : (a as bigint) > (b as bigint) ? 1 : 0
}

function placesOf(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}
