/**
 * The SQL of a device's database on PGlite: the local tables, and the machinery that captures what is written to them.
 *
 *   insert, update, delete ─► trigger ─► _syncline.edit     what was done, in the same transaction
 *                                    └─► _syncline.shadow   what the server last said of the row
 *
 * Invariants
 * - Every committed write is captured, whoever makes it (C1); a transaction's edits share its id (C2).
 * - An edit carries the cursor that its entity had when it was made (C4), and when that was.
 * - Nothing but the key is unique here: what the server holds at one moment must be shown, and a row that was made here
 *   may have a value that another's row has until the server has said whose it is (F2).
 * - A row has a shadow exactly while it has edits in the outbox.
 * - `session_replication_role = replica` is how a sync writes without being captured, and without
 *   foreign keys acting on the children of what it writes (L11).
 */
import type { AttributeContract, Bundle, EntityContract, ReferentialAction, TypeContract } from './bundle'
import {
  emptyRefusal,
  requiredAttributes,
  unwritableAttributes,
  valuesByItself,
  writtenRefusal,
} from './guarded-attributes'
import { quoteName, quoteText, textArray } from './sql-text'
import { capturesBase, capturesWholeRow, isStored } from './storage'

/** Raised when what a device's storage keeps beside its rows changes, in any storage. */
export const DEVICE_STORAGE_VERSION = 2

/** Every encrypted value begins with it; where an attribute is sensitive the device keeps nothing else. */
export const ENCRYPTED_PREFIX = 'syncline1:'

/** The script that makes a device's database; to be run once, on an empty one. */
export function deviceSchemaSql(bundle: Bundle): string {
  return `${machinery()}\n\n${entitiesSql(bundle)}`
}

/**
 * The part of the script that depends on the bundle.
 *
 * @param isOptional true for attributes that may be null here although the server's may not
 */
export function entitiesSql(
  bundle: Bundle,
  isOptional: (entity: EntityContract, attribute: AttributeContract) => boolean = () => false,
): string {
  return [
    ...bundle.types.map((type) => createType(type, bundle.types)),
    ...bundle.entities.map((entity) => createTable(entity, bundle, isOptional)),
    ...bundle.entities.flatMap((entity) => createReferences(entity, bundle)),
    ...bundle.entities.flatMap(createIndexes),
    ...bundle.entities.map((entity) => capture(entity, bundle)),
  ]
    .join('\n\n')
    .concat('\n')
}

