/** SQL about one entity's table on the device, made once when the tables are opened. Keys and images go as JSON. */
import type { AttributeContract, Bundle, EntityContract } from '../../contract'
import { columnType } from '../../contract/device-schema-sql'
import { quoteName, quoteText, textArray } from '../../contract/sql-text'

export interface EntitySql {
  readonly entity: EntityContract
  readonly table: string
  /** Attribute id to its column's type. */
  readonly typeOf: ReadonlyMap<string, string>
  /** The rows of the keys in $1 (JSON array of arrays): key, image. */
  readonly readImages: string
  /** Inserts or replaces the images in $1 (JSON array of objects). */
  readonly writeImages: string
  /** Removes the rows of the keys in $1 (JSON array of arrays). */
  readonly removeRows: string
  /** Rows of the table as the server has them, edits aside: image. */
  readonly serverImages: string
  /** Of those: rows, sum. */
  readonly digest: string
  /** Removes rows that have no shadow and whose key is not in `_syncline.seen`. */
  readonly removeUnseen: string
  /** Puts the keys of the rows in the columns of `upsertRows` into `_syncline.seen`. */
  readonly markSeen: (keyPlaces: readonly number[]) => string
  readonly unmarkSeen: string
  readonly copyRows: (attributes: readonly string[]) => string
  /** Upserts rows given by column: $1 holds the first attribute's texts, and so on. Rows that are as they were stay untouched. */
  readonly upsertRows: (attributes: readonly string[]) => string
}

export type SqlByEntity = ReadonlyMap<string, EntitySql>

export function entitySql(entity: EntityContract, bundle: Bundle): EntitySql {
  const table = quoteName(entity.table)
  const id = quoteText(entity.id)
  const columnOf = (attribute: string) => quoteName(attributeById(entity, attribute).name)
  const typeOf = new Map(entity.attributes.map((attribute) => [attribute.id, columnType(attribute, bundle)]))
  const columns = entity.attributes.map((attribute) => quoteName(attribute.name))
  const key = entity.key.map(columnOf)
  const attributeIds = textArray(entity.attributes.map((attribute) => attribute.id))

  const keyTextOf = (row: string) => `array[${key.map((column) => `${row}.${column}::text`).join(', ')}]`
  const keyIs = (row: string, json: string) =>
    key
      .map((column, index) => `${row}.${column} = (${json} ->> ${index})::${typeOf.get(entity.key[index] ?? '')}`)
      .join(' and ')
  const imageOf = (row: string) =>
    `jsonb_object(${attributeIds}, array[${columns.map((column) => `${row}.${column}::text`).join(', ')}]::text[])`
  const isClean = (row: string) =>
    `not exists (select 1 from _syncline.shadow h where h.entity = ${id} and h.key = ${keyTextOf(row)})`
  // The key is set too: equal keys can be written in two ways, as the numbers 1.0 and 1.00 are.
  const upsert = (written: readonly string[]) =>
    `on conflict (${key.join(', ')}) do update set ${written.map((column) => `${column} = excluded.${column}`).join(', ')}
      where (${written.map((column) => `t.${column}::text`).join(', ')}) is distinct from (${written.map((column) => `excluded.${column}::text`).join(', ')})`
  const line = (text: (attribute: AttributeContract) => string) =>
    `concat_ws(',', ${entity.attributes
      .map((attribute) => `coalesce('"' || replace(replace(${text(attribute)}, '\\', '\\\\'), '"', '\\"') || '"', '-')`)
      .join(', ')})`

  return {
    entity,
    table,
    typeOf,
    readImages: `select ${keyTextOf('t')} as key, ${imageOf('t')} as image
      from jsonb_array_elements($1::jsonb) k join ${table} t on ${keyIs('t', 'k')}`,
    writeImages: `insert into ${table} as t (${columns.join(', ')})
      select ${entity.attributes.map((attribute) => `(i ->> ${quoteText(attribute.id)})::${typeOf.get(attribute.id)}`).join(', ')}
      from jsonb_array_elements($1::jsonb) i ${upsert(columns)}`,
    removeRows: `delete from ${table} t using jsonb_array_elements($1::jsonb) k where ${keyIs('t', 'k')}`,
    serverImages: `select ${imageOf('t')} as image from ${table} t where ${isClean('t')}
      union all select image from _syncline.shadow where entity = ${id} and image is not null`,
    digest: `select count(*)::text as rows, coalesce(sum(('x' || substr(md5(line), 1, 15))::bit(60)::bigint), 0)::text as sum from (
        select ${line((attribute) => `t.${quoteName(attribute.name)}::text`)} as line from ${table} t where ${isClean('t')}
        union all
        select ${line((attribute) => `(h.image ->> ${quoteText(attribute.id)})`)} from _syncline.shadow h where h.entity = ${id} and h.image is not null
      ) lines`,
    removeUnseen: `delete from ${table} t where not exists (select 1 from _syncline.seen s where s.key = ${keyTextOf('t')}) and ${isClean('t')}`,
    markSeen: (keyPlaces) =>
      `insert into _syncline.seen select array[${keyPlaces.map((_, index) => `u.k${index}`).join(', ')}]
       from unnest(${keyPlaces.map((_, index) => `$${index + 1}::text[]`).join(', ')}) as u(${keyPlaces.map((_, index) => `k${index}`).join(', ')})`,
    unmarkSeen: `delete from _syncline.seen s using jsonb_array_elements($1::jsonb) k
      where s.key = array(select jsonb_array_elements_text(k))`,
    copyRows: (attributes) => `copy ${table} (${attributes.map(columnOf).join(', ')}) from '/dev/blob'`,
    upsertRows: (attributes) => `insert into ${table} as t (${attributes.map(columnOf).join(', ')})
      select ${attributes.map((attribute, index) => `u.c${index}::${typeOf.get(attribute)}`).join(', ')}
      from unnest(${attributes.map((_, index) => `$${index + 1}::text[]`).join(', ')}) as u(${attributes.map((_, index) => `c${index}`).join(', ')})
      ${upsert(attributes.map(columnOf))}`,
  }
}

export function attributeById(entity: EntityContract, id: string): AttributeContract {
  const attribute = entity.attributes.find((candidate) => candidate.id === id)
  if (!attribute) throw new Error(`The bundle is broken: entity ${entity.name} has no attribute ${id}.`)
  return attribute
}
