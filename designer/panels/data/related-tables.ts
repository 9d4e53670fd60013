import { syncable } from '@/designer/model/keys'
import type { ServerEntity } from '@/designer/model/project'

/** A table and all that its foreign keys lead to, as far as that can be synced: what it needs to make sense. */
export function withReferredTables(id: string, entities: Readonly<Record<string, ServerEntity>>): string[] {
  const found = new Set<string>()
  const waiting = [id]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entity = entities[next]
    if (!entity || found.has(next) || syncable(entity).kind === 'not-syncable') continue
    found.add(next)
    for (const foreignKey of Object.values(entity.foreignKeys)) waiting.push(foreignKey.entity)
  }
  return [...found]
}
