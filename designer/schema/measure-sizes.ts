/** How large the values of a database's rows are, on average: what estimates of a device's data stand on. */
import type { ServerEntity, ServerSchema } from '@/designer/model/project'
import type { Query } from './read-catalogue'
import { attributesInOrder, isTable, qualifiedName } from './schema-to-ddl'
import { quoteIdentifier } from './sql-text'
import { valueSizeSql } from './value-size'

/** Enough for a mean, and read at once. */
export const SAMPLE_ROWS = 1000

/**
 * The schema with the mean size of each attribute of the tables that `isMeasured` names, 0 where none has a value; the
 * others keep theirs. Of each table at most `mostRows` are read.
 */
export async function withMeasuredSizes(
  schema: ServerSchema,
  query: Query,
  isMeasured: (entity: ServerEntity) => boolean,
  mostRows: number | null = null,
): Promise<ServerSchema> {
  const serverEntities: ServerSchema['serverEntities'] = {}
  for (const entity of Object.values(schema.serverEntities)) {
    serverEntities[entity.id] =
      isTable(entity) && isMeasured(entity) ? await measured(schema, entity, query, mostRows) : entity
  }
  return { ...schema, serverEntities }
}

async function measured(
  schema: ServerSchema,
  entity: ServerEntity,
  query: Query,
  mostRows: number | null,
): Promise<ServerEntity> {
  const attributes = attributesInOrder(entity)
  if (attributes.length === 0) return entity
  const columns = attributes.map(
    (attribute, index) =>
      `coalesce(avg(${valueSizeSql(schema, attribute, quoteIdentifier(attribute.name), { documents: true })}), 0)::float8 AS "${index}"`,
  )
  const rows =
    mostRows === null ? qualifiedName(entity) : `(SELECT * FROM ${qualifiedName(entity)} LIMIT ${mostRows}) sample`
  const [row] = await query(`SELECT ${columns.join(', ')} FROM ${rows}`)
  return {
    ...entity,
    attributes: Object.fromEntries(
      attributes.map((attribute, index) => {
        const bytes = row?.[String(index)]
        // A tenth of a byte is more than anybody can tell, and keeps the project's file readable.
        const averageBytes = typeof bytes === 'number' ? Math.round(bytes * 10) / 10 : attribute.averageBytes
        return [attribute.id, { ...attribute, averageBytes }]
      }),
    ),
  }
}
