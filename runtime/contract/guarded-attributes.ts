/** What a device must not leave empty although the server may, and what it must not write because the server works it out. */
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

/** Attributes that the server works out: what a device put there would stay, and be sent to nobody. */
export function derivedAttributes({ attributes }: EntityContract): AttributeContract[] {
  return attributes.filter(({ derived }) => derived !== undefined)
}

/** What a device says where an attribute was written that the server works out. */
export function writtenRefusal({ table }: EntityContract, { name }: AttributeContract): string {
  return `${table}.${name} is worked out by the server, so it can't be written here. Change what it comes from.`
}
