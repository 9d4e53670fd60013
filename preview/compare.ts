/**
 * Whether a device holds what the server holds for it, asked of the databases themselves. Nothing is synced for it, which
 * `device.verify()` would do: a device that is behind is to be seen as one that is behind.
 */
import type { Row, Session } from '@syncline/runtime/contract'
import type { EntityShape, Statement } from './device/messages'
import { quoteName, tableName } from './sql'

export interface EntityComparison {
  readonly entity: string
  readonly equal: boolean
  readonly deviceRows: number
  readonly serverRows: number
}

interface Queryable {
  readonly query: (text: string, params?: Statement['params']) => Promise<Row[]>
}

/** Compares the attributes that the device has, derived ones too, in PostgreSQL's text form, of the rows that belong on it. */
export async function compareEntity(
  entity: EntityShape,
  device: Queryable,
  server: Queryable,
  session: Session,
  /** On demand: the chosen keys. */
  chosen: readonly Row[] = [],
): Promise<EntityComparison> {
  const columns = entity.columns.filter(({ hidden }) => !hidden)
  const [here, there] = await Promise.all([
    device.query(
      digestSql(
        entity.table,
        columns.map(({ name }) => `b.${quoteName(name)}`),
      ),
    ),
    server.query(
      `${digestSql(
        entity.serverTable,
        columns.map(({ serverValue }) => serverValue),
      )}
cross join (select $1::jsonb as claims, $2::text as user_name, now() as at, $3::jsonb as chosen) session
where coalesce((${entity.scope ?? 'true'}), false) and ${isChosen(entity)}`,
      [JSON.stringify(session.claims ?? {}), session.user, JSON.stringify(chosen.map(keyTexts))],
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

function isChosen({ chosenBy }: EntityShape): string {
  if (chosenBy === null) return 'true'
  const key = chosenBy.map((column) => `b.${quoteName(column)}::text`).join(', ')
  return `session.chosen @> jsonb_build_array(jsonb_build_array(${key}))`
}

const keyTexts = (key: Row): string[] => Object.values(key).map(String)

/** The sum of the rows' hashes doesn't depend on their order, so that nothing needs to be sorted. */
function digestSql(table: EntityShape['table'], expressions: readonly string[]): string {
  const values = expressions.map((expression) => `${expression}::text`).join(', ')
  return `select count(*)::text as count, coalesce(sum(hashtextextended(row(${values})::text, 0)::numeric), 0)::text as digest
from ${tableName(table)} b`
}
