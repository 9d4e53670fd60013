/**
 * The SQL of a device's database in SQLite: the local tables, and the triggers that capture what is written to them.
 *
 *   insert, update, delete ─► trigger ─► _syncline_edit     what was done, in the same transaction
 *                                    └─► _syncline_shadow   what the server last said of the row
 *
 * Invariants
 * - Every committed write is captured, whoever makes it (C1); an edit carries its entity's cursor (C4).
 * - Values are PostgreSQL's text, but for whole numbers, booleans (0 or 1) and bytes. SQLite changes a value by the
 *   *name* of its column's type: a declared type below either has INT in it and holds integers, or has TEXT in it and not
 *   INT, which `interval` and `point` would have.
 * - Triggers need nothing but SQLite itself, so that other programs' writes are captured too. The defaults call
 *   `syncline_now`, `syncline_uuid` and `syncline_key`, which the device brings; another program gives those values.
 * - `capturing` is 0 only inside of a transaction of a sync.
 */
import type { AttributeContract, Bundle, EntityContract, ReferentialAction, TypeContract } from './bundle'
import { attributeOf, deviceDefault, deviceReferences, isNullable, writeRefusal } from './device-model'
import { ENCRYPTED_PREFIX, isReadOnly } from './device-schema-sql'
import {
  emptyRefusal,
  requiredAttributes,
  unwritableAttributes,
  valuesByItself,
  writtenRefusal,
} from './guarded-attributes'
import { quoteName, quoteText } from './sql-text'
import { capturesBase, capturesWholeRow, isStored } from './storage'

/** The script that makes a device's database; to be run once, on one that has none of these tables. */
export function deviceSchemaSqliteSql(bundle: Bundle): string {
  return [
    MACHINERY,
    ...bundle.entities.map((entity) => sqliteTable(entity, bundle)),
    ...bundle.entities.flatMap((entity) => sqliteTriggers(entity, bundle)),
  ]
    .join('\n\n')
    .concat('\n')
}

const MACHINERY = `create table _syncline_device (
  id integer primary key check (id = 1),
  device_id text not null, storage_version integer not null, schema text not null, capturing integer not null
);
create table _syncline_meta (name text primary key, value text not null) without rowid;
create table _syncline_cursor (entity text primary key, cursor text not null) without rowid;

-- The outbox. Edits of one tx are one local transaction; grp is given when it is sealed to be sent.
create table _syncline_edit (
  seq integer primary key autoincrement,
  tx text, grp text, entity text not null, op text not null, key text not null,
  "set" text not null, was text not null, base text, at integer not null, resolves text, parked text
);
create index _syncline_edit_row on _syncline_edit (entity, key);
create index _syncline_edit_group on _syncline_edit (grp) where grp is not null;
create index _syncline_edit_transaction on _syncline_edit (tx) where grp is null;
create index _syncline_edit_new on _syncline_edit (seq) where tx is null;

-- What the server last said of each row that has edits; null where it has no such row.
create table _syncline_shadow (entity text, key text, image text, primary key (entity, key)) without rowid;

-- Pages of a pull under way, as they came.
create table _syncline_staged (
  id integer primary key, entity text not null, attributes text not null, "full" integer not null,
  rows text not null, row_count integer not null, deleted text not null
);
create table _syncline_record (seq integer primary key, kind text not null, id text not null, body text not null, unique (kind, id));`

/** How SQLite holds the values of a type. */
export type SqliteStorage = 'integer' | 'boolean' | 'bytes' | 'text'

export function sqliteStorage(
  { type, sensitive }: Pick<AttributeContract, 'type' | 'sensitive'>,
  types: readonly TypeContract[],
): SqliteStorage {
  if (sensitive) return 'text'
  switch (baseType(type, types)) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'oid':
      return 'integer'
    case 'boolean':
      return 'boolean'
    case 'bytea':
      return 'bytes'
    default:
      return 'text'
  }
}

