/**
 * The SQL that a bundle means on the server: change tracking, the record of pushes and conflicts and the map of keys,
 * all in a schema `syncline` of its own. Pure: the same bundle gives the same text.
 *
 *   rights ─► schema syncline ─► for each table: its log, the function that fills it, the triggers that call it
 *
 * Invariants
 * - Running it twice changes nothing; running it after a table's key or scope columns changed starts that table's
 *   tracking anew, so that every device makes one full pull of it.
 * - Nothing outside schema `syncline` is made but the triggers on the tracked tables; dropping the schema drops them too.
 * - Partitions that are added later are tracked from the next install on; until then every pull of the table is a full one.
 */
import type { Bundle } from './bundle'
import { derivedCheckSql } from './derived-check-sql'
import { FILE_SQL, hasFiles } from './file-schema-sql'
import { INCARNATION_SQL } from './incarnation-sql'
import { PUSH_SQL } from './push-schema-sql'
import { rightsSql } from './rights-sql'
import { trackedTables } from './tracked-tables'
import { trackSql } from './tracking-sql'

export { type TrackedTable, trackedTables } from './tracked-tables'

/** Makes schema `syncline` and the triggers of all tables. To be run as one transaction by the tables' owner. */
export function serverInstallSql(bundle: Bundle): string {
  const tables = [...trackedTables(bundle).values()]
  return [
    '-- Syncline: change tracking. Run as one transaction (psql -1), as the owner of the tables.',
    VERSION,
    rightsSql(tables),
    SHARED,
    ...(hasFiles(bundle) ? [FILE_SQL] : []),
    ...tables.map(trackSql),
    ...derivedCheckSql(bundle),
  ]
    .join('\n\n')
    .concat('\n')
}

/** Removes all that `serverInstallSql` made, the triggers on the tables included. */
export function serverUninstallSql(_bundle: Bundle): string {
  return [
    '-- Syncline: removes change tracking. The triggers go with the functions that they call.',
    'drop schema if exists syncline cascade;',
  ]
    .join('\n')
    .concat('\n')
}

const VERSION = `
do $syncline$
begin
  if current_setting('server_version_num')::int < 140000 then
    raise exception 'Syncline needs PostgreSQL 14 or newer; this is %.', current_setting('server_version');
  end if;
  -- Two servers that start at once install one after the other.
  perform pg_advisory_xact_lock(8031924571263);
end
$syncline$;`.trim()

const SHARED = `
create schema if not exists syncline;

-- Which installation this is: a cursor from another one means nothing here. Changes of transactions before the
-- horizon are forgotten. While listeners_until lies in the future, changes are notified.
create table if not exists syncline.meta (
  single boolean primary key default true check (single),
  install uuid not null default gen_random_uuid()
);
-- Altering a table waits for all who use it, be it a prepared transaction, so it is done only where it must be.
do $syncline$
begin
  if not exists (select from pg_attribute where attrelid = 'syncline.meta'::regclass and attname = 'secret') then
    alter table syncline.meta
      add column if not exists horizon xid8 not null default '0',
      add column if not exists listeners_until timestamptz,
      add column if not exists secret uuid not null default gen_random_uuid();
  end if;
end
$syncline$;
insert into syncline.meta default values on conflict do nothing;

-- Since which transaction each table is tracked.
create table if not exists syncline.tracked (
  id text primary key,
  since xid8 not null
);

-- When a purge ran, and what ran then: transactions before it are known by it to be older.
create table if not exists syncline.mark (
  at timestamptz not null default clock_timestamp(),
  snapshot pg_snapshot not null default pg_current_snapshot()
);
insert into syncline.mark select where not exists (select from syncline.mark);

${INCARNATION_SQL}

${PUSH_SQL}

-- Found by age when they are purged; of a device's groups the last ones stay.
create index if not exists push_group_at on syncline.push_group (device, at);
create index if not exists conflict_at on syncline.conflict (at);

-- Which server and which history of it this is; after a restore or a failover it is another. Where the database keeps
-- that from its users, as some providers do, only the installation tells servers apart: after a restore, run
-- "update syncline.meta set install = gen_random_uuid()" there, so that devices pull everything anew.
create or replace function syncline.server_name() returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $syncline$
declare
  system text := 'unknown';
  timeline text := 'unknown';
begin
  begin
    select system_identifier::text into system from pg_control_system();
  exception when others then null;
  end;
  begin
    timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  exception when others then null;
  end;
  return system || '.' || timeline;
end
$syncline$;`.trim()
