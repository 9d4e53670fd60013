/** Whether a value given by the app is what the API showed of the stored one. */
import type { TypeContract } from '../contract'

/** Whether values of the type are stored in a form of which JavaScript shows only a view: JSON and arrays. */
export function hasOwnForm(type: string, types: readonly TypeContract[]): boolean {
  if (type === 'json' || type === 'jsonb' || type.endsWith(']')) return true
  const own = types.find(({ name }) => name === type)
  return own?.kind === 'domain' && hasOwnForm(own.baseType, types)
}

/** Deep equality of the API's values; the members of objects in any order. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  // Bytes and arrays have their elements by index, so their members say it all.
  if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right) || left instanceof Date) return false
  const [members, others] = [Object.entries(left), new Map(Object.entries(right))]
  return (
    members.length === others.size &&
    members.every(([name, value]) => others.has(name) && sameValue(value, others.get(name)))
  )
}
