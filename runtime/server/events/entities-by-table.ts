/** Which entities may look different to a device when a server table changes: its own, and those whose scope or values are read from it. */
import type { Bundle, EntityContract } from '../../contract/bundle'

export interface EntitiesByTable {
  /** Entity ids by server entity id. */
  readonly byTable: ReadonlyMap<string, readonly string[]>
  /** Of tables that no entity names: entities whose scope may read any table. */
  readonly ofUnknownTables: readonly string[]
}

export function entitiesByTable(bundle: Bundle): EntitiesByTable {
  // A device that only sends an entity has nothing to hear of it.
  const pulled = bundle.entities.filter(({ direction }) => direction !== 'up')
  const ofUnknownTables = pulled.filter((entity) => readTables(entity) === null).map(({ id }) => id)
  const byTable = new Map<string, string[]>()
  for (const entity of pulled) {
    const read = [...(readTables(entity) ?? []), ...joinedTables(entity)]
    for (const table of new Set([entity.server.id, ...read])) {
      byTable.set(table, [...(byTable.get(table) ?? []), entity.id])
    }
  }
  for (const [table, entities] of byTable) byTable.set(table, [...new Set([...entities, ...ofUnknownTables])])
  return { byTable, ofUnknownTables }
}

/** Ids of the other tables that the entity's scope reads; null where they are not known. */
function readTables({ scope }: EntityContract): readonly string[] | null {
  if (scope.read === null) return []
  return scope.read.tables?.map(({ id }) => id) ?? null
}

function joinedTables({ attributes }: EntityContract): readonly string[] {
  return attributes.flatMap(({ derived }) =>
    derived?.kind === 'joined' ? derived.path.map(({ table }) => table.id) : [],
  )
}
