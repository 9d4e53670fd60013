import type { ServerAttribute, ServerEntity } from '@/designer/model/project'

/** One visible line of the tree of server entities. */
export type SchemaRow =
  | { readonly kind: 'schema'; readonly key: string; readonly name: string; readonly count: number }
  | { readonly kind: 'table'; readonly key: string; readonly entity: ServerEntity; readonly expanded: boolean }
  | {
      readonly kind: 'attribute'
      readonly key: string
      readonly entity: ServerEntity
      readonly attribute: ServerAttribute
      readonly isKey: boolean
      /** The table that the attribute refers to. */
      readonly refersTo: string | null
    }

/** Sorted once for a schema, not for each keystroke. */
export interface SchemaIndex {
  readonly schemas: readonly { readonly name: string; readonly tables: readonly IndexedTable[] }[]
}

interface IndexedTable {
  readonly entity: ServerEntity
  readonly searchText: string
  readonly columnText: string
}

export function indexSchema(entities: Readonly<Record<string, ServerEntity>>): SchemaIndex {
  const bySchema = new Map<string, IndexedTable[]>()
  for (const entity of Object.values(entities)) {
    const tables = bySchema.get(entity.schema) ?? []
    tables.push({
      entity,
      searchText: `${entity.schema}.${entity.name}`.toLowerCase(),
      columnText: Object.values(entity.attributes)
        .map(({ name }) => name.toLowerCase())
        .join('\n'),
    })
    bySchema.set(entity.schema, tables)
  }
  return {
    schemas: [...bySchema]
      .sort(([a], [b]) => Number(b === 'public') - Number(a === 'public') || a.localeCompare(b))
      .map(([name, tables]) => ({ name, tables: tables.sort((a, b) => a.entity.name.localeCompare(b.entity.name)) })),
  }
}

/** The lines to show: tables whose name or one of whose columns has the text, opened where the user opened them. */
export function schemaRows(
  index: SchemaIndex,
  entities: Readonly<Record<string, ServerEntity>>,
  search: string,
  expanded: ReadonlySet<string>,
): SchemaRow[] {
  const wanted = search.trim().toLowerCase()
  const rows: SchemaRow[] = []
  for (const { name, tables } of index.schemas) {
    const shown = wanted === '' ? tables : tables.filter((table) => matches(table, wanted))
    if (shown.length === 0) continue
    if (index.schemas.length > 1) rows.push({ kind: 'schema', key: `schema:${name}`, name, count: shown.length })
    for (const { entity } of shown) {
      const isExpanded = expanded.has(entity.id)
      rows.push({ kind: 'table', key: entity.id, entity, expanded: isExpanded })
      if (isExpanded) rows.push(...attributeRows(entity, entities))
    }
  }
  return rows
}

export function orderedAttributes(entity: ServerEntity): ServerAttribute[] {
  return Object.values(entity.attributes).sort((a, b) => a.order - b.order)
}

/** The name of the table that each referring attribute points to. */
export function referencesOf(
  entity: ServerEntity,
  entities: Readonly<Record<string, ServerEntity>>,
): ReadonlyMap<string, string> {
  const references = new Map<string, string>()
  for (const foreignKey of Object.values(entity.foreignKeys)) {
    const target = entities[foreignKey.entity]?.name
    if (target) for (const attribute of foreignKey.attributes) references.set(attribute, target)
  }
  return references
}

function attributeRows(entity: ServerEntity, entities: Readonly<Record<string, ServerEntity>>): SchemaRow[] {
  const references = referencesOf(entity, entities)
  return orderedAttributes(entity).map((attribute) => ({
    kind: 'attribute',
    key: `${entity.id}/${attribute.id}`,
    entity,
    attribute,
    isKey: entity.primaryKey.includes(attribute.id),
    refersTo: references.get(attribute.id) ?? null,
  }))
}

const matches = (table: IndexedTable, wanted: string): boolean =>
  table.searchText.includes(wanted) || table.columnText.includes(wanted)
