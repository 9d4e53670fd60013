/**
 * The SQL of a device's database: the local tables, and the machinery that captures what is written to them.
 *
 *   insert, update, delete ─► trigger ─► _syncline.edit     what was done, in the same transaction
 *                                    └─► _syncline.shadow   what the server last said of the row
 *
 * Invariants
 * - Every committed write is captured, whoever makes it (C1); a transaction's edits share its `xid` (C2).
 * - An edit carries the cursor that its entity had when it was made (C4).
 * - A row has a shadow exactly while it has edits in the outbox.
 * - `session_replication_role = replica` is how a sync writes without being captured, and without
 *   foreign keys acting on the children of what it writes (L11).
 */
import type { AttributeContract, Bundle, EntityContract, ReferentialAction, TypeContract } from './bundle'
import { quoteName, quoteText, textArray } from './sql-text'

/** Raised when the tables in `_syncline` change. */
export const DEVICE_STORAGE_VERSION = 1

/** The script that makes a device's database; to be run once, on an empty one. */
export function deviceSchemaSql(bundle: Bundle): string {
  return [
    machinery(),
    ...bundle.types.map(createType),
    ...bundle.entities.map((entity) => createTable(entity, bundle)),
    ...bundle.entities.flatMap((entity) => createReferences(entity, bundle)),
    ...bundle.entities.map(capture),
  ]
    .join('\n\n')
    .concat('\n')
}

/** The staging table of an entity: a pull's rows wait in it until the last page is there. */
export function stageTable(entity: EntityContract): string {
  return `_syncline.${quoteName(`stage_${entity.id}`)}`
}

function machinery(): string {
  return `create schema _syncline;

create table _syncline.meta (name text primary key, value text not null);

-- The outbox. Edits of one xid are one group; group_id is given when the group is first sent.
create table _syncline.edit (
  seq bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  group_id uuid,
  entity text not null,
  op text not null check (op in ('create', 'update', 'delete')),
  key text[] not null,
  set jsonb not null default '{}',
  was jsonb not null default '{}',
  base text
);
create index on _syncline.edit (entity, key);
create index on _syncline.edit (group_id);

-- What the server last said of each row that has edits; null where it has no such row.
create table _syncline.shadow (entity text, key text[], image jsonb, primary key (entity, key));

create table _syncline.cursor (entity text primary key, cursor text not null);

-- The pull under way: where to go on from, and which entities came whole.
create table _syncline.pull (signature text not null, next text not null);
create table _syncline.pull_full (entity text primary key);

create table _syncline.quarantine (
  group_id uuid primary key, reason text not null, message text not null, refused_at_ms bigint not null, edits jsonb not null
);

-- Time and new keys come from the app's ports, through settings, so that a run can be repeated.
create function _syncline.now() returns timestamptz language sql stable as $$
  select coalesce(nullif(current_setting('syncline.now', true), '')::timestamptz, now())
$$;

create sequence _syncline.new_key cycle;

create function _syncline.new_uuid() returns uuid language sql volatile as $$
  select overlay(overlay(
    md5(coalesce(current_setting('syncline.seed', true), gen_random_uuid()::text) || nextval('_syncline.new_key'))
    placing '4' from 13) placing '8' from 17)::uuid
$$;

-- A key that stands in until the server makes the real one: negative, below 2^15 where the type is small.
create function _syncline.temporary_key(bound bigint) returns bigint language sql volatile as $$
  select -1 - (nextval('_syncline.new_key') % bound)
$$;`
}

function createType(type: TypeContract): string {
  switch (type.kind) {
    case 'enum':
      return `create type ${quoteName(type.name)} as enum (${type.values.map(quoteText).join(', ')});`
    case 'domain':
      return `create domain ${quoteName(type.name)} as ${type.baseType};`
  }
}

