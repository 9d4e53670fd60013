/** What a device must not leave empty although the server may, and what it must not write because only the server does. */
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

/** Attributes that only the server writes, or works out: what a device put there would stay, and be sent to nobody. */
export function unwritableAttributes({ attributes, key }: EntityContract): AttributeContract[] {
  return attributes.filter(({ id, readOnly }) => readOnly && !key.includes(id))
}

/** How the value of a new row comes about to which none was given. */
export type DefaultKind = 'none' | 'constant' | 'computed'

/**
 * Which values an unwritable attribute may come to have all the same: what stands in a new row by itself, and what a
 * reference puts there when its row goes. Null for any: what the device's own functions compute, another program gives.
 */
export function valuesByItself(
  { references }: EntityContract,
  { id }: AttributeContract,
  event: 'insert' | 'update',
  value: DefaultKind,
): readonly ('null' | 'default')[] | null {
  const isReset = references.some(
    ({ attributes, onDelete }) => (onDelete === 'set-null' || onDelete === 'set-default') && attributes.includes(id),
  )
  if (event === 'update' && !isReset) return []
  return value === 'computed' ? null : value === 'constant' ? ['null', 'default'] : ['null']
}

/** What a device says where such an attribute was written. */
export function writtenRefusal({ table }: EntityContract, { name, derived }: AttributeContract): string {
  return derived
    ? `${table}.${name} is worked out by the server, so it can't be written here. Change what it comes from.`
    : `${table}.${name} is read-only: only the server writes it, so it can't be written here. Leave it out.`
}
