/** Reads from the catalogue what the grids need to know of a database's tables. */
import type { Database, Row } from '@syncline/runtime/contract'
import type { ColumnShape, TableShape } from './messages'

const COLUMNS_SQL = `
  select n.nspname as schema, c.relname as table_name, a.attname as name,
         format_type(a.atttypid, a.atttypmod) as type,
         not a.attnotnull as nullable, a.atthasdef or a.attidentity <> '' as has_default,
         a.attgenerated = '' and a.attidentity <> 'a' as writable,
         (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = a.atttypid)::text as labels,
         array_position(k.conkey, a.attnum) as key_position
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
  where c.relkind in ('r', 'p') and not c.relispartition
    and n.nspname <> all (array['pg_catalog', 'information_schema', 'syncline', '_syncline']) and n.nspname not like 'pg\\_%'
  order by n.nspname, c.relname, a.attnum`

/** All tables that are the user's, in the order of their names. */
export async function readTableShapes(database: Pick<Database, 'query'>): Promise<TableShape[]> {
  const rows = await database.query(COLUMNS_SQL)
  const rowsByTable = new Map<string, Row[]>()
  for (const row of rows) {
    const id = JSON.stringify([row.schema, row.table_name])
    rowsByTable.set(id, [...(rowsByTable.get(id) ?? []), row])
  }
  return [...rowsByTable.values()].map(rowsToShape)
}

function rowsToShape(rows: readonly Row[]): TableShape {
  return {
    schema: String(rows[0]?.schema),
    name: String(rows[0]?.table_name),
    columns: rows.map(rowToColumn),
    key: rows
      .filter((row) => row.key_position !== null)
      .sort((a, b) => Number(a.key_position) - Number(b.key_position))
      .map((row) => String(row.name)),
  }
}

function rowToColumn(row: Row): ColumnShape {
  return {
    name: String(row.name),
    type: String(row.type),
    nullable: row.nullable === true,
    hasDefault: row.has_default === true,
    writable: row.writable === true,
    values: row.labels === null ? null : (JSON.parse(String(row.labels)) as string[]),
  }
}