/** The declared type of a column: by its name, a query's results are turned into values. */
export function sqliteColumnType(
  attribute: Pick<AttributeContract, 'type' | 'sensitive'>,
  types: readonly TypeContract[],
): string {
  const base = baseType(attribute.type, types)
  switch (sqliteStorage(attribute, types)) {
    case 'integer':
      // Not `integer`, which as a key would be the row's number in SQLite.
      return base === 'bigint' ? 'bigint' : base === 'smallint' ? 'smallint' : 'int'
    case 'boolean':
      return 'boolean'
    case 'bytes':
      return 'blob'
    case 'text':
      if (attribute.sensitive || base === 'text') return 'text'
      return `text ${base.replace(/int/gi, (found) => `${found.charAt(0)}-${found.slice(1)}`)}`
  }
}

function baseType(type: string, types: readonly TypeContract[]): string {
  const own = types.find(({ name }) => name === type)
  return own?.kind === 'domain' ? baseType(own.baseType, types) : type
}

/** @param lenient ids of attributes that may be null although the bundle says otherwise: rows from before have none */
export function sqliteTable(entity: EntityContract, bundle: Bundle, lenient: ReadonlySet<string> = new Set()): string {
  const columns = entity.attributes.map((attribute) => column(entity, attribute, bundle, lenient.has(attribute.id)))
  const key = entity.key.map((id) => nameOf(entity, id)).join(', ')
  const references = deviceReferences(bundle, entity).map(
    ({ attributes, target, referencedAttributes, onDelete }) =>
      `foreign key (${attributes.map((id) => nameOf(entity, id)).join(', ')}) references ${quoteName(target.table)} ` +
      `(${referencedAttributes.map((id) => nameOf(target, id)).join(', ')}) on delete ${SQL_ACTIONS[onDelete]}`,
  )
  const indexes = entity.indexes.map(
    ({ attributes }, index) =>
      `create index ${quoteName(`${entity.table}_${index}`)} on ${quoteName(entity.table)} (${attributes.map((id) => nameOf(entity, id)).join(', ')});`,
  )
  return [
    `create table ${quoteName(entity.table)} (\n  ${[...columns, `primary key (${key})`, ...references].join(',\n  ')}\n) without rowid;`,
    ...indexes,
  ].join('\n')
}

const SQL_ACTIONS: Record<ReferentialAction, string> = {
  'no-action': 'no action',
  restrict: 'restrict',
  cascade: 'cascade',
  'set-null': 'set null',
  'set-default': 'set default',
}

function column(entity: EntityContract, attribute: AttributeContract, bundle: Bundle, isLenient: boolean): string {
  const name = quoteName(attribute.name)
  const value = defaultSql(entity, attribute, bundle)
  const storage = sqliteStorage(attribute, bundle.types)
  return [
    name,
    quoteName(sqliteColumnType(attribute, bundle.types)),
    ...(value === null ? [] : [`default ${value}`]),
    ...(isLenient || isNullable(entity, attribute) ? [] : ['not null']),
    ...(storage === 'boolean'
      ? [`constraint ${quoteName(`${attribute.name} is true or false`)} check (${name} in (0, 1))`]
      : []),
    ...(attribute.sensitive
      ? [
          `constraint ${quoteName(`${attribute.name} is encrypted: write it by entity actions`)} check (${name} glob ${quoteText(`${ENCRYPTED_PREFIX}*`)})`,
        ]
      : []),
  ].join(' ')
}

function defaultSql(entity: EntityContract, attribute: AttributeContract, bundle: Bundle): string | null {
  const value = deviceDefault(entity, attribute)
  const type = quoteText(baseType(attribute.type, bundle.types))
  switch (value?.kind) {
    case undefined:
      return null
    case 'now':
      return `(syncline_now(${type}))`
    case 'today':
      return `(syncline_now('date'))`
    case 'uuid':
      return '(syncline_uuid())'
    case 'temporary-key':
      return `(syncline_key(${value.bound}))`
    case 'text':
      switch (sqliteStorage(attribute, bundle.types)) {
        case 'integer':
          return value.text
        case 'boolean':
          return /^(t|true|y|yes|on|1)$/i.test(value.text) ? '1' : '0'
        case 'bytes':
          return value.text.startsWith('\\x') ? `x'${value.text.slice(2)}'` : `(cast(${quoteText(value.text)} as blob))`
        case 'text':
          return quoteText(value.text)
      }
  }
}

