/** Operations on attributes that are not columns of the root: read along foreign keys, or computed from the row. */
import { denormalisedName } from '../denormalised-name'
import type { Ids } from '../ids'
import { followPath } from '../paths'
import type { Project } from '../project'
import { addAttribute } from './local-attributes'
import { DONE, done, gone, type OperationResult, refused } from './result'

export interface NewDenormalisedAttribute {
  readonly entity: string
  /** Foreign keys from the root outwards. */
  readonly path: readonly string[]
  /** Of the server entity at the path's end. */
  readonly attribute: string
  readonly ids: Ids
}

/** Answers the attribute's id; one that is read the same way already keeps its id. */
export function addDenormalisedAttribute(
  draft: Project,
  { entity: entityId, path, attribute, ids }: NewDenormalisedAttribute,
): OperationResult<string> {
  const entity = draft.localEntities[entityId]
  if (entity === undefined) return gone('local entity')
  if (path.length === 0) return refused('A denormalised attribute is read along at least one foreign key.')
  const followed = followPath(draft, entity.root, path)
  if (followed === null) return gone('foreign key')
  const server = followed.end.attributes[attribute]
  if (server === undefined) return gone('server attribute')
  const present = Object.values(entity.attributes).find(
    ({ source }) =>
      source.kind === 'denormalised' && source.attribute === attribute && source.path.join() === path.join(),
  )
  if (present !== undefined) return done(present.id)
  const name = denormalisedName(followed.steps, server)
  return done(
    addAttribute(entity, { name, source: { kind: 'denormalised', path: [...path], attribute }, readOnly: true }, ids),
  )
}

export interface NewComputedAttribute {
  readonly entity: string
  readonly name: string
  /** SQL over the server's row `b`. */
  readonly expression: string
  /** The PostgreSQL type of its value. */
  readonly type: string
  readonly ids: Ids
}

export function addComputedAttribute(
  draft: Project,
  { entity: entityId, name, expression, type, ids }: NewComputedAttribute,
): OperationResult<string> {
  const entity = draft.localEntities[entityId]
  if (entity === undefined) return gone('local entity')
  return done(addAttribute(entity, { name, source: { kind: 'computed', expression, type }, readOnly: true }, ids))
}

export function setComputation(
  draft: Project,
  entityId: string,
  attributeId: string,
  computation: { readonly expression: string; readonly type: string },
): OperationResult {
  const attribute = draft.localEntities[entityId]?.attributes[attributeId]
  if (attribute === undefined) return gone('attribute')
  if (attribute.source.kind !== 'computed') return refused(`"${attribute.name}" is not a computed attribute.`)
  attribute.source = { kind: 'computed', ...computation }
  return DONE
}
