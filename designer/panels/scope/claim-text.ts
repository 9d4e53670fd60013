/** Values of claims as they are written in a field: text as it is, everything else as JSON. */
import type { TestUser } from '@/designer/model'

export type ClaimValue = TestUser['claims'][string]

export const claimToText = (value: ClaimValue): string =>
  typeof value === 'string' && !isJson(value) ? value : JSON.stringify(value)

/** `7` is a number, `["a"]` a list, `Basel` a text and `"7"` a text too. */
export function textToClaim(text: string): ClaimValue {
  if (!isJson(text)) return text
  const value: ClaimValue = JSON.parse(text)
  return value
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

export function claimKind(value: ClaimValue): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'list'
  switch (typeof value) {
    case 'boolean':
      return 'yes/no'
    case 'number':
      return 'number'
    case 'string':
      return 'text'
    default:
      return 'object'
  }
}
