/**
 * The part of a schema that decides what PostgreSQL says of a piece of SQL: the columns of the tables that it names, and
 * their types. Without rows, keys and defaults, which decide nothing.
 *
 * Invariant: each table of the schema that a text names is in its shape; there may be more.
 */
import type { ServerEntity, ServerSchema, ServerType } from '@/designer/model'
import { sqlTokens } from '../2-lower/scopes/sql-tokens'

export interface Shapes {
  /** Ids of the root and of each table whose name stands in the texts, views and foreign tables as well; in order. */
  readonly tablesNamed: (root: ServerEntity, texts: readonly string[]) => readonly string[]
  /** What decides, as plain data that is equal where it is. */
  readonly describe: (tables: readonly string[], texts: readonly string[]) => readonly unknown[]
  readonly schemaOf: (tables: readonly string[]) => ServerSchema
}

export function createShapes(project: ServerSchema): Shapes {
  const byName = new Map<string, ServerEntity[]>()
  for (const entity of Object.values(project.serverEntities))
    byName.set(entity.name, [...(byName.get(entity.name) ?? []), entity])
  const types = Object.values(project.serverTypes)

  return {
    tablesNamed: (root, texts) => {
      const ids = new Set([root.id])
      for (const name of namesIn(texts)) for (const { id } of byName.get(name) ?? []) ids.add(id)
      return [...ids].sort()
    },
    describe: (tables, texts) => {
      const names = namesIn(texts)
      const used = new Set<string | null>()
      const columns = tables.flatMap((id) => {
        const table = project.serverEntities[id]
        if (table === undefined) return []
        const attributes = Object.values(table.attributes).sort((a, b) => a.order - b.order)
        for (const { typeId } of attributes) used.add(typeId)
        return [[table.schema, table.name, ...attributes.flatMap(({ name, type }) => [name, type])]]
      })
      const named = types.filter((type) => names.has(type.name) || used.has(type.id)).map(typeShape)
      return [columns, named]
    },
    schemaOf: (tables) => ({
      // All of them: there are few, and they are made of each other.
      serverTypes: Object.fromEntries(types.map((type) => [type.id, withoutRules(type)])),
      serverEntities: Object.fromEntries(
        [...new Set(tables)].sort().flatMap((id) => {
          const table = project.serverEntities[id]
          return table === undefined ? [] : [[id, tableShape(table)]]
        }),
      ),
    }),
  }
}

function namesIn(texts: readonly string[]): Set<string> {
  const names = new Set<string>()
  for (const text of texts) {
    const cut = sqlTokens(text)
    if (cut.kind === 'ok') for (const token of cut.tokens) if (token.kind === 'name') names.add(token.name)
  }
  return names
}

const typeShape = (type: ServerType): readonly unknown[] => [
  type.schema,
  type.name,
  ...(type.kind === 'enum' ? type.values : [type.baseType]),
]

/** What a domain refuses, it refuses when a row is there. */
const withoutRules = (type: ServerType): ServerType =>
  type.kind === 'enum' ? type : { ...type, nullable: true, default: null, checks: [] }

/** A view is asked about as a table: what it has are columns. */
function tableShape(table: ServerEntity): ServerEntity {
  const attributes = Object.entries(table.attributes).map(([id, attribute]) => [
    id,
    { ...attribute, nullable: true, default: null, identity: null, generated: null, comment: null, averageBytes: null },
  ])
  return {
    ...table,
    kind: 'table',
    attributes: Object.fromEntries(attributes),
    primaryKey: [],
    uniques: [],
    foreignKeys: {},
    rowEstimate: null,
    comment: null,
  }
}