function machinery(): string {
  return `create schema _syncline;

create table _syncline.meta (name text primary key, value text not null);

-- Time comes from the app's clock inside of its transactions.
create function _syncline.now() returns timestamptz language sql stable as $$
  select coalesce(nullif(current_setting('syncline.now', true), '')::timestamptz, now())
$$;

create function _syncline.now_ms() returns bigint language sql stable as $$
  select floor(extract(epoch from _syncline.now()) * 1000)::bigint
$$;

-- The outbox. Edits of one transaction are one group; group_id is given when the group is first sent. Edits of a row whose
-- conflict waits for a person have parked_by instead.
create table _syncline.edit (
  seq bigint generated always as identity primary key,
  transaction text not null default pg_current_xact_id()::text,
  group_id uuid,
  entity text not null,
  op text not null check (op in ('create', 'update', 'delete')),
  key text[] not null,
  set jsonb not null default '{}',
  was jsonb not null default '{}',
  base text,
  at bigint not null default _syncline.now_ms(),
  resolves text,
  parked_by text
);
create index on _syncline.edit (entity, key);
create index on _syncline.edit (group_id) where group_id is not null;
create index on _syncline.edit (transaction);
create index edit_unsealed on _syncline.edit (seq) where group_id is null and parked_by is null;

-- What the server last said of each row that has edits; null where it has no such row.
create table _syncline.shadow (entity text, key text[], image jsonb, primary key (entity, key));

create table _syncline.cursor (entity text primary key, cursor text not null);

-- Pages of the pull under way, as they came: compressing them would cost more than it saves for so short a while.
create table _syncline.stage (
  seq bigint generated always as identity primary key, entity text not null, attributes text[] not null,
  is_full boolean not null, rows text not null, row_count int not null, deleted jsonb not null
);
alter table _syncline.stage alter column rows set storage external;

-- Keys that a full pull has brought, while it is applied.
create unlogged table _syncline.seen (key text[] not null);

-- Refused groups, parked conflicts, chosen keys.
create table _syncline.record (kind text, id text, seq bigint generated always as identity, body text not null, primary key (kind, id));

-- New keys come from the app's chance, so that a run can be repeated.
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

function createType(type: TypeContract, types: readonly TypeContract[]): string {
  switch (type.kind) {
    case 'enum':
      return `create type ${quoteName(type.name)} as enum (${type.values.map(quoteText).join(', ')});`
    case 'domain':
      return `create domain ${quoteName(type.name)} as ${typeSql(type.baseType, types)};`
  }
}

function createTable(
  entity: EntityContract,
  bundle: Bundle,
  isOptional: (entity: EntityContract, attribute: AttributeContract) => boolean,
): string {
  const columns = entity.attributes.map((attribute) =>
    column(entity, attribute, bundle, attribute.nullable || isOptional(entity, attribute)),
  )
  return `create table ${quoteName(entity.table)} (
  ${columns.join(',\n  ')},
  primary key (${keyColumns(entity).join(', ')})
);`
}

function column(entity: EntityContract, attribute: AttributeContract, bundle: Bundle, isNullable: boolean): string {
  const value = columnDefault(entity, attribute)
  const name = quoteName(attribute.name)
  return [
    name,
    columnType(attribute, bundle),
    ...(value === null ? [] : [`default ${value}`]),
    ...(isNullable ? [] : ['not null']),
    // Plain SQL would otherwise write clear text where only what is encrypted may lie.
    ...(attribute.sensitive ? [`check (starts_with(${name}, ${quoteText(ENCRYPTED_PREFIX)}))`] : []),
  ].join(' ')
}

/** The type of a local column as SQL: the bundle's own types are names, PostgreSQL's are text as it prints them. */
export function columnType(attribute: AttributeContract, bundle: Pick<Bundle, 'types'>): string {
  return attribute.sensitive ? 'text' : typeSql(attribute.type, bundle.types)
}

function typeSql(type: string, types: readonly TypeContract[]): string {
  const element = type.replace(/(\[\])+$/, '')
  return types.some(({ name }) => name === element) ? `${quoteName(element)}${type.slice(element.length)}` : type
}

function columnDefault(entity: EntityContract, attribute: AttributeContract): string | null {
  if (entity.key.includes(attribute.id)) {
    if (entity.keyStrategy === 'server')
      return `_syncline.temporary_key(${attribute.type === 'smallint' ? 32767 : 2147483647})`
    if (entity.keyStrategy === 'device-uuid' && attribute.type === 'uuid') return '_syncline.new_uuid()'
  }
  // Of a sensitive attribute it would be clear text.
  if (attribute.default === null || attribute.sensitive) return null
  if (/^(now\(\)|current_timestamp|transaction_timestamp\(\))$/i.test(attribute.default)) return '_syncline.now()'
  if (/^current_date$/i.test(attribute.default)) return '_syncline.now()::date'
  if (/^(gen_random_uuid|uuid_generate_v4)\(\)$/i.test(attribute.default)) return '_syncline.new_uuid()'
  return attribute.default
}

function createReferences(entity: EntityContract, bundle: Bundle): string[] {
  // Rows that are only sent are let go of as soon as the server has them: nothing can hold on to them, nor they to others.
  if (entity.pattern.kind === 'append-only') return []
  return entity.references.flatMap((reference) => {
    const target = bundle.entities.find((other) => other.id === reference.entity)
    if (!target || !keepsReferredRows(target)) return []
    const from = reference.attributes.map((id) => quoteName(attributeOf(entity, id).name)).join(', ')
    const to = reference.referencedAttributes.map((id) => quoteName(attributeOf(target, id).name)).join(', ')
    // PostgreSQL lets a foreign key refer only to what is unique; here that is the key alone.
    if (!sameMembers(reference.referencedAttributes, target.key)) return []
    return [
      `alter table ${quoteName(entity.table)} add foreign key (${from}) references ${quoteName(target.table)} (${to}) ` +
        `on delete ${SQL_ACTIONS[isChildOf(entity, target) ? 'cascade' : reference.onDelete]};`,
    ]
  })
}

/** The children of an aggregate go with it. */
function isChildOf(entity: EntityContract, { pattern }: EntityContract): boolean {
  return pattern.kind === 'one-to-many' && pattern.children.includes(entity.id)
}

function createIndexes(entity: EntityContract): string[] {
  return entity.indexes.map(
    ({ attributes }) =>
      `create index on ${quoteName(entity.table)} (${attributes.map((id) => quoteName(attributeOf(entity, id).name)).join(', ')});`,
  )
}

const SQL_ACTIONS: Record<ReferentialAction, string> = {
  'no-action': 'no action',
  restrict: 'restrict',
  cascade: 'cascade',
  'set-null': 'set null',
  'set-default': 'set default',
}

function capture(entity: EntityContract, bundle: Bundle): string {
  if (isReadOnly(entity))
    return refuseWrites(
      entity,
      'insert or update or delete or truncate',
      `${entity.table} is read-only on this device: its sync pattern brings the server's rows and sends nothing back.`,
    )
  const writes = [captureWrites(entity), ...requireValues(entity, bundle)].join('\n')
  if (entity.pattern.kind !== 'append-only') return writes
  return `${writes}
${refuseWrites(entity, 'update or delete or truncate', `${entity.table} is append-only: a row that was created is sent as it is and leaves this device. Create another row instead.`)}`
}

