/**
 * What the server keeps about pushes: the groups that were answered, the keys that it made, and conflicts. Part of the
 * schema that `server-schema-sql.ts` makes.
 */

export const PUSH_SQL = `
-- The groups of edits that were answered, each with its answer: a retry gets the same one.
create table if not exists syncline.push_group (
  id uuid primary key,
  device uuid not null,
  outcome text,
  at timestamptz not null default now(),
  user_name text
);
do $syncline$
begin
  if not exists (select from pg_attribute where attrelid = 'syncline.push_group'::regclass and attname = 'user_name') then
    alter table syncline.push_group add column user_name text;
  end if;
end
$syncline$;

-- The keys that the server made for rows that a device had created under temporary ones.
create table if not exists syncline.key_map (
  device uuid not null,
  entity text not null,
  temporary text not null,
  key text not null,
  at timestamptz not null default now(),
  primary key (device, entity, temporary)
);
do $syncline$
begin
  if not exists (select from pg_attribute where attrelid = 'syncline.key_map'::regclass and attname = 'at') then
    alter table syncline.key_map add column at timestamptz not null default now();
  end if;
end
$syncline$;

-- What met a write that its author had not seen, and what became of it. Images are JSON objects by attribute id.
create table if not exists syncline.conflict (
  id uuid primary key,
  at timestamptz not null default now(),
  device uuid not null,
  user_name text not null,
  entity text not null,
  key text not null,
  kind text not null,
  base text,
  local text,
  server text,
  local_at timestamptz not null,
  server_user text,
  server_at timestamptz,
  decision text not null,
  result text,
  handler text,
  handler_version text,
  resolved_at timestamptz,
  resolved_by text
);`.trim()
