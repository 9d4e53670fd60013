/**
 * The ground that runs stand on: a server's database with tables, tracking and a history of its own, filled anew for
 * each run.
 *
 * Invariants
 * - The history is kept by plain row triggers of the simulation, apart from everything that is under test: who wrote
 *   which image of which row, in which transaction, in the order in which the row changed.
 * - After `reset` a database that has seen a thousand runs is as good as a new one, but for its transaction ids.
 */
import type { Database, Row, Server } from '../../contract/api'
import type { Bundle } from '../../contract/bundle'
import { quoteName, quoteText } from '../../contract/sql-text'
import { readServerCatalogue, type ServerCatalogue, type ServerTable } from './server-catalogue'
import { insertStatement, tableOf } from './server-writes'

export interface ServerGround {
  readonly database: Database
  readonly catalogue: ServerCatalogue
  /** Another connection, for a writer whose transactions stay open; null where the database has but one. */
  readonly connect: (() => Promise<Database>) | null
  readonly reset: () => Promise<void>
  /** What was committed since an earlier look; all of it without one. Transactions that were open then are in it. */
  readonly historySince: (look: string | null) => Promise<HistoryLook>
}

export interface HistoryLook {
  readonly entries: readonly HistoryEntry[]
  /** For the next call. */
  readonly look: string
}

export interface HistoryEntry {
  readonly seq: number
  readonly author: string
  readonly transaction: string
  readonly schema: string
  readonly table: string
  readonly old: { readonly [column: string]: unknown } | null
  readonly new: { readonly [column: string]: unknown } | null
}

export interface ServerGroundOptions {
  /** Empty: the tables are made here. */
  readonly database: Database
  readonly connect?: () => Promise<Database>
  readonly bundle: Bundle
  /** Makes the server's tables. */
  readonly serverSql: string
  readonly install: (database: Database) => Promise<Pick<Server, 'install'>>
  /** Rows of each table at the beginning of a run. */
  readonly rows?: number
}

const HISTORY_SQL = `
create schema simulation;
create table simulation.history (
  seq bigint generated always as identity primary key, author text not null, transaction text not null,
  schema text not null, name text not null, old jsonb, new jsonb
);
create function simulation.note() returns trigger language plpgsql as $$
begin
  insert into simulation.history (author, transaction, schema, name, old, new) values (
    coalesce(nullif(current_setting('simulation.author', true), ''), 'unknown'), pg_current_xact_id()::text,
    tg_table_schema, tg_table_name,
    case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
  return null;
end $$;`

export const SEED_AUTHOR = 'seed'

/** Who writes in the transaction that this is part of. */
export function authorSql(author: string): string {
  return `set local simulation.author = ${quoteText(author)}`
}

export async function prepareServerGround(options: ServerGroundOptions): Promise<ServerGround> {
  const { database, bundle, serverSql, install, rows = 5 } = options
  await database.execute(serverSql)
  await database.execute(HISTORY_SQL)
  const catalogue = await readServerCatalogue(database)
  const server = await install(database)
  await server.install()
  for (const table of catalogue.tables) {
    const isTracked = bundle.entities.some(
      (entity) => entity.server.schema === table.schema && entity.server.table === table.name,
    )
    if (!isTracked) continue
    await database.execute(
      `create trigger simulation_note after insert or update or delete on ${table.sql} for each row execute function simulation.note()`,
    )
  }
  const used = tablesOf(catalogue, bundle)
  await fill(database, catalogue, used, rows)
  const begin = await beginningScript(database, catalogue)
  return {
    database,
    catalogue,
    connect: options.connect ?? null,
    reset: () => database.transaction((tx) => tx.execute(begin)),
    historySince: async (look) => {
      const rows = await database.query(
        `select pg_current_snapshot()::text as look, seq, author, transaction, schema, name, old, new
         from (select) always left join simulation.history
           on $1::text is null or not pg_visible_in_snapshot(transaction::xid8, $1::text::pg_snapshot)
         order by seq`,
        [look],
      )
      return { entries: rows.filter(({ seq }) => seq !== null).map(toHistoryEntry), look: String(rows[0]?.look) }
    },
  }
}

function toHistoryEntry(row: Row): HistoryEntry {
  return {
    seq: Number(row.seq),
    author: String(row.author),
    transaction: String(row.transaction),
    schema: String(row.schema),
    table: String(row.name),
    old: row.old as HistoryEntry['old'],
    new: row.new as HistoryEntry['new'],
  }
}

/** Puts every table back to what is in it now, without anybody's triggers. */
async function beginningScript(database: Database, catalogue: ServerCatalogue): Promise<string> {
  const own = await database.query(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'syncline' and c.relkind = 'r' order by 1`,
  )
  const tables = [
    ...catalogue.tables.map((table) => ({
      name: table.sql,
      columns: table.columns.filter(({ isStored }) => !isStored).map(({ name }) => quoteName(name)),
    })),
    ...own.map(({ name }) => ({ name: `syncline.${quoteName(String(name))}`, columns: [] })),
    { name: 'simulation.history', columns: [] },
  ]
  const contents: string[] = []
  for (const { name, columns } of tables) {
    const [content] = await database.query(`select jsonb_agg(t)::text as rows from ${name} t`)
    contents.push(`delete from ${name};`)
    if (content?.rows === null) continue
    const list = columns.join(', ')
    contents.push(
      `insert into ${name}${list && ` (${list})`} overriding system value select ${list || '*'} from jsonb_populate_recordset(null::${name}, ${quoteText(String(content?.rows))});`,
    )
  }
  const sequences = await database.query(
    `select format('%I.%I', schemaname, sequencename) as name, coalesce(last_value, start_value)::text as value,
       (last_value is not null)::text as called from pg_sequences`,
  )
  return [
    'set local session_replication_role = replica;',
    ...contents,
    ...sequences.map(
      ({ name, value, called }) => `select setval(${quoteText(String(name))}, ${String(value)}, ${String(called)});`,
    ),
  ].join('\n')
}

/** Those of the bundle and those that they refer to, parents first. */
function tablesOf(catalogue: ServerCatalogue, bundle: Bundle): readonly ServerTable[] {
  const used = new Set<ServerTable>()
  const visit = (table: ServerTable | undefined) => {
    if (!table || used.has(table)) return
    used.add(table)
    for (const reference of table.references) visit(catalogue.tables.find(({ sql }) => sql === reference.table))
  }
  for (const entity of bundle.entities) visit(tableOf(catalogue, entity))
  return catalogue.tables.filter((table) => used.has(table))
}

async function fill(
  database: Database,
  catalogue: ServerCatalogue,
  tables: readonly ServerTable[],
  rows: number,
): Promise<void> {
  let n = 1
  for (const table of tables) {
    for (let index = 0; index < rows; index += 1, n += 1) {
      const statement = insertStatement(catalogue, table, n, index)
      if (!statement) continue
      await database
        .transaction(async (tx) => {
          await tx.execute(authorSql(SEED_AUTHOR))
          await tx.query(statement.text, statement.params)
        })
        // A row that the table's own checks refuse is left out: an empty table is fine too.
        .catch(() => undefined)
    }
  }
}
