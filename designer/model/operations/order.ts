/** Order is an explicit number in each record, so that adding one record changes no other. */

interface Ordered {
  readonly order: number
}

export const nextOrder = (records: Readonly<Record<string, Ordered>>): number =>
  Object.values(records).reduce((highest, record) => Math.max(highest, record.order), 0) + 1

/** A record's entries in their order; where two numbers are the same, by id. */
export const inOrder = <T extends Ordered>(records: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(records).sort(([idA, a], [idB, b]) => a.order - b.order || (idA < idB ? -1 : 1))

/** Finer than this would be noise in the file: after some twenty moves to one place all are numbered anew. */
const FINEST_STEP = 1e-6

/** A number between two that follow one another, null for an end; null where there is no room left between them. */
export function orderBetween(before: number | null, after: number | null): number | null {
  if (before === null) return after === null ? 1 : Math.ceil(after) - 1
  if (after === null) return Math.floor(before) + 1
  return after - before > FINEST_STEP ? (before + after) / 2 : null
}