function createTable(entity: EntityContract, bundle: Bundle): string {
  const columns = entity.attributes.map((attribute) => column(entity, attribute, bundle))
  const table = `create table ${quoteName(entity.table)} (
  ${columns.join(',\n  ')},
  primary key (${keyColumns(entity).join(', ')})
);`
  const stage = `create table ${stageTable(entity)} (
  key text[] primary key,
  deleted boolean not null,
  ${entity.attributes.map((_, index) => `c${index} text`).join(', ')}
);`
  return `${table}\n${stage}`
}

function column(entity: EntityContract, attribute: AttributeContract, bundle: Bundle): string {
  const value = columnDefault(entity, attribute)
  return [
    quoteName(attribute.name),
    columnType(attribute, bundle),
    ...(value === null ? [] : [`default ${value}`]),
    ...(attribute.nullable ? [] : ['not null']),
  ].join(' ')
}

/** The type of a local column as SQL: the bundle's own types are names, PostgreSQL's are text as it prints them. */
export function columnType(attribute: AttributeContract, bundle: Pick<Bundle, 'types'>): string {
  const element = attribute.type.replace(/(\[\])+$/, '')
  const own = bundle.types.some((type) => type.name === element)
  return own ? `${quoteName(element)}${attribute.type.slice(element.length)}` : attribute.type
}

function columnDefault(entity: EntityContract, attribute: AttributeContract): string | null {
  if (entity.key.includes(attribute.id)) {
    if (entity.keyStrategy === 'server')
      return `_syncline.temporary_key(${attribute.type === 'smallint' ? 32767 : 2147483647})`
    if (entity.keyStrategy === 'device-uuid' && attribute.type === 'uuid') return '_syncline.new_uuid()'
  }
  if (attribute.default === null) return null
  if (/^(now\(\)|current_timestamp|transaction_timestamp\(\))$/i.test(attribute.default)) return '_syncline.now()'
  if (/^current_date$/i.test(attribute.default)) return '_syncline.now()::date'
  if (/^(gen_random_uuid|uuid_generate_v4)\(\)$/i.test(attribute.default)) return '_syncline.new_uuid()'
  return attribute.default
}

function createReferences(entity: EntityContract, bundle: Bundle): string[] {
  return entity.references.flatMap((reference) => {
    const target = bundle.entities.find((other) => other.id === reference.entity)
    if (!target) return []
    const from = reference.attributes.map((id) => quoteName(attributeOf(entity, id).name)).join(', ')
    const to = reference.referencedAttributes.map((id) => quoteName(attributeOf(target, id).name)).join(', ')
    // PostgreSQL lets a foreign key refer only to what is unique; here that is the key alone.
    if (!sameMembers(reference.referencedAttributes, target.key)) return []
    return [
      `alter table ${quoteName(entity.table)} add foreign key (${from}) references ${quoteName(target.table)} (${to}) ` +
        `on delete ${SQL_ACTIONS[reference.onDelete]};`,
    ]
  })
}

const SQL_ACTIONS: Record<ReferentialAction, string> = {
  'no-action': 'no action',
  restrict: 'restrict',
  cascade: 'cascade',
  'set-null': 'set null',
  'set-default': 'set default',
}

function capture(entity: EntityContract): string {
  return entity.direction === 'down' ? refuseWrites(entity) : captureWrites(entity)
}

function refuseWrites(entity: EntityContract): string {
  const name = quoteName(`refuse_${entity.id}`)
  const message = `${entity.table} is read-only on this device: its sync pattern brings the server's rows and sends nothing back.`
  return `create function _syncline.${name}() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'read_only_sql_transaction', message = ${quoteText(message)};
end $$;
create trigger syncline_refuse before insert or update or delete or truncate on ${quoteName(entity.table)}
  for each statement execute function _syncline.${name}();`
}

