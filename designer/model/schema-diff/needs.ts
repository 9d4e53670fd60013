/**
 * Which changes of a schema go together: one that is taken without what it needs would leave an id that leads
 * nowhere, or two records of one name.
 */
import type { ForeignKey, ServerEntity, ServerSchema, ServerType } from '../project'
import { qualifiedName } from './kept-ids'
import type { SchemaChange, SchemaChangeDetail } from './schema-change'

/** The changes that have to be refused where `refused` are: whatever needs one of them, and so on. */
export function closedRefusals(changes: readonly SchemaChange[], refused: Iterable<string>): ReadonlySet<string> {
  const neededBy = new Map<string, string[]>()
  for (const { id, needs } of changes) {
    for (const needed of needs) neededBy.set(needed, [...(neededBy.get(needed) ?? []), id])
  }
  return reached(refused, (id) => neededBy.get(id) ?? [])
}

/** The changes that have to be taken where `taken` is: whatever it needs, and so on; itself among them. */
export function closedNeeds(changes: readonly SchemaChange[], taken: string): ReadonlySet<string> {
  const byId = new Map(changes.map((change) => [change.id, change]))
  return reached([taken], (id) => byId.get(id)?.needs ?? [])
}

type IdentifiedChange = SchemaChangeDetail & { readonly id: string }
type Need = (change: string, needed: string) => void

/** By the id of a change, the changes that it needs. */
export function needsOf(
  before: ServerSchema,
  after: ServerSchema,
  changes: readonly IdentifiedChange[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map(changes.map(({ id }) => [id, new Set<string>()]))
  const need: Need = (change, needed) => {
    // What is not a change is as it should be already.
    if (change !== needed && needs.has(needed)) needs.get(change)?.add(needed)
  }
  const uses = usesWithin(before)
  for (const change of changes) {
    const { id } = change
    const needType = (typeId: string | null): void => {
      if (typeId === null) return
      need(id, `type-added ${typeId}`)
      need(id, `type-renamed ${typeId}`)
    }
    const needAll = (needed: readonly string[]): void => {
      for (const each of needed) need(id, each)
    }
    switch (change.kind) {
      case 'type-added':
      case 'type-changed':
        break
      case 'type-removed':
      // What is written with its old name.
      case 'type-renamed':
        needAll(uses.ofType(change.type))
        break
      case 'entity-added': {
        const entity = after.serverEntities[change.entity]
        for (const { typeId } of Object.values(entity?.attributes ?? {})) needType(typeId)
        for (const key of Object.values(entity?.foreignKeys ?? {})) needAll(additionsFor(key))
        break
      }
      case 'entity-removed':
        needAll(uses.ofEntity(change.entity))
        break
      case 'attribute-added':
      case 'attribute-type':
        needType(after.serverEntities[change.entity]?.attributes[change.attribute]?.typeId ?? null)
        break
      case 'attribute-removed':
        needAll(uses.ofAttribute(change.entity, change.attribute))
        break
      case 'key':
        for (const attribute of after.serverEntities[change.entity]?.primaryKey ?? [])
          need(id, `attribute-added ${change.entity} ${attribute}`)
        break
      case 'uniques':
        for (const { attributes } of after.serverEntities[change.entity]?.uniques ?? [])
          for (const attribute of attributes) need(id, `attribute-added ${change.entity} ${attribute}`)
        break
      case 'reference-added':
      case 'reference-changed': {
        const key = after.serverEntities[change.entity]?.foreignKeys[change.foreignKey]
        if (key === undefined) break
        for (const attribute of key.attributes) need(id, `attribute-added ${change.entity} ${attribute}`)
        needAll(additionsFor(key))
        break
      }
      case 'entity-renamed':
      case 'entity-kind':
      case 'attribute-renamed':
      case 'attribute-nullable':
      case 'attribute-filling':
      case 'reference-removed':
      case 'details':
        break
    }
  }
  namesComeFree<ServerType>(before.serverTypes, after.serverTypes, qualifiedName, 'type', '', need)
  namesComeFree<ServerEntity>(before.serverEntities, after.serverEntities, qualifiedName, 'entity', '', need)
  for (const [id, now] of Object.entries(after.serverEntities)) {
    const old = before.serverEntities[id]
    if (old !== undefined)
      namesComeFree(old.attributes, now.attributes, ({ name }) => name, 'attribute', `${id} `, need)
  }
  return needs
}

const additionsFor = (key: ForeignKey): string[] => [
  `entity-added ${key.entity}`,
  ...key.referencedAttributes.map((attribute) => `attribute-added ${key.entity} ${attribute}`),
]

/** A name can be given only where nobody has it any more. */
function namesComeFree<T extends { readonly id: string }>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  nameOf: (record: T) => string,
  what: 'type' | 'entity' | 'attribute',
  within: string,
  need: Need,
): void {
  const holders = new Map(Object.values(before).map((record) => [nameOf(record), record.id]))
  for (const record of Object.values(after)) {
    const old = before[record.id]
    if (old !== undefined && nameOf(old) === nameOf(record)) continue
    const holder = holders.get(nameOf(record))
    if (holder === undefined) continue
    const change = `${what}-${old === undefined ? 'added' : 'renamed'} ${within}${record.id}`
    need(change, `${what}-${after[holder] === undefined ? 'removed' : 'renamed'} ${within}${holder}`)
  }
}

/** By record, the changes that end each use of it within the old schema; ids of those that may not be. */
function usesWithin(schema: ServerSchema) {
  const uses = new Map<string, string[]>()
  const note = (used: string, ...endings: readonly string[]): void => {
    uses.set(used, [...(uses.get(used) ?? []), ...endings])
  }
  for (const entity of Object.values(schema.serverEntities)) {
    const gone = `entity-removed ${entity.id}`
    for (const { id, typeId } of Object.values(entity.attributes)) {
      if (typeId === null) continue
      const place = `${entity.id} ${id}`
      note(`type ${typeId}`, gone, `attribute-removed ${place}`, `attribute-type ${place}`)
    }
    for (const attribute of entity.primaryKey) note(`attribute ${entity.id} ${attribute}`, `key ${entity.id}`)
    for (const { attributes } of entity.uniques)
      for (const attribute of attributes) note(`attribute ${entity.id} ${attribute}`, `uniques ${entity.id}`)
    for (const key of Object.values(entity.foreignKeys)) {
      const place = `${entity.id} ${key.id}`
      const ends = [gone, `reference-removed ${place}`, `reference-changed ${place}`]
      note(`entity ${key.entity}`, ...ends)
      for (const attribute of key.attributes) note(`attribute ${entity.id} ${attribute}`, ...ends)
      for (const attribute of key.referencedAttributes) note(`attribute ${key.entity} ${attribute}`, ...ends)
    }
  }
  return {
    ofType: (id: string): readonly string[] => uses.get(`type ${id}`) ?? [],
    ofEntity: (id: string): readonly string[] => uses.get(`entity ${id}`) ?? [],
    ofAttribute: (entity: string, id: string): readonly string[] => uses.get(`attribute ${entity} ${id}`) ?? [],
  }
}

function reached(from: Iterable<string>, next: (id: string) => readonly string[]): ReadonlySet<string> {
  const all = new Set<string>()
  const open = [...from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (all.has(id)) continue
    all.add(id)
    open.push(...next(id))
  }
  return all
}
