/** Whether a device and the server hold the same rows of an entity, asked of the databases themselves. */
import type { Row } from '@syncline/runtime/contract'
import type { EntityShape } from './device/messages'
import { quoteName, tableName } from './sql'

export interface EntityComparison {
  readonly entity: string
  readonly equal: boolean
  readonly deviceRows: number
  readonly serverRows: number
}

interface Queryable {
  readonly query: (text: string) => Promise<Row[]>
}

/** Compares the attributes that the device has, in PostgreSQL's text form. */
export async function compareEntity(
  entity: EntityShape,
  device: Queryable,
  server: Queryable,
): Promise<EntityComparison> {
  const [here, there] = await Promise.all([
    device.query(
      digestSql(
        entity.table,
        entity.columns.map(({ name }) => name),
      ),
    ),
    server.query(
      digestSql(
        entity.serverTable,
        entity.columns.map(({ serverName }) => serverName),
      ),
    ),
  ])
  const [deviceRows, serverRows] = [here[0]?.count, there[0]?.count]
  return {
    entity: entity.name,
    equal: deviceRows === serverRows && here[0]?.digest === there[0]?.digest,
    deviceRows: Number(deviceRows),
    serverRows: Number(serverRows),
  }
}

/** The sum of the rows' hashes doesn't depend on their order, so that nothing needs to be sorted. */
function digestSql(table: EntityShape['table'], columns: readonly string[]): string {
  const values = columns.map((column) => `${quoteName(column)}::text`).join(', ')
  return `select count(*)::text as count, coalesce(sum(hashtextextended(row(${values})::text, 0)::numeric), 0)::text as digest
from ${tableName(table)}`
}