/**
 * Whether what refers to the entity finds its rows on the device (L9): rows that are only sent are let go of, and of
 * those on demand only what was chosen is here.
 */
export function keepsReferredRows({ pattern }: EntityContract): boolean {
  return pattern.kind !== 'append-only' && pattern.kind !== 'on-demand'
}

/** Whether a device only reads the entity. */
export function isReadOnly({ direction, pattern }: EntityContract): boolean {
  return direction === 'down' || pattern.kind === 'read-only' || pattern.kind === 'read-only-delta'
}

function refuseWrites(entity: EntityContract, events: string, message: string): string {
  const name = quoteName(`refuse_${entity.id}`)
  return `create function _syncline.${name}() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'read_only_sql_transaction', message = ${quoteText(message)};
end $$;
create trigger syncline_refuse before ${events} on ${quoteName(entity.table)}
  for each statement execute function _syncline.${name}();`
}

/** A sync writes what the server has, empty or not: it fires no triggers. */
function requireValues(entity: EntityContract, bundle: Bundle): string[] {
  const checks = [
    ...requiredAttributes(entity).map((attribute) => {
      const column = quoteName(attribute.name)
      const isEmptied = `new.${column} is null and (tg_op = 'INSERT' or old.${column} is not null)`
      return refuseValue(attribute, isEmptied, 'not_null_violation', emptyRefusal(entity, attribute))
    }),
    ...unwritableAttributes(entity).flatMap((attribute) => {
      const column = quoteName(attribute.name)
      const value = columnDefault(entity, attribute)
      const kind = value === null ? 'none' : value.startsWith('_syncline.') ? 'computed' : 'constant'
      const isWritten = (['insert', 'update'] as const).flatMap((event) => {
        const own = valuesByItself(entity, attribute, event, kind)
        if (own === null) return []
        const before = event === 'update' ? [`old.${column}::text`] : []
        const others = own.map((one) =>
          one === 'null' ? 'null' : `(${value})::${columnType(attribute, bundle)}::text`,
        )
        const differs = [...before, ...others].map((other) => `new.${column}::text is distinct from ${other}`)
        return [`tg_op = '${event.toUpperCase()}' and ${differs.join(' and ')}`]
      })
      if (isWritten.length === 0) return []
      return refuseValue(attribute, isWritten.join(' or '), 'generated_always', writtenRefusal(entity, attribute))
    }),
  ]
  if (checks.length === 0) return []
  const name = quoteName(`require_${entity.id}`)
  return [
    `create function _syncline.${name}() returns trigger language plpgsql as $$
begin${checks.join('')}
  return new;
end $$;
create trigger syncline_require before insert or update on ${quoteName(entity.table)}
  for each row execute function _syncline.${name}();`,
  ]
}

function refuseValue({ name }: AttributeContract, when: string, code: string, message: string): string {
  return `
  if ${when} then
    raise exception using errcode = '${code}', table = tg_table_name, column = ${quoteText(name)}, message = ${quoteText(message)};
  end if;`
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
  // What a conflict is decided on is the whole row of the server's table; elsewhere only what the edit wrote.
  const base = capturesBase(entity) ? (row: string) => image(row, entity.attributes.filter(isStored)) : null
  const changed = capturesWholeRow(entity) ? '' : ' where n.value is distinct from old_set -> n.key'

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
    insert into _syncline.edit (entity, op, key, was, base)
      select ${quoteText(entity.id)}, 'delete', ${key('r')}, ${base?.('r') ?? "'{}'"}, at_cursor from ${quoteName(entity.table)} r;
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
      select ${quoteText(entity.id)}, 'update', new_key, jsonb_object_agg(n.key, n.value), ${base?.('old') ?? 'jsonb_object_agg(n.key, old_set -> n.key)'}, at_cursor
      from jsonb_each(new_set) n${changed};
    return null;
  end if;
  if tg_op <> 'INSERT' then
    insert into _syncline.edit (entity, op, key, was, base)
      values (${quoteText(entity.id)}, 'delete', old_key, ${base?.('old') ?? "'{}'"}, at_cursor);
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
