/**
 * Carries a device's database over from one bundle to another of the same project, inside one transaction (S3).
 *
 *   old tables ─► set aside ─► new tables made ─► rows copied by attribute id ─► old tables dropped
 *
 * Invariants
 * - Edits, shadows, conflicts and quarantine stay as they are: they know entities and attributes by id (S1). What the new
 *   bundle has no more of is refused by the server in time, and ends in quarantine, where it can be read.
 * - An entity that has an attribute that was not here before is pulled whole; until then that attribute may be null,
 *   whatever the server says of it.
 */
import type { AttributeContract, Bundle, EntityContract } from '../../contract'
import { columnType, entitiesSql } from '../../contract/device-schema-sql'
import { quoteName } from '../../contract/sql-text'
import { assertKeysStay, hasGrown, PULL_META, type TableSchema } from '../schema-change'
import type { PGliteTransaction } from './database'

export async function migrateTables(tx: PGliteTransaction, before: TableSchema, bundle: Bundle): Promise<void> {
  const old = new Map(before.entities.map((entity) => [entity.id, entity]))
  const edited = new Set((await tx.query('select distinct entity from _syncline.edit')).map(({ entity }) => entity))
  assertKeysStay(before, bundle, (entity) => edited.has(entity))
  await tx.execute('set local session_replication_role = replica')
  const nullable = await nullableColumns(tx)
  await setAside(tx, before)
  const sourceOf = (entity: EntityContract, attribute: AttributeContract) =>
    old.get(entity.id)?.attributes.find(({ id }) => id === attribute.id)
  await tx.execute(
    entitiesSql(bundle, (entity, attribute) => {
      const from = old.get(entity.id)
      if (!from || entity.key.includes(attribute.id)) return false
      const source = sourceOf(entity, attribute)
      return source === undefined || nullable.has(JSON.stringify([from.table, source.name]))
    }),
  )
  for (const entity of bundle.entities) {
    const from = old.get(entity.id)
    if (!from) continue
    const isWhole = await copyRows(tx, before, bundle, from, entity)
    if (!isWhole || hasGrown(from, entity, before.types, bundle.types))
      await tx.query('delete from _syncline.cursor where entity = $1', [entity.id])
  }
  for (const { id } of before.entities) await tx.execute(`drop table ${asideTable(id)} cascade`)
  // A domain stands on those before it.
  for (const [index, { kind }] of [...before.types.entries()].toReversed())
    await tx.execute(`drop ${kind === 'enum' ? 'type' : 'domain'} ${asideType(index)} cascade`)
  const gone = before.entities.filter(({ id }) => !bundle.entities.some((entity) => entity.id === id))
  await tx.query('delete from _syncline.cursor where entity = any ($1::text[])', [gone.map(({ id }) => id)])
  // Pages that were asked for with other attributes are of no use.
  await tx.execute(`truncate _syncline.stage; delete from _syncline.meta where name = '${PULL_META}'`)
}

/** Tables and columns that may hold a null now: what an earlier bundle allowed, or left open until the next pull. */
async function nullableColumns(tx: PGliteTransaction): Promise<ReadonlySet<string>> {
  const rows = await tx.query(
    `select c.relname as table, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attnotnull and not a.attisdropped`,
  )
  return new Set(rows.map((row) => JSON.stringify([row.table, row.column])))
}

async function setAside(tx: PGliteTransaction, { entities, types }: TableSchema): Promise<void> {
  const script = entities.flatMap(({ id, table }) => [
    `drop function if exists _syncline.${quoteName(`capture_${id}`)}() cascade;`,
    `drop function if exists _syncline.${quoteName(`refuse_${id}`)}() cascade;`,
    `drop function if exists _syncline.${quoteName(`require_${id}`)}() cascade;`,
    `alter table ${quoteName(table)} set schema _syncline;`,
    `alter table _syncline.${quoteName(table)} rename to ${quoteName(`before_${id}`)};`,
  ])
  types.forEach(({ name, kind }, index) => {
    const what = kind === 'enum' ? 'type' : 'domain'
    script.push(
      `alter ${what} ${quoteName(name)} set schema _syncline;`,
      `alter ${what} _syncline.${quoteName(name)} rename to ${quoteName(`before_type_${index}`)};`,
    )
  })
  await tx.execute(script.join('\n'))
  // Two tables that change names with each other would meet in the middle: the references that hold them together go first.
  const references = await tx.query(
    `select conrelid::regclass::text as table, conname as name from pg_constraint
     where contype = 'f' and connamespace = '_syncline'::regnamespace`,
  )
  for (const { table, name } of references)
    await tx.execute(`alter table ${String(table)} drop constraint ${quoteName(String(name))}`)
}

function asideTable(id: string): string {
  return `_syncline.${quoteName(`before_${id}`)}`
}

function asideType(index: number): string {
  return `_syncline.${quoteName(`before_type_${index}`)}`
}

/** Answers false where the rows can't be read with their new types or keys: then the next pull brings them. */
async function copyRows(
  tx: PGliteTransaction,
  before: TableSchema,
  bundle: Bundle,
  from: EntityContract,
  to: EntityContract,
): Promise<boolean> {
  const kept = to.attributes.flatMap((attribute) => {
    const source = from.attributes.find(({ id }) => id === attribute.id)
    return source ? [{ source, attribute }] : []
  })
  if (JSON.stringify(from.key) !== JSON.stringify(to.key)) return false
  const columns = kept.map(({ attribute }) => quoteName(attribute.name)).join(', ')
  // A row that was made here can lack what the new bundle asks for; it is sent as it is.
  const values = kept.map(({ source, attribute }) =>
    columnType(source, before) === columnType(attribute, bundle) && !isOwnType(attribute, bundle)
      ? quoteName(source.name)
      : `${quoteName(source.name)}::text::${columnType(attribute, bundle)}`,
  )
  return tx.attempt(async () => {
    await tx.query(
      `insert into ${quoteName(to.table)} (${columns}) select ${values.join(', ')} from ${asideTable(from.id)}`,
    )
  })
}

function isOwnType(attribute: AttributeContract, bundle: Pick<Bundle, 'types'>): boolean {
  return bundle.types.some(({ name }) => attribute.type === name || attribute.type.startsWith(`${name}[`))
}
