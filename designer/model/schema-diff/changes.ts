/**
 * What differs between two schemas whose records have the same ids: one change for each thing that somebody
 * can take or refuse, with the changes without which it would leave the schema broken.
 *
 * Invariant: where a set of changes holds with each of its members all that the member `needs`, the old schema
 * with that set applied is whole: every id in it leads to a record, and no two records share a name.
 */

import type { ServerAttribute, ServerEntity, ServerSchema } from '../project'
import { same } from '../same'
import { qualifiedName } from './kept-ids'
import { needsOf } from './needs'
import { changeId, type QualifiedName, type SchemaChange, type SchemaChangeDetail } from './schema-change'

/** The changes from `before` to `after`, tables in the order of their names. The ids of both have to be of one making. */
export function schemaChanges(before: ServerSchema, after: ServerSchema): readonly SchemaChange[] {
  const details: SchemaChangeDetail[] = []
  const add = (detail: SchemaChangeDetail): void => void details.push(detail)

  for (const id of idsOf(before.serverTypes, after.serverTypes)) {
    const [old, now] = [before.serverTypes[id], after.serverTypes[id]]
    if (old === undefined) add({ kind: 'type-added', type: id })
    else if (now === undefined) add({ kind: 'type-removed', type: id })
    else {
      if (qualifiedName(old) !== qualifiedName(now)) add({ kind: 'type-renamed', type: id })
      if (!same({ ...old, schema: '', name: '' }, { ...now, schema: '', name: '' }))
        add({ kind: 'type-changed', type: id })
    }
  }
  for (const id of entitiesByName(before, after)) {
    const [old, now] = [before.serverEntities[id], after.serverEntities[id]]
    if (old === undefined) add({ kind: 'entity-added', entity: id })
    else if (now === undefined) add({ kind: 'entity-removed', entity: id })
    else for (const detail of entityChanges(before, after, old, now)) add(detail)
  }
  if (!same(detailsOf(before, after), detailsOf(after, before))) add({ kind: 'details' })

  const changes = details.map((detail) => ({ ...detail, id: changeId(detail) }))
  const needs = needsOf(before, after, changes)
  return changes.map((change) => ({ ...change, needs: [...(needs.get(change.id) ?? [])] }))
}

function* entityChanges(
  before: ServerSchema,
  after: ServerSchema,
  old: ServerEntity,
  now: ServerEntity,
): Generator<SchemaChangeDetail> {
  const entity = old.id
  if (qualifiedName(old) !== qualifiedName(now)) {
    const nameOf = ({ schema, name }: ServerEntity): QualifiedName => ({ schema, name })
    yield { kind: 'entity-renamed', entity, from: nameOf(old), to: nameOf(now) }
  }
  if (old.kind !== now.kind) yield { kind: 'entity-kind', entity, from: old.kind, to: now.kind }
  for (const id of idsOf(old.attributes, now.attributes)) {
    const [was, is] = [old.attributes[id], now.attributes[id]]
    if (was === undefined) yield { kind: 'attribute-added', entity, attribute: id }
    else if (is === undefined) yield { kind: 'attribute-removed', entity, attribute: id }
    else yield* attributeChanges(before, after, entity, was, is)
  }
  if (!same(old.primaryKey, now.primaryKey)) {
    const namesOf = (of: ServerEntity): string[] => of.primaryKey.map((id) => of.attributes[id]?.name ?? id)
    yield { kind: 'key', entity, from: namesOf(old), to: namesOf(now) }
  }
  if (!same(uniquesOf(old), uniquesOf(now))) yield { kind: 'uniques', entity }
  for (const id of idsOf(old.foreignKeys, now.foreignKeys)) {
    const [was, is] = [old.foreignKeys[id], now.foreignKeys[id]]
    if (was === undefined) yield { kind: 'reference-added', entity, foreignKey: id }
    else if (is === undefined) yield { kind: 'reference-removed', entity, foreignKey: id }
    else if (!same({ ...was, name: '' }, { ...is, name: '' }))
      yield { kind: 'reference-changed', entity, foreignKey: id }
  }
}

function* attributeChanges(
  before: ServerSchema,
  after: ServerSchema,
  entity: string,
  was: ServerAttribute,
  is: ServerAttribute,
): Generator<SchemaChangeDetail> {
  const attribute = was.id
  if (was.name !== is.name) yield { kind: 'attribute-renamed', entity, attribute, from: was.name, to: is.name }
  if (was.typeId !== is.typeId || (was.type !== is.type && !followsTypeName(before, after, was, is)))
    yield { kind: 'attribute-type', entity, attribute, from: was.type, to: is.type }
  if (was.nullable !== is.nullable) yield { kind: 'attribute-nullable', entity, attribute, to: is.nullable }
  if (!same(fillingOf(was), fillingOf(is)))
    yield { kind: 'attribute-filling', entity, attribute, from: fillingInWords(was), to: fillingInWords(is) }
}

/** Whether the type is written otherwise only because the enum or domain has another name now. */
export function followsTypeName(
  before: ServerSchema,
  after: ServerSchema,
  was: ServerAttribute,
  is: ServerAttribute,
): boolean {
  const [old, now] = [before.serverTypes[was.typeId ?? ''], after.serverTypes[is.typeId ?? '']]
  if (old === undefined || now === undefined || old.id !== now.id) return false
  return qualifiedName(old) !== qualifiedName(now) && dimensionsOf(was.type) === dimensionsOf(is.type)
}

const dimensionsOf = (type: string): number => type.split('[]').length - 1

const fillingOf = ({ default: value, identity, generated }: ServerAttribute) => ({ value, identity, generated })

function fillingInWords({ default: value, identity, generated }: ServerAttribute): string | null {
  if (generated !== null) return `generated as ${generated}`
  if (identity !== null) return `numbered by the server (${identity === 'always' ? 'always' : 'by default'})`
  return value === null ? null : `default ${value}`
}

/** Without their names, and in one order: a renamed constraint promises the same. */
const uniquesOf = (entity: ServerEntity): string[] => entity.uniques.map(({ attributes }) => attributes.join()).sort()

/** Of what is in both, so that whatever was added or removed makes no difference here. */
function detailsOf(of: ServerSchema, other: ServerSchema) {
  return Object.values(of.serverEntities)
    .flatMap((entity) => {
      const there = other.serverEntities[entity.id]
      if (there === undefined) return []
      const attributes = Object.values(entity.attributes).filter(({ id }) => there.attributes[id] !== undefined)
      const keys = Object.values(entity.foreignKeys).filter(({ id }) => there.foreignKeys[id] !== undefined)
      return [
        {
          id: entity.id,
          comment: entity.comment,
          rowEstimate: entity.rowEstimate,
          attributes: attributes
            .map(({ id, comment, averageBytes, order }) => ({ id, comment, averageBytes, order }))
            .sort(byId),
          keys: keys.map(({ id, name }) => ({ id, name })).sort(byId),
          uniques: same(uniquesOf(entity), uniquesOf(there)) ? entity.uniques : [],
        },
      ]
    })
    .sort(byId)
}

const idsOf = (a: object, b: object): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])]

function entitiesByName(before: ServerSchema, after: ServerSchema): string[] {
  const nameOf = (id: string): string =>
    qualifiedName(after.serverEntities[id] ?? before.serverEntities[id] ?? NAMELESS)
  const named = idsOf(before.serverEntities, after.serverEntities).map((id) => ({ id, name: nameOf(id) }))
  return named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : byId(a, b))).map(({ id }) => id)
}

const NAMELESS: QualifiedName = { schema: '', name: '' }

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0
