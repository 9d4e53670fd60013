/**
 * What the server keeps of files: contents that devices have uploaded, by user and name, until a push writes them into
 * their rows. Part of the schema that `server-schema-sql.ts` makes, where the bundle has files.
 *
 *   parts, in order ─► the last one is there, and their hash is the name ─► a file ─► file_content() in a push ─► the row
 *
 * Invariants
 * - A content is its user's: nobody writes into a row what he only knows the name of.
 * - A part begins where the parts before it end, so that they are the whole once their lengths are its length.
 */
import type { Bundle } from './bundle'

/** SQLSTATE of a push that names a content which is not there. */
export const NO_CONTENT = 'SLF01'

export function hasFiles({ entities }: Pick<Bundle, 'entities'>): boolean {
  return entities.some(({ attributes }) => attributes.some(({ file }) => file !== undefined))
}

export const FILE_SQL = `
-- Contents that devices have sent, until they are written and for a while after it.
create table if not exists syncline.file (
  user_name text not null,
  name text not null,
  content bytea not null,
  at timestamptz not null default now(),
  primary key (user_name, name)
);
create table if not exists syncline.file_part (
  user_name text not null,
  name text not null,
  start bigint not null,
  content bytea not null,
  at timestamptz not null default now(),
  primary key (user_name, name, start)
);
-- Contents are packed mostly; to try that again, or to unpack them for a part, costs more than the space.
alter table syncline.file alter column content set storage external;
alter table syncline.file_part alter column content set storage external;

create or replace function syncline.file_content(user_name text, name text) returns bytea
language plpgsql stable strict set search_path = pg_catalog, pg_temp as $syncline$
declare
  found bytea;
begin
  select f.content into found from syncline.file f where f.user_name = $1 and f.name = $2;
  if found is null then
    raise exception 'The content % was not uploaded.', $2 using errcode = '${NO_CONTENT}';
  end if;
  return found;
end
$syncline$;`.trim()
