/**
 * Exact decimals as PostgreSQL writes them: `integer` and `numeric` texts are added and compared digit by digit, so
 * that a counter never passes through a float (V1).
 */
export interface Decimal {
  /** The value times 10 to the power of `scale`. */
  readonly digits: bigint
  readonly scale: number
}

/** Null for what is no finite decimal: NaN, infinities, other text. */
export function parseDecimal(text: string): Decimal | null {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text)
  if (!match) return null
  const fraction = match[3] ?? ''
  const digits = BigInt(`${match[2] ?? ''}${fraction}`)
  return { digits: match[1] === '-' ? -digits : digits, scale: fraction.length }
}

/** Writes as many places as the scale says, as PostgreSQL does: `1.50`. */
export function formatDecimal({ digits, scale }: Decimal): string {
  const sign = digits < 0n ? '-' : ''
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/** The sum has the larger of the two scales, as in PostgreSQL. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { digits: rescaled(a, scale) + rescaled(b, scale), scale }
}

export function negateDecimal({ digits, scale }: Decimal): Decimal {
  return { digits: -digits, scale }
}

/** Negative, zero or positive, whatever the scales. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale)
  const [left, right] = [rescaled(a, scale), rescaled(b, scale)]
  return left < right ? -1 : left > right ? 1 : 0
}

function rescaled({ digits, scale }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - scale)
}
