/** Small tools for writing TypeScript that reads as if a person had written it. */

const LINE_WIDTH = 120

/** In single quotes, or in double ones where that saves escaping. */
export function stringLiteral(text: string): string {
  const escaped = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  if (text.includes("'") && !text.includes('"')) return escaped
  return `'${escaped.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u

export const propertyName = (name: string): string => (IDENTIFIER.test(name) ? name : stringLiteral(name))

/** Text that can't end the comment it stands in. */
export const comment = (text: string): string => text.replaceAll('*/', '* /').replace(/\s+/g, ' ')

/** Plain data as a literal: on one line where it fits, else one line for each entry. */
export function literal(value: unknown, indent = ''): string {
  const flat = inline(value)
  if (indent.length + flat.length <= LINE_WIDTH && !flat.includes('\n') && !holdsRecords(value)) return flat
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    return value.length === 0
      ? '[]'
      : `[\n${value.map((item) => `${deeper}${literal(item, deeper)},`).join('\n')}\n${indent}]`
  }
  if (isObject(value)) {
    const lines = Object.entries(value).map(([key, item]) => `${deeper}${propertyName(key)}: ${literal(item, deeper)},`)
    return `{\n${lines.join('\n')}\n${indent}}`
  }
  return flat
}

function inline(value: unknown): string {
  if (typeof value === 'string') return stringLiteral(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${propertyName(key)}: ${inline(item)}`)
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
  }
  return JSON.stringify(value)
}

/** A list of records is easier to read with one on each line. */
const holdsRecords = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(isObject)
    : isObject(value) && Object.values(value).some((item) => holdsRecords(item))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
