import { followPath } from '@/designer/model/paths'
import type { ForeignKey, ServerAttribute, ServerEntity } from '@/designer/model/project'
import type { DragItem } from './drag/drag-item'

interface InTree {
  readonly key: string
  /** How far it is indented: 1 for a table. */
  readonly level: number
}

/** One visible line of the tree of server entities. */
export type SchemaRow = InTree &
  (
    | { readonly kind: 'schema'; readonly name: string; readonly count: number }
    | { readonly kind: 'table'; readonly entity: ServerEntity; readonly expanded: boolean }
    | AttributeRow
    | ParentRow
  )

export interface AttributeRow {
  readonly kind: 'attribute'
  /** The table at the top of the branch. */
  readonly entity: ServerEntity
  /** Foreign keys from that table to the one whose attribute it is; empty for its own. */
  readonly path: readonly string[]
  readonly attribute: ServerAttribute
  readonly isKey: boolean
  /** The tables that the attribute refers to. */
  readonly refersTo: string | null
  /** Null where there is nothing to open. */
  readonly expanded: boolean | null
}

/** The table to which an opened reference leads, above its attributes. */
export interface ParentRow {
  readonly kind: 'parent'
  readonly entity: ServerEntity
  readonly path: readonly string[]
  readonly parent: ServerEntity
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

type Entities = Readonly<Record<string, ServerEntity>>

export function indexSchema(entities: Entities): SchemaIndex {
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
  entities: Entities,
  search: string,
  expanded: ReadonlySet<string>,
): SchemaRow[] {
  const wanted = search.trim().toLowerCase()
  const rows: SchemaRow[] = []
  for (const { name, tables } of index.schemas) {
    const shown = wanted === '' ? tables : tables.filter((table) => matches(table, wanted))
    if (shown.length === 0) continue
    if (index.schemas.length > 1) {
      rows.push({ kind: 'schema', key: `schema:${name}`, level: 1, name, count: shown.length })
    }
    for (const { entity } of shown) {
      const isExpanded = expanded.has(entity.id)
      rows.push({ kind: 'table', key: entity.id, level: 1, entity, expanded: isExpanded })
      if (isExpanded) rows.push(...attributeRows(entity, [], entity, entities, expanded))
    }
  }
  return rows
}

export function orderedAttributes(entity: ServerEntity): ServerAttribute[] {
  return Object.values(entity.attributes).sort((a, b) => a.order - b.order)
}

/** The name of the table that each referring attribute points to. */
export function referencesOf(entity: ServerEntity, entities: Entities): ReadonlyMap<string, string> {
  const references = new Map<string, string>()
  for (const foreignKey of Object.values(entity.foreignKeys)) {
    const target = entities[foreignKey.entity]?.name
    if (target) for (const attribute of foreignKey.attributes) references.set(attribute, target)
  }
  return references
}

/** What the row is when it is dragged, or put somewhere by its menu; a schema is nothing. */
export function itemOfRow(row: SchemaRow): DragItem | null {
  switch (row.kind) {
    case 'schema':
      return null
    case 'table':
      return { kind: 'table', entity: row.entity.id }
    case 'attribute':
      return row.path.length === 0
        ? { kind: 'attribute', entity: row.entity.id, attribute: row.attribute.id }
        : { kind: 'path-attribute', entity: row.entity.id, path: row.path, attribute: row.attribute.id }
    case 'parent':
      return { kind: 'parent', entity: row.entity.id, path: row.path }
  }
}

/** The server entity that a row shows, or shows an attribute of. */
export function entityOfRow(row: SchemaRow, entities: Entities): ServerEntity | null {
  switch (row.kind) {
    case 'schema':
      return null
    case 'table':
      return row.entity
    case 'parent':
      return row.parent
    case 'attribute':
      return followPath({ serverEntities: { ...entities } }, row.entity.id, row.path)?.end ?? row.entity
  }
}

/** An own attribute's references stay closed until somebody opens them, so a circle of references has an end. */
function attributeRows(
  top: ServerEntity,
  path: readonly string[],
  entity: ServerEntity,
  entities: Entities,
  expanded: ReadonlySet<string>,
): SchemaRow[] {
  const leading = leadingReferences(entity, entities)
  const references = referencesOf(entity, entities)
  return orderedAttributes(entity).flatMap((attribute): SchemaRow[] => {
    const key = [top.id, ...path, attribute.id].join('/')
    const opens = leading.get(attribute.id) ?? []
    const isExpanded = opens.length > 0 && expanded.has(key)
    const row: SchemaRow = {
      kind: 'attribute',
      key,
      level: path.length + 2,
      entity: top,
      path,
      attribute,
      isKey: entity.primaryKey.includes(attribute.id),
      refersTo: references.get(attribute.id) ?? null,
      expanded: opens.length > 0 ? isExpanded : null,
    }
    if (!isExpanded) return [row]
    const inside = opens.flatMap(({ foreignKey, parent }): SchemaRow[] => {
      const further = [...path, foreignKey.id]
      const parentRow: SchemaRow = {
        kind: 'parent',
        key: `${[top.id, ...further].join('/')}/*`,
        level: path.length + 3,
        entity: top,
        path: further,
        parent,
      }
      return [parentRow, ...attributeRows(top, further, parent, entities, expanded)]
    })
    return [row, ...inside]
  })
}

/** References by the attribute that opens them: the first of each. */
function leadingReferences(entity: ServerEntity, entities: Entities) {
  const leading = new Map<string, { readonly foreignKey: ForeignKey; readonly parent: ServerEntity }[]>()
  for (const foreignKey of Object.values(entity.foreignKeys)) {
    const parent = entities[foreignKey.entity]
    const [first] = foreignKey.attributes
    if (!parent || !first) continue
    leading.set(first, [...(leading.get(first) ?? []), { foreignKey, parent }])
  }
  return leading
}

const matches = (table: IndexedTable, wanted: string): boolean =>
  table.searchText.includes(wanted) || table.columnText.includes(wanted)
