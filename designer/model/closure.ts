/** Which tables a choice of tables brings along: those that their rows refer to, and so on. */
import { syncable } from './keys'
import type { ServerEntity } from './project'

export interface NeededEntity {
  readonly entity: string
  /** How it is reached: a foreign key of a table that is chosen, or needed itself; of several the nearest. */
  readonly because: { readonly entity: string; readonly foreignKey: string }
  /** Steps from the nearest chosen table. */
  readonly depth: number
}

/**
 * Needed besides `ids`, nearest first. Without its parent a row on the device refers to something that is not
 * there. What can't be synced ends its branch, and so does `depth`, the number of steps that are followed.
 */
export function withNeeded(
  entities: Readonly<Record<string, ServerEntity>>,
  ids: Iterable<string>,
  depth: number = Number.POSITIVE_INFINITY,
): readonly NeededEntity[] {
  const reached = new Set(ids)
  const needed: NeededEntity[] = []
  let nearest = [...reached]
  for (let step = 1; step <= depth && nearest.length > 0; step += 1) {
    const next: string[] = []
    for (const id of nearest) {
      for (const foreignKey of keysOf(entities[id])) {
        const parent = entities[foreignKey.entity]
        if (parent === undefined || reached.has(parent.id) || syncable(parent).kind === 'not-syncable') continue
        reached.add(parent.id)
        next.push(parent.id)
        needed.push({ entity: parent.id, because: { entity: id, foreignKey: foreignKey.id }, depth: step })
      }
    }
    nearest = next
  }
  return needed
}

/** In the order of their names, so that the same schema always gives the same reasons. */
const keysOf = (entity: ServerEntity | undefined) =>
  Object.values(entity?.foreignKeys ?? {}).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
