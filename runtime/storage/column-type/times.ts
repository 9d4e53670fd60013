/**
 * Dates and times in PostgreSQL's text form under `SESSION_SETTINGS` (ISO, UTC), for stores that keep texts.
 *
 * ISO forms are read, with any offset, fraction and era, and written as PostgreSQL prints them. What is written in
 * another of PostgreSQL's many input forms stays as it is: the server reads it, and a pull brings its canonical form.
 */
import { invalid } from './numbers'

const INSTANT =
  /^(\d{4,7})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(\.\d*)?)?)?\s*(?:([Zz]|UTC)|([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?)?\s*(BC|AD)?$/
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d*)?)?\s*(?:([Zz]|UTC)|([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?)?$/
const SPECIAL = /^[+-]?infinity$/i

const DAY_US = 86_400_000_000n

/** @param digits of the fraction of a second, 6 where the type doesn't say */
export function canonicalTimestamp(
  type: 'date' | 'timestamp without time zone' | 'timestamp with time zone',
  text: string,
  digits: number,
): string {
  const trimmed = text.trim()
  if (SPECIAL.test(trimmed)) return trimmed.toLowerCase().replace('+', '')
  const parts = INSTANT.exec(trimmed)
  if (!parts) {
    if (!/\d/.test(trimmed)) throw invalid(type, text)
    return trimmed
  }
  const written = Number(parts[1])
  const year = parts[13]?.toUpperCase() === 'BC' ? 1 - written : written
  const [month, day] = [Number(parts[2]), Number(parts[3])]
  if (written === 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) throw invalid(type, text)
  const time = microseconds(parts[4], parts[5], parts[6], parts[7], digits)
  if (time === null) throw invalid(type, text)
  if (type === 'date') return formatDate(daysFromCivil(year, month, day))
  const offset = type === 'timestamp with time zone' ? offsetUs(parts[9], parts[10], parts[11], parts[12]) : 0n
  const total = daysFromCivil(year, month, day) * DAY_US + time - offset
  const dayNumber = (total - (((total % DAY_US) + DAY_US) % DAY_US)) / DAY_US
  const date = formatDate(dayNumber)
  const clock = formatTime(total - dayNumber * DAY_US)
  const zone = type === 'timestamp with time zone' ? '+00' : ''
  return date.endsWith(' BC') ? `${date.slice(0, -3)} ${clock}${zone} BC` : `${date} ${clock}${zone}`
}

export function canonicalTime(withZone: boolean, text: string, digits: number): string {
  const trimmed = text.trim()
  const parts = TIME.exec(trimmed)
  if (!parts) {
    if (!/\d/.test(trimmed)) throw invalid('time', text)
    return trimmed
  }
  const time = microseconds(parts[1], parts[2], parts[3], parts[4], digits)
  if (time === null) throw invalid('time', text)
  const clock = formatTime(time)
  if (!withZone) return clock
  const rest = [parts[8], parts[9]].map((part) => part ?? '00')
  while (rest.at(-1) === '00') rest.pop()
  return `${clock}${parts[6] ?? '+'}${(parts[7] ?? '0').padStart(2, '0')}${rest.map((part) => `:${part}`).join('')}`
}

/** Texts are canonical; those that are not are compared as they are. */
export function compareTimes(left: string, right: string): number {
  const [a, b] = [rank(left), rank(right)]
  if (a !== b) return a - b
  if (a === 0) return left < right ? 1 : left > right ? -1 : 0
  const [years, otherYears] = [left.indexOf('-'), right.indexOf('-')]
  if (years !== otherYears) return years - otherYears
  return left < right ? -1 : left > right ? 1 : 0
}

/** Years before 1 go backwards, so they are compared the other way round. */
function rank(text: string): number {
  if (text === '-infinity') return -1
  if (text === 'infinity') return 2
  return text.endsWith(' BC') ? 0 : 1
}

function microseconds(hours = '0', minutes = '0', seconds = '0', fraction = '', digits: number): bigint | null {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)]
  if (h > 24 || m > 59 || s > 60 || (h === 24 && (m > 0 || s > 0))) return null
  const shown = fraction.slice(1).padEnd(7, '0')
  // One digit more than is kept says which way to round.
  const unit = 10 ** (6 - digits)
  const us = Math.round(Number(`${shown.slice(0, 6)}.${shown.slice(6)}`) / unit) * unit
  return BigInt((h * 60 + m) * 60 + s) * 1_000_000n + BigInt(us)
}

function offsetUs(sign = '+', hours = '0', minutes = '0', seconds = '0'): bigint {
  const value = BigInt((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000_000n
  return sign === '-' ? -value : value
}

function formatTime(us: bigint): string {
  const seconds = us / 1_000_000n
  const two = (value: bigint) => String(value).padStart(2, '0')
  const fraction = String(us % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`
  return fraction === '' ? clock : `${clock}.${fraction}`
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar; after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function daysFromCivil(year: number, month: number, day: number): bigint {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return BigInt(era) * 146_097n + BigInt(dayOfEra) - 719_468n
}

function formatDate(dayNumber: bigint): string {
  const z = Number(dayNumber) + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const two = (value: number) => String(value).padStart(2, '0')
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0')
  return `${shown}-${two(month)}-${two(day)}${year > 0 ? '' : ' BC'}`
}
