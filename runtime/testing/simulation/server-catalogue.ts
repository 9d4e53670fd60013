/** What tables a database has, read from its catalogue: enough to fill them and to write to them as other programs do. */
import type { Database } from '../../contract/api'
import type { TypeContract } from '../../contract/bundle'
import { quoteName } from '../../contract/sql-text'

export interface ServerTable {
  readonly schema: string
  readonly name: string
  /** Quoted, with its schema. */
  readonly sql: string
  readonly columns: readonly ServerColumn[]
  readonly key: readonly string[]
  readonly uniques: readonly (readonly string[])[]
  readonly references: readonly ServerReference[]
}

export interface ServerColumn {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly hasDefault: boolean
  /** True where the default is the same each time, or the next number of a sequence that a run begins anew. */
  readonly hasRepeatableDefault: boolean
  /** True where only the database makes its value. */
  readonly generated: boolean
  /** True where it is worked out from other columns. */
  readonly isStored: boolean
}

export interface ServerReference {
  readonly columns: readonly string[]
  /** Quoted, with its schema. */
  readonly table: string
  readonly referenced: readonly string[]
}

export interface ServerCatalogue {
  /** Parents before children where the references allow it. */
  readonly tables: readonly ServerTable[]
  /** Enums and domains, by the name that `format_type` prints. */
  readonly types: readonly TypeContract[]
}

const TABLES_SQL = String.raw`
select n.nspname as schema, c.relname as name,
  (select jsonb_agg(jsonb_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
      'hasDefault', a.atthasdef or a.attidentity <> '',
      'hasRepeatableDefault', a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) !~ '\(' or pg_get_expr(d.adbin, d.adrelid) ~ '^nextval', false), 'generated', a.attgenerated <> '' or a.attidentity = 'a', 'isStored', a.attgenerated <> '') order by a.attnum)
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select jsonb_agg(jsonb_build_object('kind', k.contype, 'columns',
      (select jsonb_agg(a.attname order by u.ord) from unnest(k.conkey) with ordinality u(num, ord)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num),
      'schema', fn.nspname, 'table', f.relname, 'referenced',
      (select jsonb_agg(a.attname order by u.ord) from unnest(k.confkey) with ordinality u(num, ord)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num)) order by k.conname)
    from pg_constraint k left join pg_class f on f.oid = k.confrelid left join pg_namespace fn on fn.oid = f.relnamespace
    where k.conrelid = c.oid and k.contype in ('p', 'u', 'f')) as constraints
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition
  and n.nspname not in ('pg_catalog', 'information_schema', 'syncline', 'simulation') and n.nspname not like 'pg_toast%'
order by n.nspname, c.relname`

const TYPES_SQL = `
select format_type(t.oid, null) as name, case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end as base,
  (select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels
from pg_type t join pg_namespace n on n.oid = t.typnamespace
where t.typtype in ('d', 'e') and n.nspname not in ('pg_catalog', 'information_schema')
order by 1`

interface ConstraintRow {
  readonly kind: 'p' | 'u' | 'f'
  readonly columns: readonly string[]
  readonly schema: string | null
  readonly table: string | null
  readonly referenced: readonly string[] | null
}

export async function readServerCatalogue(database: Pick<Database, 'query'>): Promise<ServerCatalogue> {
  const rows = await database.query(TABLES_SQL)
  const tables = rows.map((row): ServerTable => {
    const constraints = (row.constraints ?? []) as unknown as readonly ConstraintRow[]
    const of = (kind: ConstraintRow['kind']) => constraints.filter((one) => one.kind === kind)
    return {
      schema: String(row.schema),
      name: String(row.name),
      sql: `${quoteName(String(row.schema))}.${quoteName(String(row.name))}`,
      columns: (row.columns ?? []) as unknown as readonly ServerColumn[],
      key: of('p')[0]?.columns ?? [],
      uniques: of('u').map(({ columns }) => columns),
      references: of('f').map(({ columns, schema, table, referenced }) => ({
        columns,
        table: `${quoteName(schema ?? '')}.${quoteName(table ?? '')}`,
        referenced: referenced ?? [],
      })),
    }
  })
  const types = (await database.query(TYPES_SQL)).map(
    (row): TypeContract =>
      row.base === null
        ? { kind: 'enum', name: String(row.name), values: row.labels as readonly string[] }
        : { kind: 'domain', name: String(row.name), baseType: String(row.base) },
  )
  return { tables: parentsFirst(tables), types }
}

function parentsFirst(tables: readonly ServerTable[]): readonly ServerTable[] {
  const ordered: ServerTable[] = []
  const visit = (table: ServerTable, path: readonly ServerTable[]) => {
    if (ordered.includes(table) || path.includes(table)) return
    for (const reference of table.references) {
      const parent = tables.find(({ sql }) => sql === reference.table)
      if (parent) visit(parent, [...path, table])
    }
    ordered.push(table)
  }
  for (const table of tables) visit(table, [])
  return ordered
}