/** A stored value as PostgreSQL's text. */
export function sqliteText(expression: string, storage: SqliteStorage): string {
  switch (storage) {
    case 'integer':
      return `cast(${expression} as text)`
    case 'boolean':
      return `case ${expression} when 1 then 'true' when 0 then 'false' end`
    case 'bytes':
      return `case when ${expression} is not null then '\\x' || lower(hex(${expression})) end`
    case 'text':
      return expression
  }
}

/** The key of a row as the JSON array that the outbox has. */
export function sqliteKey(entity: EntityContract, bundle: Pick<Bundle, 'types'>, row: string): string {
  return `json_array(${entity.key.map((id) => textOf(attributeOf(entity, id), bundle, row)).join(', ')})`
}

function textOf(attribute: AttributeContract, { types }: Pick<Bundle, 'types'>, row: string): string {
  return sqliteText(`${row}.${quoteName(attribute.name)}`, sqliteStorage(attribute, types))
}

/** The names of an entity's triggers, as `sqliteTriggers` makes them. */
export function sqliteTriggerNames(entity: EntityContract): string[] {
  const kinds = ['insert', 'update', 'move', 'delete']
  return kinds.flatMap((kind) => ['', 'refuse_', 'require_'].map((prefix) => `syncline_${prefix}${kind}_${entity.id}`))
}

export function sqliteTriggers(entity: EntityContract, bundle: Bundle): string[] {
  const refuse = (event: 'insert' | 'update' | 'delete', message: string) =>
    trigger(entity, `refuse_${event}`, `before ${event}`, CAPTURING, [`select raise(abort, ${quoteText(message)});`])
  const refusals = (['insert', 'update', 'delete'] as const).flatMap((event) => {
    const message = writeRefusal(entity, event === 'insert' ? 'create' : event)
    return message === null ? [] : [refuse(event, message)]
  })
  if (isReadOnly(entity)) return refusals
  return [...refusals, ...requireTriggers(entity, bundle), ...captureTriggers(entity, bundle)]
}

function requireTriggers(entity: EntityContract, bundle: Bundle): string[] {
  const refuse = (event: 'insert' | 'update') => {
    const refusals = [
      ...requiredAttributes(entity).map((attribute) => {
        const column = quoteName(attribute.name)
        const wasThere = event === 'update' ? ` and old.${column} is not null` : ''
        return refusal(emptyRefusal(entity, attribute), `new.${column} is null${wasThere}`)
      }),
      ...unwritableAttributes(entity).flatMap((attribute) => {
        const column = quoteName(attribute.name)
        const value = defaultSql(entity, attribute, bundle)
        const kind = value === null ? 'none' : value.startsWith('(syncline_') ? 'computed' : 'constant'
        const own = valuesByItself(entity, attribute, event, kind)
        if (own === null) return []
        const before = event === 'update' ? [`old.${column}`] : []
        const others = [...before, ...own.map((one) => (one === 'null' ? 'null' : value))]
        return refusal(
          writtenRefusal(entity, attribute),
          others.map((other) => `new.${column} is not ${other}`).join(' and '),
        )
      }),
    ]
    return refusals.length === 0 ? [] : [trigger(entity, `require_${event}`, `before ${event}`, CAPTURING, refusals)]
  }
  return [...refuse('insert'), ...refuse('update')]
}

const refusal = (message: string, when: string): string => `select raise(abort, ${quoteText(message)}) where ${when};`

const CAPTURING = '(select capturing from _syncline_device)'
/** Only until the device's transaction ends, which puts the app's time there; writes beside it keep it. */
const NOW_MS = `cast((julianday('now') - 2440587.5) * 86400000 as integer)`

