/**
 * The SQL that tracks one table: a log of changed keys, the function that writes it and the triggers that call it.
 *
 *   statement on a table ─► trigger ─► insert into syncline.track_<server entity id>: key, xid, origin (, old scope columns)
 *
 * Invariants
 * - A statement of another program costs one INSERT of its keys, appended and never looked up, so that bulk writes stay
 *   cheap. The same key may be in the log many times; the table itself says what its row is now.
 * - What runs in other writers' statements is SECURITY DEFINER with a search_path that nobody else can write to, and
 *   fails in no case in which their statement alone would not.
 * - No statement in a trigger joins its transition tables by a loop: its plan is kept from the first, maybe small,
 *   statement of a connection and must do for one of any size.
 * - A partition fires its own triggers only when it is written to directly, so parent and partitions all have them.
 */
import { quoteName, quoteText } from './sql-text'
import type { TrackedTable } from './tracked-tables'

export const TRIGGERS = ['syncline_insert', 'syncline_update', 'syncline_delete', 'syncline_truncate'] as const

/** To be run once the shared part of the schema is there. Changes nothing where the table is tracked as it should be. */
export function trackSql(table: TrackedTable): string {
  return [`-- ${table.base.replaceAll(/[\r\n]/g, ' ')}`, tableSql(table), functionSql(table), triggersSql(table)].join(
    '\n\n',
  )
}

interface Slots {
  /** `k1, k2` and `c1, c2`. */
  readonly keys: readonly string[]
  readonly scope: readonly string[]
  /** The same from an alias of the table, under those names. */
  readonly keysOf: (alias: string) => string
  readonly scopeOf: (alias: string) => string
}

function slots({ keyColumns, scopeColumns }: TrackedTable): Slots {
  const list = (alias: string, letter: string, columns: readonly string[]) =>
    columns.map((column, index) => `${alias}.${quoteName(column)} as ${letter}${index + 1}`).join(', ')
  return {
    keys: keyColumns.map((_, index) => `k${index + 1}`),
    scope: scopeColumns.map((_, index) => `c${index + 1}`),
    keysOf: (alias) => list(alias, 'k', keyColumns),
    scopeOf: (alias) => list(alias, 'c', scopeColumns),
  }
}

// ── What a statement writes ─────────────────────────────────────────────────────────────────────

function functionSql(table: TrackedTable): string {
  const author = table.asksVersions
    ? `\n  author constant text := nullif(current_setting('syncline.user', true), '');`
    : ''
  const body = `
#variable_conflict use_column
declare
  device constant uuid := nullif(current_setting('syncline.device', true), '')::uuid;${author}
  listening boolean;
begin
  ${table.keyColumns.length === 0 ? changesOnly(table) : keyed(table)}
  -- Only while somebody listens: a notification makes commits wait for each other.
  if listening then
    perform pg_notify('syncline', ${quoteText(table.id)});
  end if;
  return null;
end
`
  const settings = table.timedColumns.length > 0 ? ' set enable_nestloop = off' : ''
  return `create or replace function ${table.track}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp${settings} as ${dollarQuote(body)};`
}

/** Whether somebody listens. */
const LISTENING = 'exists (select from syncline.meta where listeners_until > now())'

/** Writes to the log and asks who listens by one statement: each one costs every statement of every writer. */
function logged(insert: string, before = ''): string {
  return `with ${before}logged as (
      ${insert}
    ) select ${LISTENING} into listening;`
}

function changesOnly({ track }: TrackedTable): string {
  const log = `insert into ${track} (xid, origin) select pg_current_xact_id(), device`
  return `if tg_op = 'TRUNCATE' then
    ${logged(log)}
  elsif tg_op = 'DELETE' then
    ${logged(`${log} where exists (select from syncline_old)`)}
  else
    ${logged(`${log} where exists (select from syncline_new)`)}
  end if;`
}

