/**
 * Puts keys that the server made in the place of the temporary ones, wherever those are found: in the rows, in every
 * reference to them, in the outbox, beneath it, and in quarantine (K1).
 *
 * Invariant: the work is a few statements for each attribute that can hold such a key, however many keys there are.
 */
import type { DatabaseTransaction, EntityContract } from '../../contract'
import { columnType } from '../../contract/device-schema-sql'
import { quoteName } from '../../contract/sql-text'
import type { KeyMapping } from '../../protocol/messages'
import { attributeById, type SqlByEntity } from './entity-sql'

/** Adds the ids of entities whose shown rows changed to `changed`. */
export async function adoptKeys(
  tx: DatabaseTransaction,
  sqlByEntity: SqlByEntity,
  mappings: readonly KeyMapping[],
  changed: Set<string>,
): Promise<void> {
  for (const { entity } of sqlByEntity.values()) {
    const own = mappings.filter((mapping) => mapping.entity === entity.id)
    for (const [index, attribute] of entity.key.entries()) {
      const keys = new Map(own.map(({ temporary, key }) => [temporary[index] ?? '', key[index] ?? '']))
      for (const [from, to] of keys) if (from === to) keys.delete(from)
      if (keys.size > 0) await replaceValues({ tx, sqlByEntity, keys, changed, done: new Set() }, entity, attribute)
    }
  }
}

interface Replacement {
  readonly tx: DatabaseTransaction
  readonly sqlByEntity: SqlByEntity
  /** Temporary key to the server's. */
  readonly keys: ReadonlyMap<string, string>
  readonly changed: Set<string>
  /** Attributes that are done already: references can go in circles. */
  readonly done: Set<string>
}

async function replaceValues(replacement: Replacement, entity: EntityContract, attribute: string): Promise<void> {
  const place = JSON.stringify([entity.id, attribute])
  if (replacement.done.has(place)) return
  replacement.done.add(place)
  await replaceInRows(replacement, entity, attribute)
  await replaceInOutbox(replacement, entity, attribute)
  await replaceInQuarantine(replacement, entity, attribute)
  for (const { entity: other } of replacement.sqlByEntity.values()) {
    for (const reference of other.references) {
      if (reference.entity !== entity.id) continue
      const referring = reference.attributes[reference.referencedAttributes.indexOf(attribute)]
      if (referring !== undefined) await replaceValues(replacement, other, referring)
    }
  }
}

const KEYS = 'unnest($1::text[], $2::text[]) as k(temporary, made)'

async function replaceInRows(replacement: Replacement, entity: EntityContract, attribute: string): Promise<void> {
  const { tx, sqlByEntity, keys, changed } = replacement
  const contract = attributeById(entity, attribute)
  const column = quoteName(contract.name)
  const type = columnType(contract, { types: sqlByEntity.get(entity.id)?.types ?? [] })
  const [count] = await tx.query(
    `with replaced as (
       update ${quoteName(entity.table)} t set ${column} = k.made::${type} from ${KEYS} where t.${column} = k.temporary::${type} returning 1
     ) select count(*)::int as rows from replaced`,
    [[...keys.keys()], [...keys.values()]],
  )
  if (Number(count?.rows) > 0) changed.add(entity.id)
}

async function replaceInOutbox({ tx, keys }: Replacement, entity: EntityContract, attribute: string): Promise<void> {
  const params = [[...keys.keys()], [...keys.values()], entity.id]
  const place = entity.key.indexOf(attribute) + 1
  const inKey = (table: string) =>
    `update _syncline.${table} t set key = t.key[:${place - 1}] || k.made || t.key[${place + 1}:]
     from ${KEYS} where t.entity = $3 and t.key[${place}] = k.temporary`
  const inImage = (table: string, image: string) =>
    `update _syncline.${table} t set ${image} = jsonb_set(t.${image}, array[$4], to_jsonb(k.made))
     from ${KEYS} where t.entity = $3 and t.${image} ->> $4 = k.temporary`
  if (place > 0) {
    await tx.query(inKey('edit'), params)
    await tx.query(inKey('shadow'), params)
  }
  await tx.query(inImage('edit', 'set'), [...params, attribute])
  await tx.query(inImage('edit', 'was'), [...params, attribute])
  await tx.query(inImage('shadow', 'image'), [...params, attribute])
}

async function replaceInQuarantine(
  { tx, keys }: Replacement,
  entity: EntityContract,
  attribute: string,
): Promise<void> {
  const groups = await tx.query('select group_id, edits from _syncline.quarantine where edits @> $1::jsonb', [
    JSON.stringify([{ entity: entity.id }]),
  ])
  const place = entity.key.indexOf(attribute)
  const made = (value: string | null) => (value === null ? null : (keys.get(value) ?? value))
  for (const group of groups as unknown as { group_id: string; edits: QuarantinedEdit[] }[]) {
    const edits = group.edits.map((edit) =>
      edit.entity !== entity.id
        ? edit
        : {
            ...edit,
            key: edit.key.map((part, index) => (index === place ? made(part) : part)),
            set: attribute in edit.set ? { ...edit.set, [attribute]: made(edit.set[attribute] ?? null) } : edit.set,
          },
    )
    await tx.query('update _syncline.quarantine set edits = $2::jsonb where group_id = $1::uuid', [
      group.group_id,
      JSON.stringify(edits),
    ])
  }
}

interface QuarantinedEdit {
  readonly entity: string
  readonly key: readonly string[]
  readonly set: { readonly [attribute: string]: string | null }
}
