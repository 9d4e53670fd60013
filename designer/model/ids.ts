/**
 * Makes the stable ids of a project's records: a prefix that tells the kind, then ten characters.
 *
 * Two factories, one type: random ids for edits, and ids derived from names for `init`, where the same
 * schema has to give the same file.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

const PREFIXES = {
  project: 'pr',
  localEntity: 'le',
  localAttribute: 'la',
  index: 'ix',
  syncUnit: 'su',
  flow: 'fl',
  conflictHandler: 'ch',
  action: 'ac',
  scenario: 'sc',
  testUser: 'tu',
  acceptedFinding: 'af',
  group: 'gr',
  note: 'no',
} as const

export type IdKind = keyof typeof PREFIXES

/** Makes an id that `isTaken` refuses none of. `name` is what the record is known by to people. */
export type Ids = (kind: IdKind, name: string, isTaken: (id: string) => boolean) => string

/** 32 signs, so that five bits of each byte give one without bias; none is mistaken for another. */
const SIGNS = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 10

const idFromBytes = (kind: IdKind, bytes: Uint8Array): string =>
  `${PREFIXES[kind]}_${Array.from(bytes.subarray(0, LENGTH), (byte) => SIGNS.charAt(byte % 32)).join('')}`

/** Ids from random bytes: in a browser `(length) => crypto.getRandomValues(new Uint8Array(length))`. */
export function createIds(randomBytes: (length: number) => Uint8Array): Ids {
  return (kind, _name, isTaken) => {
    for (;;) {
      const id = idFromBytes(kind, randomBytes(LENGTH))
      if (!isTaken(id)) return id
    }
  }
}

/** Ids derived from the records' names: the same names, made in the same order, give the same ids. */
export function createNamedIds(): Ids {
  return (kind, name, isTaken) => {
    for (let attempt = 0; ; attempt += 1) {
      const id = idFromBytes(kind, sha256(utf8ToBytes(JSON.stringify([kind, name, attempt]))))
      if (!isTaken(id)) return id
    }
  }
}
