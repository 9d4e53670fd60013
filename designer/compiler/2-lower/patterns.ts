/** A pattern's settings become those of the bundle, which knows attributes and handlers by the ids that it has them under. */
import type { ConflictSettings as ConflictContract, MergePolicy, PatternContract } from '@syncline/runtime/contract'
import type { ConflictSettings, LocalEntity, Project, ServerEntity } from '@/designer/model'
import { attributeHandlerId, decidedAttributes } from './attribute-handlers'
import { localIds } from './local-ids'

export function lowerPattern(project: Project, entity: LocalEntity, root: ServerEntity): PatternContract {
  const { pattern } = entity
  switch (pattern.kind) {
    case 'read-only':
    case 'read-only-delta':
    case 'append-only':
      return { kind: pattern.kind }
    case 'last-write-wins':
      return { kind: pattern.kind, decidedBy: pattern.decidedBy, granularity: pattern.granularity }
    case 'conflict-detection':
      return { kind: pattern.kind, granularity: pattern.granularity, ...conflicts(pattern), ...ownHandler(entity) }
    case 'one-to-many':
      return {
        kind: pattern.kind,
        children: pattern.children.filter((child) => project.localEntities[child] !== undefined),
        ...conflicts(pattern),
      }
    case 'merge':
      return { kind: pattern.kind, policies: policies(entity, pattern.attributes) }
    case 'on-demand':
      return { kind: pattern.kind, chosenBy: chosenBy(entity, root, pattern.parent) }
  }
}

const conflicts = ({ handler, resolution, handledOn, blocksSync }: ConflictSettings): ConflictContract => ({
  handler: handler ?? resolution,
  handledOn,
  blocksSync,
})

/** Where the designer has said what stays of some attributes, a handler is written for the entity. */
const ownHandler = (entity: LocalEntity): Partial<ConflictContract> =>
  decidedAttributes(entity).length === 0 ? {} : { handler: attributeHandlerId(entity) }

/** Those that are more than `latest`, in the order of the attributes. */
function policies(
  entity: LocalEntity,
  given: Readonly<Record<string, MergePolicy>>,
): { readonly [attribute: string]: MergePolicy } {
  const known = Object.entries(given).filter(([id, policy]) => id in entity.attributes && policy !== 'latest')
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The attributes that lead to the chosen parent, else the key itself. */
function chosenBy(entity: LocalEntity, root: ServerEntity, foreignKey: string | null): readonly string[] {
  const local = localIds(entity)
  const attributes =
    foreignKey === null ? root.primaryKey : (root.foreignKeys[foreignKey]?.attributes ?? root.primaryKey)
  return attributes.flatMap((attribute) => local.get(attribute) ?? [])
}