function keyed(table: TrackedTable): string {
  const { track } = table
  const { keys, scope, keysOf, scopeOf } = slots(table)
  const values = [...keys, ...(scope.length > 0 ? [...scope, 'was'] : [])].join(', ')
  const columns = `${values}, xid, origin${table.asksVersions ? ', user_name, at' : ''}`
  const version = (device: string, user: string) =>
    `pg_current_xact_id(), ${device}${table.asksVersions ? `, ${user}, clock_timestamp()` : ''}`
  const insert = (rows: string, before?: string) => `
    ${logged(
      `insert into ${track} (${columns})
      select ${values}, ${version('device', 'author')} from (${rows}) as changed`,
      before,
    )}`
  const came = (from: string) =>
    scope.length === 0
      ? `select ${keysOf('n')} from ${from} n`
      : `select ${keysOf('n')}, ${nulls(table, 'n')} from ${from} n`
  const was = (from: string) =>
    scope.length === 0
      ? `select ${keysOf('o')} from ${from} o`
      : `select ${keysOf('o')}, ${scopeOf('o')}, true as was from ${from} o`
  // A row whose key changed is one row gone and another one come; the sets are compared only where that may be.
  const less = (more: string, fewer: string) =>
    `select * from (${more} where (select moved from keys) except ${fewer} where (select moved from keys)) as moved`
  const [old, fresh] = [`select ${keysOf('o')} from syncline_old o`, `select ${keysOf('n')} from syncline_new n`]
  const updated =
    scope.length === 0
      ? `${fresh} union all ${less(old, fresh)}`
      : `${was('syncline_old')} union all select ${keys.join(', ')}, ${scope.map(() => 'null').join(', ')}, false from (${less(fresh, old)}) as came`
  const moved = `keys as materialized (
      select not (${keysUnchanged(table)}) as moved
    ), `
  return `if tg_op = 'INSERT' then${insert(came('syncline_new'))}${stampInserted(table)}
  elsif tg_op = 'UPDATE' then${insert(updated, moved)}${stampUpdated(table)}
  elsif tg_op = 'DELETE' then${insert(was('syncline_old'))}
  else
    -- TRUNCATE, before it runs: of a partition, only the partition's rows go.
    execute format(
      ${quoteText(truncateSql(track, columns, `${values}, ${version('$1', '$2')}`, was(MEMBER)))},
      tg_relid::regclass
    ) using device${table.asksVersions ? ', author' : ''};
    listening := ${LISTENING};
  end if;`
}

/**
 * Both transition tables have a statement's rows in one order, so where no key changed the keys are the same lists; where
 * they are not the same, the sets are compared. It costs a tenth of that, as long as the lists fit into a value (1 GB:
 * a key has less than 2700 bytes).
 */
function keysUnchanged({ keyColumns }: TrackedTable): string {
  const list = (alias: string) =>
    `(select array_agg(row(${keyColumns.map((column) => `${alias}.${quoteName(column)}`).join(', ')})) from ${alias === 'o' ? 'syncline_old' : 'syncline_new'} ${alias})`
  return `(select count(*) <= 300000 from syncline_new) and ${list('o')} is not distinct from ${list('n')}`
}

/** No image, but of the right types: what a union takes its types from. */
function nulls({ scopeColumns }: TrackedTable, alias: string): string {
  return [
    ...scopeColumns.map((column, index) => `case when false then ${alias}.${quoteName(column)} end as c${index + 1}`),
    'false as was',
  ].join(', ')
}

/** Stands for the truncated table until `format` puts it in; no name has a zero character. */
const MEMBER = '\0'

function truncateSql(track: string, columns: string, selected: string, rows: string): string {
  const [before = '', after = ''] = rows.split(MEMBER).map((text) => text.replaceAll('%', '%%'))
  return `insert into ${track.replaceAll('%', '%%')} (${columns}) select ${selected} from (${before}%s${after}) as gone`
}

/** When other programs wrote, for patterns in which the later write wins; pushes write the times of their edits themselves. */
function stampInserted(table: TrackedTable): string {
  return table.written === null ? '' : stamp(table, 'syncline_new n', NOW_AS_ROW)
}

function stampUpdated(table: TrackedTable): string {
  if (table.written === null) return ''
  if (table.timedColumns.length === 0) return stamp(table, 'syncline_new n', NOW_AS_ROW)
  const same = table.keyColumns.map((column) => `n.${quoteName(column)}`).join(', ')
  const old = table.keyColumns.map((column) => `o.${quoteName(column)}`).join(', ')
  const changed = table.timedColumns
    .map((column) => {
      const name = quoteName(column)
      return `case when n.${name}::text is distinct from o.${name}::text then jsonb_build_object(${quoteText(column)}, ${NOW}) else '{}' end`
    })
    .join(' || ')
  // Compared as records, which needs no operator from a schema of the table's types.
  return stamp(table, `syncline_new n join syncline_old o on row(${same})::record = row(${old})::record`, changed)
}

const NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint'
const NOW_AS_ROW = `jsonb_build_object('*', ${NOW})`

function stamp(table: TrackedTable, from: string, at: string): string {
  const { keys } = slots(table)
  const list = keys.join(', ')
  return `
    if device is null then
      insert into ${table.written} as written (${list}, at)
      select distinct on (${keys.map((_, index) => index + 1).join(', ')}) ${slots(table).keysOf('n')}, ${at} from ${from}
      on conflict (${list}) do update set at = written.at || excluded.at;
    end if;`
}

// ── Where it is kept ────────────────────────────────────────────────────────────────────────────

/**
 * The log takes its columns' types from the table itself; a comment on it says which columns these were. Where they
 * are others now, or changes may have been missed, it begins anew, and `syncline.tracked` says since when.
 */
