/**
 * The SQL that a bundle means on the server: change tracking, the record of pushes and the map of keys, all in a
 * schema `syncline` of its own. Pure: the same bundle gives the same text.
 *
 *   write to a table ─► statement trigger ─► syncline.track_<server entity id>: key, xid, origin, other_xid, deleted
 *
 * Invariants
 * - Running it twice changes nothing; running it after a key's columns changed starts that table's tracking anew and
 *   changes `meta.install`, so that every device makes one full pull.
 * - Nothing outside schema `syncline` is made but the triggers on the tracked tables; dropping the schema drops them too.
 * - What runs in other writers' statements is SECURITY DEFINER with a search_path that nobody else can write to.
 * - A partition fires its own triggers only when it is written to directly, so parent and partitions all have them.
 *   Partitions that are added later are tracked from the next install on.
 */
import type { Bundle, EntityContract } from './bundle'
import { quoteName, quoteText } from './sql-text'

/** One server table whose changes are tracked, whichever entities are made from it. */
export interface TrackedTable {
  /** `"schema"."table"`, quoted. */
  readonly base: string
  /** `syncline."track_…"`, quoted. */
  readonly track: string
  /** The key's columns on the server, unquoted; the n-th is column `k<n>` (from 1) of the tracking table. */
  readonly keyColumns: readonly string[]
}

/** The tracked tables of a bundle by server entity id, in the order of the ids. */
export function trackedTables(bundle: Bundle): ReadonlyMap<string, TrackedTable> {
  const entities = [...bundle.entities]
    .filter((entity) => entity.key.length > 0)
    .sort((a, b) => compare(a.server.id, b.server.id) || compare(a.id, b.id))
  const tables = new Map<string, TrackedTable>()
  for (const entity of entities) {
    if (tables.has(entity.server.id)) continue
    tables.set(entity.server.id, {
      base: `${quoteName(entity.server.schema)}.${quoteName(entity.server.table)}`,
      track: `syncline.${quoteName(`track_${entity.server.id}`)}`,
      keyColumns: entity.key.map((id) => keyColumn(entity, id)),
    })
  }
  return tables
}

