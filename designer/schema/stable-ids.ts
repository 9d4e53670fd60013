/**
 * Ids for what is read from a database: made from names, so that reading the same database again gives the
 * same ids, and a project can tell what it already has from what is new.
 */
import { createHash } from 'node:crypto'

/** server entity, attribute, foreign key, type. */
export type IdPrefix = 'se' | 'sa' | 'fk' | 'st'

/** 36⁸ ≈ 2.8 · 10¹²: two of 15,000 attributes meet in one schema of 25,000. */
const LENGTH = 8

export type MakeId = (prefix: IdPrefix, ...names: readonly string[]) => string

/**
 * Answers a function that gives each list of names an id of its own. Where two hashes meet, the one asked
 * for later takes another; ask in a fixed order.
 */
export function createIdMaker(): MakeId {
  const namesById = new Map<string, string>()
  return (prefix, ...names) => {
    const key = JSON.stringify(names)
    for (let attempt = 0; ; attempt += 1) {
      const id = `${prefix}_${hash(`${prefix}${key}${attempt === 0 ? '' : attempt}`)}`
      const taken = namesById.get(id)
      if (taken === undefined || taken === key) {
        namesById.set(id, key)
        return id
      }
    }
  }
}

function hash(text: string): string {
  const digest = createHash('sha256').update(text).digest()
  return digest.readBigUInt64BE(0).toString(36).padStart(LENGTH, '0').slice(-LENGTH)
}
