/** Order is an explicit number in each record, so that adding one record changes no other. */

interface Ordered {
  readonly order: number
}

export const nextOrder = (records: Readonly<Record<string, Ordered>>): number =>
  Object.values(records).reduce((highest, record) => Math.max(highest, record.order), 0) + 1

/** A record's entries in their order; where two numbers are the same, by id. */
export const inOrder = <T extends Ordered>(records: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(records).sort(([idA, a], [idB, b]) => a.order - b.order || (idA < idB ? -1 : 1))
