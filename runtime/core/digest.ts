/**
 * A number that tells whether two tables hold the same rows, whatever their order: the sum of a digest of each row (F9).
 *
 *   row ─► "value","va\"lue",- ─► md5 ─► its first 15 hex digits as an integer ─► sum over the rows
 *
 * It guards against mistakes, not against malice: MD5 is what PostgreSQL computes without an extension, so that
 * databases sum up millions of rows themselves. This file is loaded only where a store can't.
 *
 * Invariant: `contract/device-schema-sql` and the server write the same line and sum in SQL.
 */
import { md5 } from '@noble/hashes/legacy.js'
import type { Image } from '../contract'

export interface RowsDigest {
  readonly rows: number
  /** In decimal. */
  readonly sum: string
}

/** Sums rows up as they come. */
export function createDigest(attributes: readonly string[]) {
  let rows = 0
  let sum = 0n
  return {
    add: (images: readonly Image[]): void => {
      for (const image of images) sum += rowDigest(attributes, image)
      rows += images.length
    },
    result: (): RowsDigest => ({ rows, sum: String(sum) }),
  }
}

export function rowDigest(attributes: readonly string[], image: Image): bigint {
  const line = attributes.map((attribute) => quoteValue(image[attribute] ?? null)).join(',')
  const hash = md5(new TextEncoder().encode(line))
  // 15 hex digits are seven and a half bytes.
  const view = new DataView(hash.buffer, hash.byteOffset)
  return view.getBigUint64(0) >> 4n
}

function quoteValue(value: string | null): string {
  return value === null ? '-' : `"${value.replace(/["\\]/g, '\\$&')}"`
}
