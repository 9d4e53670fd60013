/** How large the values of a scratch database's rows are, on average: what estimates of a device's data stand on. */
import type { ServerEntity, ServerSchema } from '@/designer/model/project'
import type { Query } from './read-catalogue'
import { attributesInOrder, isTable, qualifiedName } from './schema-to-ddl'
import { quoteIdentifier } from './sql-text'

/** The schema with the mean size of each attribute of the tables with rows, 0 where none has a value; the others keep theirs. */
export async function withMeasuredSizes(
  schema: ServerSchema,
  query: Query,
  hasRows: (serverEntity: string) => boolean,
): Promise<ServerSchema> {
  const serverEntities: ServerSchema['serverEntities'] = {}
  for (const entity of Object.values(schema.serverEntities)) {
    serverEntities[entity.id] = isTable(entity) && hasRows(entity.id) ? await measured(entity, query) : entity
  }
  return { ...schema, serverEntities }
}

async function measured(entity: ServerEntity, query: Query): Promise<ServerEntity> {
  const attributes = attributesInOrder(entity)
  if (attributes.length === 0) return entity
  const columns = attributes.map(
    ({ name }, index) => `coalesce(avg(pg_catalog.pg_column_size(${quoteIdentifier(name)})), 0)::float8 AS "${index}"`,
  )
  const [row] = await query(`SELECT ${columns.join(', ')} FROM ${qualifiedName(entity)}`)
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