function captureWrites(entity: EntityContract): string {
  const name = quoteName(`capture_${entity.id}`)
  const key = (row: string) =>
    `array[${entity.key.map((id) => `${row}.${quoteName(attributeOf(entity, id).name)}::text`).join(', ')}]`
  const image = (row: string, attributes: readonly AttributeContract[]) =>
    attributes.length === 0
      ? `'{}'::jsonb`
      : `jsonb_object(${textArray(attributes.map(({ id }) => id))}, array[${attributes.map(({ name }) => `${row}.${quoteName(name)}::text`).join(', ')}])`
  const writable = entity.attributes.filter((attribute) => !attribute.readOnly)
  // A null that no default of the device stands behind is left out, so that the server's default can act.
  const omitted = writable.filter((attribute) => columnDefault(entity, attribute) === null).map(({ id }) => id)

  return `create function _syncline.${name}() returns trigger language plpgsql as $$
declare
  at_cursor text := (select cursor from _syncline.cursor where entity = ${quoteText(entity.id)});
  old_key text[];
  new_key text[];
  old_set jsonb;
  new_set jsonb;
begin
  if tg_op = 'TRUNCATE' then
    insert into _syncline.shadow (entity, key, image)
      select ${quoteText(entity.id)}, ${key('r')}, ${image('r', entity.attributes)} from ${quoteName(entity.table)} r
      on conflict do nothing;
    insert into _syncline.edit (entity, op, key, base)
      select ${quoteText(entity.id)}, 'delete', ${key('r')}, at_cursor from ${quoteName(entity.table)} r;
    return null;
  end if;
  if tg_op = 'UPDATE' and ${image('new', writable)} = ${image('old', writable)} and ${key('new')} = ${key('old')} then
    return null;
  end if;
  if tg_op <> 'INSERT' then
    old_key := ${key('old')};
    old_set := ${image('old', writable)};
    insert into _syncline.shadow (entity, key, image)
      values (${quoteText(entity.id)}, old_key, ${image('old', entity.attributes)}) on conflict do nothing;
  end if;
  if tg_op <> 'DELETE' then
    new_key := ${key('new')};
    new_set := ${image('new', writable)};
    insert into _syncline.shadow (entity, key, image) values (${quoteText(entity.id)}, new_key, null) on conflict do nothing;
  end if;
  if tg_op = 'UPDATE' and old_key = new_key then
    insert into _syncline.edit (entity, op, key, set, was, base)
      select ${quoteText(entity.id)}, 'update', new_key, jsonb_object_agg(n.key, n.value), jsonb_object_agg(n.key, old_set -> n.key), at_cursor
      from jsonb_each(new_set) n where n.value is distinct from old_set -> n.key;
    return null;
  end if;
  if tg_op <> 'INSERT' then
    insert into _syncline.edit (entity, op, key, base) values (${quoteText(entity.id)}, 'delete', old_key, at_cursor);
  end if;
  if tg_op <> 'DELETE' then
    insert into _syncline.edit (entity, op, key, set, base)
      select ${quoteText(entity.id)}, 'create', new_key, coalesce(jsonb_object_agg(n.key, n.value) filter (
        where n.value <> 'null' or n.key <> all (${textArray(omitted)})), '{}'), at_cursor
      from jsonb_each(new_set) n;
  end if;
  return null;
end $$;
create trigger syncline_capture after insert or update or delete on ${quoteName(entity.table)}
  for each row execute function _syncline.${name}();
create trigger syncline_capture_truncate before truncate on ${quoteName(entity.table)}
  for each statement execute function _syncline.${name}();`
}

function attributeOf(entity: EntityContract, id: string): AttributeContract {
  const attribute = entity.attributes.find((candidate) => candidate.id === id)
  if (!attribute) throw new Error(`The bundle is broken: entity ${entity.name} has no attribute ${id}.`)
  return attribute
}

function keyColumns(entity: EntityContract): string[] {
  return entity.key.map((id) => quoteName(attributeOf(entity, id).name))
}

function sameMembers(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((member) => right.includes(member))
}