/** Makes schema `syncline` and the triggers of all tables. To be run as one transaction by the tables' owner. */
export function serverInstallSql(bundle: Bundle): string {
  return [
    '-- Syncline: change tracking. Run as one transaction (psql -1), as the owner of the tables.',
    SHARED,
    ...[...trackedTables(bundle).values()].map(trackSql),
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

const SHARED = `
do $syncline$
begin
  if current_setting('server_version_num')::int < 140000 then
    raise exception 'Syncline needs PostgreSQL 14 or newer; this is %.', current_setting('server_version');
  end if;
  -- Two servers that start at once install one after the other.
  perform pg_advisory_xact_lock(8031924571263);
end
$syncline$;

create schema if not exists syncline;

-- Which installation this is: a cursor from another one means nothing here.
create table if not exists syncline.meta (
  single boolean primary key default true check (single),
  install uuid not null default gen_random_uuid()
);
insert into syncline.meta default values on conflict do nothing;

-- The groups of edits that were answered, each with its answer: a retry gets the same one.
create table if not exists syncline.push_group (
  id uuid primary key,
  device uuid not null,
  outcome text,
  at timestamptz not null default now()
);

-- The keys that the server made for rows that a device had created under temporary ones.
create table if not exists syncline.key_map (
  device uuid not null,
  entity text not null,
  temporary text not null,
  key text not null,
  primary key (device, entity, temporary)
);`.trim()

function trackSql({ base, track, keyColumns }: TrackedTable): string {
  const keys = keyColumns.map(quoteName)
  const slots = keys.map((_, index) => `k${index + 1}`)
  const slotList = slots.join(', ')
  const keysOf = (alias: string) => keys.map((key, index) => `${alias}.${key} as k${index + 1}`).join(', ')
  const upsert = (keysSql: string, deleted: boolean) => `
    insert into ${track} as track (${slotList}, xid, origin, deleted)
    select ${slotList}, change, device, ${deleted} from (${keysSql}) as keys
    on conflict (${slotList}) do update set
      xid = excluded.xid, origin = excluded.origin, deleted = excluded.deleted,
      other_xid = case when track.origin is not distinct from excluded.origin then track.other_xid else track.xid end;`

  const body = `
#variable_conflict use_column
declare
  change constant xid8 := pg_current_xact_id();
  device constant uuid := nullif(current_setting('syncline.device', true), '')::uuid;
begin
  if tg_op = 'INSERT' then${upsert(`select distinct ${keysOf('n')} from syncline_new n`, false)}
  elsif tg_op = 'UPDATE' then
    -- A row whose key changed is one row gone and another one come.${upsert(
      `select ${keysOf('o')} from syncline_old o except select ${keysOf('n')} from syncline_new n`,
      true,
    )}${upsert(`select distinct ${keysOf('n')} from syncline_new n`, false)}
  elsif tg_op = 'DELETE' then${upsert(`select distinct ${keysOf('o')} from syncline_old o`, true)}
  else
    -- TRUNCATE, before it runs: of a partition, only the partition's rows go.
    execute format(
      ${quoteText(truncateSql(track, slotList, keysOf('b')))},
      tg_relid::regclass
    ) using change, device;
  end if;
  return null;
end
`
  const functionSql = `create or replace function ${track}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as ${dollarQuote(body)};`

  return `-- ${base.replaceAll(/[\r\n]/g, ' ')}
${tableSql(base, track, keyColumns, keysOf('b'), slotList)}

${functionSql}

${triggersSql(base, track)}`
}

function truncateSql(track: string, slotList: string, keysOfRows: string): string {
  const forFormat = (text: string) => text.replaceAll('%', '%%')
  return [
    `insert into ${forFormat(track)} as track (${slotList}, xid, origin, deleted)`,
    `select ${slotList}, $1, $2, true from (select ${forFormat(keysOfRows)} from %s b) as keys`,
    `on conflict (${slotList}) do update set xid = excluded.xid, origin = excluded.origin, deleted = true,`,
    'other_xid = case when track.origin is not distinct from excluded.origin then track.other_xid else track.xid end',
  ].join(' ')
}

/** The tracking table takes its key's types from the table itself; a comment on it says which columns these were. */
function tableSql(
  base: string,
  track: string,
  keyColumns: readonly string[],
  keysOfRows: string,
  slotList: string,
): string {
  const columns = keyColumns.map((column) => quoteText(column)).join(', ')
  return `do ${dollarQuote(`
declare
  base constant regclass := to_regclass(${quoteText(base)});
  key_is text;
begin
  if base is null then
    raise exception 'Syncline can''t track %: there is no such table. Create it, or compile the bundle from the schema as it is.', ${quoteText(base)};
  end if;
  select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by key.place) into key_is
  from unnest(array[${columns}]::name[]) with ordinality as key (column_name, place)
  join pg_attribute a on a.attrelid = base and a.attname = key.column_name and not a.attisdropped;
  if to_regclass(${quoteText(track)}) is not null then
    -- Without its trigger, changes were missed: the table was made anew, or somebody took the trigger away.
    if obj_description(to_regclass(${quoteText(track)}), 'pg_class') is not distinct from key_is
      and exists (select from pg_trigger where tgrelid = base and tgname = 'syncline_update' and tgenabled <> 'D') then
      return;
    end if;
    drop table ${track};
    update syncline.meta set install = gen_random_uuid();
  end if;
  create table ${track} as select ${keysOfRows} from ${base} b with no data;
  alter table ${track}
    add column xid xid8 not null, add column origin uuid, add column other_xid xid8, add column deleted boolean not null,
    add primary key (${slotList});
  create index on ${track} (xid);
  execute format('comment on table %s is %L', ${quoteText(track)}, key_is);
end
`)};`
}

function triggersSql(base: string, track: string): string {
  const triggers = [
    ['insert', 'after', 'referencing new table as syncline_new '],
    ['update', 'after', 'referencing old table as syncline_old new table as syncline_new '],
    ['delete', 'after', 'referencing old table as syncline_old '],
    ['truncate', 'before', ''],
  ] as const
  // Making a trigger waits for the table's writers, so it is made only where it is missing.
  const ensure = triggers.map(
    ([event, timing, transition]) => `
    if not exists (
      select from pg_trigger where tgrelid = member and tgname = 'syncline_${event}' and tgfoid = ${quoteText(`${track}()`)}::regprocedure and tgenabled <> 'D'
    ) then
      execute format('drop trigger if exists syncline_${event} on %s', member);
      execute format(
        'create trigger syncline_${event} ${timing} ${event} on %s ${transition}for each statement execute function %s()',
        member, ${quoteText(track)}
      );
    end if;`,
  )
  return `do ${dollarQuote(`
declare
  member regclass;
begin
  for member in
    select relid from pg_partition_tree(${quoteText(base)}) where relid::regclass <> ${quoteText(base)}::regclass
    union all select ${quoteText(base)}::regclass
  loop${ensure.join('')}
  end loop;
end
`)};`
}

/** Quotes a body of code with a tag that does not occur in it. */
function dollarQuote(body: string): string {
  let tag = '$syncline$'
  for (let n = 1; body.includes(tag); n += 1) tag = `$syncline_${n}$`
  return `${tag}${body}${tag}`
}

function keyColumn(entity: EntityContract, id: string): string {
  const attribute = entity.attributes.find((candidate) => candidate.id === id)
  if (!attribute)
    throw new Error(
      `The bundle is broken: entity ${entity.id} has no attribute ${id}, which is in its key. Compile it again.`,
    )
  return attribute.column
}

/** Like `<` on code units, so that the order depends on no locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
