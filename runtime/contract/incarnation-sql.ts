/**
 * Each start of the database, and the first transaction that came after it: by them a cursor tells whether the history
 * that it saw is still this one. Part of the schema that `server-schema-sql.ts` makes.
 *
 *   a start ─► the first request finds no row for it ─► note_start() ─► (id, started, since)
 *
 * Invariants
 * - Before the transaction `since`, all is of earlier starts: a snapshot that was taken during one of them and shows a later
 *   transaction has seen what is lost, since the files were put back.
 * - `since` never lies before the first transaction after the start. It lies behind it only where other programs wrote
 *   for longer than the time between two checkpoints before anybody asked, or where the provider hides the control file.
 */

/** Enough for the cursors of a year with a start a day, few enough to be read with each request. */
const KEPT_STARTS = 400

export const INCARNATION_SQL = `
-- Each start of the database; n is their order, as clocks may go back.
create table if not exists syncline.incarnation (
  n bigint generated always as identity primary key,
  id text not null default left(replace(gen_random_uuid()::text, '-', ''), 12),
  started timestamptz not null unique default pg_postmaster_start_time(),
  since xid8 not null
);

create or replace function syncline.note_start() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $syncline$
declare
  first xid8 := pg_snapshot_xmax(pg_current_snapshot());
begin
  begin
    -- The checkpoint with which the last run, or the recovery, ended, as long as no later one was made.
    select least(first, (split_part(next_xid, ':', 1)::numeric * 4294967296 + split_part(next_xid, ':', 2)::numeric)::text::xid8)
    into first from pg_control_checkpoint();
  exception when others then null;
  end;
  insert into syncline.incarnation (since)
  values (greatest(first, (select since from syncline.incarnation order by n desc limit 1)))
  on conflict (started) do nothing;
  delete from syncline.incarnation where n <= (select max(n) - ${KEPT_STARTS} from syncline.incarnation);
end
$syncline$;
select syncline.note_start();`.trim()
