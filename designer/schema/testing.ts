/** What this room's tests share. */
import type { ServerAttribute, ServerEntity, ServerSchema } from '@/designer/model/project'
import { importDump } from './import-dump'
import type { Imported, ImportFailure, ImportResult } from './import-result'
import { attributesInOrder, isTable } from './schema-to-ddl'

export function importText(sql: string, keepData = false): Promise<ImportResult> {
  return importDump({ bytes: new TextEncoder().encode(sql), fileName: 'test.sql', keepData })
}

export function imported(result: ImportResult): Imported {
  if (result.kind === 'failed') throw new Error(`The import failed: ${result.message}`)
  return result
}

export function failed(result: ImportResult): ImportFailure {
  if (result.kind === 'imported') throw new Error('The import succeeded.')
  return result
}

export function entityOf(schema: ServerSchema, name: string, inSchema = 'public'): ServerEntity {
  const entity = Object.values(schema.serverEntities).find((each) => each.name === name && each.schema === inSchema)
  if (entity === undefined) throw new Error(`There is no ${inSchema}.${name}.`)
  return entity
}

export function attributeOf(entity: ServerEntity, name: string): ServerAttribute {
  const attribute = Object.values(entity.attributes).find((each) => each.name === name)
  if (attribute === undefined) throw new Error(`${entity.name} has no ${name}.`)
  return attribute
}

/** An entity as people write it: names instead of ids. */
export function describeEntity(schema: ServerSchema, entity: ServerEntity) {
  const names = (of: ServerEntity, ids: readonly string[]) => ids.map((id) => of.attributes[id]?.name)
  return {
    columns: attributesInOrder(entity).map(
      ({ name, type, nullable }) => `${name} ${type}${nullable ? '' : ' not null'}`,
    ),
    key: names(entity, entity.primaryKey),
    uniques: entity.uniques.map(({ attributes }) => names(entity, attributes)),
    foreignKeys: Object.values(entity.foreignKeys).map((key) => {
      const referenced = schema.serverEntities[key.entity] as ServerEntity
      return `${names(entity, key.attributes).join(', ')} → ${referenced.name}(${names(referenced, key.referencedAttributes).join(', ')}) ${key.onDelete} ${key.onUpdate}`
    }),
  }
}

/** The part of a schema that can be made again from the model, without what was measured. */
export function tablesOf(schema: ServerSchema): ServerSchema {
  return {
    serverTypes: schema.serverTypes,
    serverEntities: Object.fromEntries(
      Object.values(schema.serverEntities)
        .filter(isTable)
        .map((entity) => [entity.id, { ...entity, rowEstimate: null, attributes: withoutSizes(entity.attributes) }]),
    ),
  }
}

const withoutSizes = (attributes: ServerEntity['attributes']): ServerEntity['attributes'] =>
  Object.fromEntries(Object.entries(attributes).map(([id, attribute]) => [id, { ...attribute, averageBytes: null }]))

export function rowsByName({ schema, rowCounts }: Imported): { [name: string]: number } {
  return Object.fromEntries(
    Object.entries(rowCounts).map(([id, rows]) => [schema.serverEntities[id]?.name ?? id, rows]),
  )
}