function tableSql(table: TrackedTable): string {
  const { base, track, keyColumns, scopeColumns, written } = table
  const { keys, scope, keysOf, scopeOf } = slots(table)
  const columns = [...keyColumns, ...scopeColumns]
  const wanted = columns.length === 0 ? 'array[]::name[]' : `array[${columns.map(quoteText).join(', ')}]::name[]`
  const kind = `${table.asksVersions ? ', versions' : ''}${written === null ? '' : ', timed'}`
  const shape = `log 2, ${keyColumns.length} + ${scopeColumns.length}${kind}: `
  const selected = [keysOf('b'), scopeOf('b')].filter((part) => part !== '').join(', ')
  return `do ${dollarQuote(`
declare
  base constant regclass := to_regclass(${quoteText(base)});
  shape text;
  change text;
begin
  select ${quoteText(shape)} || coalesce(string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by wanted.place), '') into shape
  from unnest(${wanted}) with ordinality as wanted (column_name, place)
  join pg_attribute a on a.attrelid = base and a.attname = wanted.column_name and not a.attisdropped;
  if to_regclass(${quoteText(track)}) is not null then
    -- Without its triggers, changes were missed: the table was made anew, or somebody took a trigger away.
    if obj_description(to_regclass(${quoteText(track)}), 'pg_class') is not distinct from shape and (
      select count(*) = ${TRIGGERS.length} from pg_trigger
      where tgrelid = base and tgname in (${TRIGGERS.map(quoteText).join(', ')}) and tgenabled in ('O', 'A')
    ) then
      return;
    end if;
    drop table ${track};
    drop table if exists syncline.${quoteName(`written_${table.id}`)};
  end if;
  create table ${track} as select ${selected} from ${base} b with no data;
  alter table ${track} add column xid xid8 not null, add column origin uuid${scope.length > 0 ? ', add column was boolean not null' : ''}${table.asksVersions ? ', add column user_name text, add column at timestamptz not null' : ''};${baseTypesSql(track, scope)}
  create index on ${track} (xid);${table.asksVersions ? `\n  create index on ${track} (${keys.join(', ')});` : ''}${writtenSql(table)}
  execute format('comment on table %s is %L', ${quoteText(track)}, shape);
  insert into syncline.tracked (id, since) values (${quoteText(table.id)}, pg_current_xact_id())
  on conflict (id) do update set since = excluded.since;
end
`)};`
}

/** A domain may forbid nulls, and an entry without an image has nothing but nulls. */
function baseTypesSql(track: string, scope: readonly string[]): string {
  if (scope.length === 0) return ''
  return `
  loop
    select format('alter table %s alter column %I type %s', a.attrelid::regclass, a.attname, format_type(t.typbasetype, t.typtypmod)) into change
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = to_regclass(${quoteText(track)}) and a.attname in (${scope.map(quoteText).join(', ')}) and t.typtype = 'd' limit 1;
    exit when change is null;
    execute change;
  end loop;`
}

function writtenSql(table: TrackedTable): string {
  if (table.written === null) return ''
  const { keys, keysOf } = slots(table)
  return `
  create table ${table.written} as select ${keysOf('b')} from ${table.base} b with no data;
  alter table ${table.written} add column at jsonb not null, add primary key (${keys.join(', ')});`
}

function triggersSql({ base, track, keyColumns }: TrackedTable): string {
  const isKeyed = keyColumns.length > 0
  const before = isKeyed
    ? 'referencing old table as syncline_old new table as syncline_new '
    : 'referencing new table as syncline_new '
  const triggers = [
    ['insert', 'after', 'referencing new table as syncline_new '],
    ['update', 'after', before],
    ['delete', 'after', 'referencing old table as syncline_old '],
    ['truncate', 'before', ''],
  ] as const
  // Making a trigger waits for the table's writers, so it is made only where it is missing.
  const ensure = triggers.map(
    ([event, timing, transition]) => `
    if not exists (
      select from pg_trigger where tgrelid = member and tgname = 'syncline_${event}' and tgfoid = ${quoteText(`${track}()`)}::regprocedure
        and tgenabled in ('O', 'A') and (tgnewtable is not null, tgoldtable is not null) = (${transition.includes('new table')}, ${transition.includes('old table')})
    ) then
      execute format('drop trigger if exists syncline_${event} on %s', member);
      execute format(
        'create trigger syncline_${event} ${timing} ${event} on %s ${transition}for each statement execute function %s()',
        member, ${quoteText(track)}
      );
      -- Programs that load data with session_replication_role = replica are tracked, too; only an owner may say so.
      if (select pg_has_role(relowner, 'usage') from pg_class where oid = member) then
        execute format('alter table %s enable always trigger syncline_${event}', member);
      end if;
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
export function dollarQuote(body: string): string {
  let tag = '$syncline$'
  for (let n = 1; body.includes(tag); n += 1) tag = `$syncline_${n}$`
  return `${tag}${body}${tag}`
}