function captureTriggers(entity: EntityContract, bundle: Bundle): string[] {
  const id = quoteText(entity.id)
  const key = (row: string) => sqliteKey(entity, bundle, row)
  const text = (attribute: AttributeContract, row: string) => textOf(attribute, bundle, row)
  const writable = entity.attributes.filter(({ readOnly }) => !readOnly)
  const differs = (attribute: AttributeContract) =>
    `old.${quoteName(attribute.name)} is not new.${quoteName(attribute.name)}`
  const keyDiffers = entity.key.map((attribute) => differs(attributeOf(entity, attribute))).join(' or ')

  // An `insert or ignore` would follow the conflict clause of the statement that fires the trigger.
  const shade = (row: string, image: string) =>
    `insert into _syncline_shadow (entity, key, image) select ${id}, ${key(row)}, ${image} where not exists (
    select 1 from _syncline_shadow where entity = ${id} and key = ${key(row)});`
  const edit = (op: string, row: string, set: string, was: string) =>
    `insert into _syncline_edit (entity, op, key, "set", was, base, at) values (
    ${id}, '${op}', ${key(row)}, ${set}, ${was}, (select cursor from _syncline_cursor where entity = ${id}), ${NOW_MS});`
  const image = (row: string, attributes: readonly AttributeContract[]) =>
    jsonObject(attributes.map((attribute) => ({ id: attribute.id, text: text(attribute, row) })))
  const whole = (row: string) => image(row, entity.attributes)
  // A null that no default of the device stands behind is left out, so that the server's default can act.
  const created = jsonObject(
    writable.map((attribute) => ({
      id: attribute.id,
      text: text(attribute, 'new'),
      when: deviceDefault(entity, attribute) === null ? `new.${quoteName(attribute.name)} is not null` : undefined,
    })),
  )
  const written = (row: string) =>
    jsonObject(
      writable.map((attribute) => ({
        id: attribute.id,
        text: text(attribute, row),
        when: capturesWholeRow(entity) ? undefined : differs(attribute),
      })),
    )
  const base = capturesBase(entity) ? image('old', entity.attributes.filter(isStored)) : null
  const create = [shade('new', 'null'), edit('create', 'new', created, `'{}'`)]
  const remove = [shade('old', whole('old')), edit('delete', 'old', `'{}'`, base ?? `'{}'`)]
  const update = [shade('old', whole('old')), edit('update', 'new', written('new'), base ?? written('old'))]
  const changed = writable.map(differs).join(' or ') || '0'

  return [
    trigger(entity, 'insert', 'after insert', CAPTURING, create),
    trigger(entity, 'update', 'after update', `${CAPTURING} and not (${keyDiffers}) and (${changed})`, update),
    trigger(entity, 'move', 'after update', `${CAPTURING} and (${keyDiffers})`, [...remove, ...create]),
    trigger(entity, 'delete', 'after delete', CAPTURING, remove),
  ]
}

function trigger(
  entity: EntityContract,
  kind: string,
  event: string,
  when: string,
  statements: readonly string[],
): string {
  return `create trigger ${quoteName(`syncline_${kind}_${entity.id}`)} ${event} on ${quoteName(entity.table)} when ${when} begin
  ${statements.join('\n  ')}
end;`
}

interface JsonMember {
  readonly id: string
  readonly text: string
  /** Left out where this does not hold. */
  readonly when?: string | undefined
}

/** Text is put together because JSON functions take a bounded number of arguments. */
function jsonObject(members: readonly JsonMember[]): string {
  const parts = members.map(({ id, text, when }) => {
    const member = `${quoteText(`,${JSON.stringify(id)}:`)} || json_quote(${text})`
    return when === undefined ? member : `case when ${when} then ${member} else '' end`
  })
  return parts.length === 0 ? `'{}'` : `'{' || substr(${parts.join(' || ')}, 2) || '}'`
}

function nameOf(entity: EntityContract, id: string): string {
  return quoteName(attributeOf(entity, id).name)
}
