/** How names relate: accessors made from tables, and names that are still free. */

const words = (name: string): string[] => name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/**
 * The accessor of a table in `device.entities`: `order_details` becomes `OrderDetails`. Capitals inside a
 * word stay, except in a name that is written in capitals alone.
 */
export function pascalCase(name: string): string {
  const shouted = name === name.toUpperCase()
  const joined = words(shouted ? name.toLowerCase() : name)
    .map(capitalised)
    .join('')
  return /^[\p{L}_]/u.test(joined) ? joined : `_${joined}`
}

/** `name`, or the first of `name_2`, `name_3`, … that is free. */
export function freeName(name: string, isTaken: (candidate: string) => boolean): string {
  if (!isTaken(name)) return name
  let number = 2
  while (isTaken(`${name}_${number}`)) number += 1
  return `${name}_${number}`
}

/** Two entities whose names have the same key would share an accessor or, on SQLite, a table. */
export const entityNameKey = (name: string): string => pascalCase(name).toLowerCase()

/** PostgreSQL cuts longer names off, so that two of them could become one. */
export const LONGEST_NAME_IN_BYTES = 63

export const isTooLong = (name: string): boolean => new TextEncoder().encode(name).length > LONGEST_NAME_IN_BYTES

/** What is wrong with a name for a table or a column, or null. */
export function nameProblem(name: string): string | null {
  if (name.trim() === '') return 'A name can not be empty.'
  if (name !== name.trim()) return 'A name can not begin or end with a space.'
  if (isTooLong(name)) return `PostgreSQL takes names of up to ${LONGEST_NAME_IN_BYTES} bytes; this one is longer.`
  return null
}
