/** What a device must not leave empty although the server may. */
import type { AttributeContract, EntityContract } from './bundle'

/**
 * Attributes that an app must give although the server may have them empty: a new row without one is refused, and so is
 * a change that empties one. A row that came from the server without it can be changed elsewhere.
 */
export function requiredAttributes({ attributes }: EntityContract): AttributeContract[] {
  return attributes.filter(
    ({ required, nullable, readOnly, derived }) => required === true && nullable && !readOnly && !derived,
  )
}

/** What a device says where a required attribute was left empty. */
export function emptyRefusal({ table }: EntityContract, { name }: AttributeContract): string {
  return `${table}.${name} must have a value on this device. Give one.`
}
