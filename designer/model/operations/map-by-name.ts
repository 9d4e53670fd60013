/** Puts a local entity onto another table; its attributes follow their names. */
import type { Ids } from '../ids'
import { nameMapping } from '../name-mapping'
import type { LocalEntity, Project } from '../project'
import { addAttributesFromRoot, removeAttribute } from './local-attributes'
import { setPattern } from './local-entities'
import { gone, type OperationResult, refused } from './result'

export interface MapByName {
  readonly entity: string
  /** The server entity that it takes its rows from now on. */
  readonly table: string
  /** Further columns of the table to take, beside its key and those of equal names. */
  readonly take?: readonly string[]
  readonly ids: Ids
}

/** Attributes that stay keep their ids, names and settings, as far as the other column allows them. */
export function mapByName(draft: Project, { entity: id, table, take = [], ids }: MapByName): OperationResult {
  const entity = draft.localEntities[id]
  if (entity === undefined) return gone('local entity')
  const possible = nameMapping(draft, id, table)
  if (possible.kind === 'impossible') return refused(possible.reason)
  const { mapping } = possible
  entity.root = mapping.table.id
  for (const { attribute } of mapping.dropped) removeAttribute(entity, attribute.id)
  for (const { attribute, source, retyped } of mapping.kept) {
    const own = entity.attributes[attribute.id]
    if (own === undefined) continue
    own.source = source
    if (source.kind !== 'root') continue
    const column = mapping.table.attributes[source.attribute]
    if (column?.generated) own.readOnly = true
    if (retyped !== null) own.default = null
    if (mapping.table.primaryKey.includes(source.attribute)) own.transfer = 'inline'
  }
  entity.keyStrategy = mapping.keyStrategy
  entity.scope = mapping.scope
  entity.writeScope = mapping.writeScope
  addAttributesFromRoot(draft, id, take, ids)
  for (const parent of mapping.leaves) leaveParent(draft.localEntities[parent.id], id)
  return setPattern(draft, id, withoutPolicies(mapping.pattern, entity))
}

function leaveParent(parent: LocalEntity | undefined, child: string): void {
  if (parent?.pattern.kind !== 'one-to-many') return
  parent.pattern.children = parent.pattern.children.filter((id) => id !== child)
}

/** The mapping was worked out before attributes went. */
function withoutPolicies(pattern: LocalEntity['pattern'], { attributes }: LocalEntity): LocalEntity['pattern'] {
  const stays = <T>(policies: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(policies).filter(([id]) => id in attributes))
  if (pattern.kind === 'merge') return { ...pattern, attributes: stays(pattern.attributes) }
  return pattern.kind === 'conflict-detection' ? { ...pattern, attributes: stays(pattern.attributes) } : pattern
}
