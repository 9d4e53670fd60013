/**
 * Rows that go when a row goes to which they refer: those of its aggregate, and those that the database takes along.
 *
 * Invariant: pure, and asked alike by the tracking, the server and the device.
 */
import type { EntityContract, ReferenceContract } from './bundle'

export interface Dependents {
  readonly entity: EntityContract
  /** By which its rows refer to the head. */
  readonly reference: ReferenceContract
  /** True for the rows of the head's aggregate; false where the database's `on delete cascade` takes them along. */
  readonly owned: boolean
}

/**
 * What a deletion in `head` takes along that somebody else may have written on a device, where its pattern detects conflicts.
 * Rows that no device deletes (read-only, append-only) are the database's own business.
 */
export function dependentsOf(entities: readonly EntityContract[], head: EntityContract): Dependents[] {
  const { pattern } = head
  if (pattern.kind !== 'one-to-many' && pattern.kind !== 'conflict-detection') return []
  const owned = pattern.kind === 'one-to-many' ? pattern.children : []
  return entities.flatMap((entity) =>
    entity.references
      .filter((reference) => reference.entity === head.id)
      .flatMap((reference): Dependents[] => {
        if (owned.includes(entity.id)) return [{ entity, reference, owned: true }]
        return reference.onDelete === 'cascade' && isDeleted(entity) ? [{ entity, reference, owned: false }] : []
      }),
  )
}

function isDeleted({ direction, pattern }: EntityContract): boolean {
  if (direction !== 'both') return false
  return pattern.kind !== 'read-only' && pattern.kind !== 'read-only-delta' && pattern.kind !== 'append-only'
}
