/**
 * Format 2 gave patterns their settings, entities a write scope, and the trigger after a local change its delay.
 * What format 1 could only mean in one way is now said: last write wins by arrival and attribute.
 */
import { isObject, type JsonObject, mapRecords } from './json'

const CONFLICTS = { resolution: 'park', handledOn: 'server', blocksSync: false }

export const format1To2 = (document: JsonObject): JsonObject => ({
  ...document,
  localEntities: mapRecords(document.localEntities, (entity) => ({
    ...entity,
    writeScope: null,
    pattern: isObject(entity.pattern) ? pattern(document, entity, entity.pattern) : entity.pattern,
  })),
  syncUnits: mapRecords(document.syncUnits, (unit) => ({
    ...unit,
    triggers: isObject(unit.triggers) ? triggers(unit.triggers) : unit.triggers,
  })),
})

function pattern(document: JsonObject, entity: JsonObject, old: JsonObject): JsonObject {
  switch (old.kind) {
    case 'last-write-wins':
      return { ...old, decidedBy: 'arrival', granularity: 'attribute' }
    case 'conflict-detection': {
      const { by, ...rest } = old
      return { ...rest, granularity: by, ...CONFLICTS }
    }
    case 'one-to-many':
      return { ...old, handler: null, ...CONFLICTS }
    case 'on-demand':
      return { ...old, parent: foreignKeyTo(document, entity, old.parent) }
    default:
      return old
  }
}

/** Format 1 named the parent's local entity; format 2 names the foreign key, of which there may be several. */
function foreignKeyTo(document: JsonObject, entity: JsonObject, parent: unknown): string | null {
  const { localEntities, serverEntities } = document
  if (typeof parent !== 'string' || !isObject(localEntities) || !isObject(serverEntities)) return null
  const target = localEntities[parent]
  const root = serverEntities[String(entity.root)]
  if (!isObject(target) || !isObject(root) || !isObject(root.foreignKeys)) return null
  const keys = Object.entries(root.foreignKeys).filter(([, key]) => isObject(key) && key.entity === target.root)
  return keys.length === 1 ? (keys[0]?.[0] ?? null) : null
}

function triggers({ afterLocalChange, ...others }: JsonObject): JsonObject {
  return { ...others, afterLocalChangeInSeconds: afterLocalChange === true ? 2 : null }
}
