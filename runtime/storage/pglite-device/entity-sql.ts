/** SQL about one entity's table on the device, made once when the store is opened. */
import type { AttributeContract, Bundle, EntityContract } from '../../contract'
import { columnType, stageTable } from '../../contract/device-schema-sql'
import { quoteName, quoteText, textArray } from '../../contract/sql-text'

export interface EntitySql {
  readonly entity: EntityContract
  readonly types: Bundle['types']
  readonly keyAttributes: readonly AttributeContract[]
  /** The shown row of the key in $1 (text[]) as an image: attribute id to text. */
  readonly readImage: string
  /** Writes the image in $1 (jsonb). */
  readonly writeImage: string
  /** Removes the row of the key in $1. */
  readonly removeRow: string
  readonly stageRows: string
  readonly stageDeleted: string
  /** Upserts the staged rows that have no local edits. */
  readonly applyRows: string
  readonly applyDeleted: string
  /** Removes rows without local edits that are not staged. */
  readonly applyAbsent: string
  readonly countStaged: string
  readonly clearStage: string
  /** Rows with local edits about which the stage says something: key, image, staged. */
  readonly editedRows: string
}

export type SqlByEntity = ReadonlyMap<string, EntitySql>

export function entitySql(entity: EntityContract, bundle: Bundle): EntitySql {
  const table = quoteName(entity.table)
  const stage = stageTable(entity)
  const id = quoteText(entity.id)
  const columns = entity.attributes.map((attribute) => quoteName(attribute.name))
  const types = entity.attributes.map((attribute) => columnType(attribute, bundle))
  const keyAttributes = entity.key.map((key) => attributeById(entity, key))
  const keyTypes = keyAttributes.map((attribute) => columnType(attribute, bundle))
  const key = keyAttributes.map((attribute) => quoteName(attribute.name))
  const attributeIds = textArray(entity.attributes.map((attribute) => attribute.id))

  const keyIs = (row: string, array: string) =>
    key.map((column, index) => `${row}.${column} = (${array})[${index + 1}]::${keyTypes[index]}`).join(' and ')
  const keyText = (row: string) => `array[${key.map((column) => `${row}.${column}::text`).join(', ')}]`
  const edited = (keyExpression: string) =>
    `exists (select 1 from _syncline.shadow h where h.entity = ${id} and h.key = ${keyExpression})`
  // The key is set too: equal keys can be written in two ways, as the numbers 1.0 and 1.00 are.
  const onConflict = `on conflict (${key.join(', ')}) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`
  const staged = entity.attributes.map((_, index) => `c${index}`)

  return {
    entity,
    types: bundle.types,
    keyAttributes,
    readImage: `select jsonb_object(${attributeIds}, array[${columns.map((column) => `t.${column}::text`).join(', ')}]) as image
      from ${table} t where ${keyIs('t', '$1::text[]')}`,
    writeImage: `insert into ${table} (${columns.join(', ')})
      select ${entity.attributes.map((attribute, index) => `($1::jsonb ->> ${quoteText(attribute.id)})::${types[index]}`).join(', ')}
      ${onConflict}`,
    removeRow: `delete from ${table} t where ${keyIs('t', '$1::text[]')}`,
    stageRows: `insert into ${stage} (key, deleted, ${staged.join(', ')})
      select array[${entity.key.map((attribute) => `u.c${entity.attributes.findIndex((other) => other.id === attribute)}`).join(', ')}], false,
        ${staged.map((column) => `u.${column}`).join(', ')}
      from unnest(${staged.map((_, index) => `$${index + 1}::text[]`).join(', ')}) as u(${staged.join(', ')})
      on conflict (key) do update set deleted = false, ${staged.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    stageDeleted: `insert into ${stage} (key, deleted) select array(select jsonb_array_elements_text(k)), true from jsonb_array_elements($1::jsonb) k
      on conflict (key) do update set deleted = true, ${staged.map((column) => `${column} = null`).join(', ')}`,
    applyRows: `insert into ${table} (${columns.join(', ')})
      select ${staged.map((column, index) => `s.${column}::${types[index]}`).join(', ')}
      from ${stage} s where not s.deleted and not ${edited('s.key')}
      ${onConflict}`,
    applyDeleted: `delete from ${table} t using ${stage} s where s.deleted and ${keyIs('t', 's.key')} and not ${edited('s.key')}`,
    applyAbsent: `delete from ${table} t where not exists (select 1 from ${stage} s where s.key = ${keyText('t')} and not s.deleted)
      and not ${edited(keyText('t'))}`,
    countStaged: `select count(*)::int as count from ${stage}`,
    clearStage: `delete from ${stage}`,
    editedRows: `select h.key, s.key is not null as staged,
        case when s.key is null or s.deleted then null
          else jsonb_object(${attributeIds}, array[${staged.map((column) => `s.${column}`).join(', ')}]) end as image
      from _syncline.shadow h left join ${stage} s on s.key = h.key where h.entity = ${id}`,
  }
}

export function attributeById(entity: EntityContract, id: string): AttributeContract {
  const attribute = entity.attributes.find((candidate) => candidate.id === id)
  if (!attribute) throw new Error(`The bundle is broken: entity ${entity.name} has no attribute ${id}.`)
  return attribute
}
