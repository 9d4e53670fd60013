/**
 * Makes a device's database, or carries one over to another bundle (S3): in the transaction under way, by stable ids,
 * so that a rename is a rename. Edits, shadows and records stay as they are.
 */
import type { Bundle, EntityContract, TypeContract } from '../../contract'
import { DEVICE_STORAGE_VERSION } from '../../contract/device-schema-sql'
import {
  deviceSchemaSqliteSql,
  sqliteStorage,
  sqliteTable,
  sqliteText,
  sqliteTriggerNames,
  sqliteTriggers,
} from '../../contract/device-schema-sqlite'
import { quoteName, quoteText } from '../../contract/sql-text'
import { columnTypeOf } from '../column-type/column-type'
import { IncompatibleStoreError } from '../device-store'
import {
  assertKeysStay,
  assertSameProject,
  hasGrown,
  PULL_META,
  sameSchema,
  type TableSchema,
  tableSchema,
} from '../schema-change'
import type { Connection } from './connection'
import { dropStaged } from './stage'

interface StoredSchema extends TableSchema {
  /** By entity id: attributes that may be null although the bundle says otherwise. */
  readonly lenient: { readonly [entity: string]: readonly string[] }
}

export function prepareDatabase(connection: Connection, bundle: Bundle, newId: () => string): void {
  const isThere = connection.one(`select 1 from sqlite_schema where type = 'table' and name = '_syncline_device'`)
  if (isThere === undefined) {
    connection.driver.execute(deviceSchemaSqliteSql(bundle))
    connection.run('insert into _syncline_device values (1, ?, ?, ?, 1)', [
      newId(),
      DEVICE_STORAGE_VERSION,
      schemaText(bundle, {}),
    ])
    return
  }
  const [row] = connection.all('select storage_version, schema from _syncline_device')
  if (row?.[0] !== DEVICE_STORAGE_VERSION) {
    throw new IncompatibleStoreError(
      `This device's database has the format ${row?.[0]}, and this version of ${bundle.projectName} reads format ${DEVICE_STORAGE_VERSION}. ` +
        'Nothing was changed in it. Open it with the version that made it and sync, then start with a new database.',
    )
  }
  const before = JSON.parse(String(row[1])) as StoredSchema
  assertSameProject(before, bundle)
  if (!sameSchema(before, bundle)) carryOver(connection, before, bundle)
}

function carryOver(connection: Connection, before: StoredSchema, bundle: Bundle): void {
  const { run, driver, one } = connection
  assertKeysStay(
    before,
    bundle,
    (id) => one('select 1 from _syncline_edit where entity = ? limit 1', [id]) !== undefined,
  )
  // References are written anew with their tables; SQLite need not follow the renames.
  driver.execute('pragma legacy_alter_table = on')
  try {
    dropTriggers(connection, before.entities)
    before.entities.forEach((entity, index) => {
      run(`alter table ${quoteName(entity.table)} rename to ${quoteName(`_syncline_old_${index}`)}`)
      dropIndexes(connection, entity)
    })
    const lenient: Record<string, readonly string[]> = {}
    for (const entity of bundle.entities) {
      const index = before.entities.findIndex(({ id }) => id === entity.id)
      const old = before.entities[index]
      const known = new Set(before.lenient[entity.id])
      for (const { id } of old ? entity.attributes : []) {
        if (!old?.attributes.some((attribute) => attribute.id === id)) known.add(id)
      }
      lenient[entity.id] = [...known]
      driver.execute(sqliteTable(entity, bundle, known))
      if (!old) continue
      copyRows(connection, `_syncline_old_${index}`, old, before.types, entity, bundle)
      if (hasGrown(old, entity, before.types, bundle.types))
        run('delete from _syncline_cursor where entity = ?', [entity.id])
    }
    before.entities.forEach((_, index) => {
      run(`drop table ${quoteName(`_syncline_old_${index}`)}`)
    })
    for (const entity of bundle.entities) for (const trigger of sqliteTriggers(entity, bundle)) driver.execute(trigger)
    const kept = JSON.stringify(bundle.entities.map(({ id }) => id))
    run('delete from _syncline_cursor where entity not in (select value from json_each(?))', [kept])
    dropStaged(connection)
    run('delete from _syncline_meta where name = ?', [PULL_META])
    run('update _syncline_device set schema = ?', [schemaText(bundle, lenient)])
  } finally {
    driver.execute('pragma legacy_alter_table = off')
  }
}

function copyRows(
  { run }: Connection,
  from: string,
  old: EntityContract,
  oldTypes: readonly TypeContract[],
  entity: EntityContract,
  bundle: Bundle,
): void {
  const shared = entity.attributes.flatMap((attribute) => {
    const before = old.attributes.find(({ id }) => id === attribute.id)
    if (!before) return []
    const column = quoteName(before.name)
    const isSame =
      before.sensitive === attribute.sensitive &&
      columnTypeOf(before, oldTypes).base === columnTypeOf(attribute, bundle.types).base
    const text = sqliteText(column, sqliteStorage(before, oldTypes))
    return [
      {
        name: quoteName(attribute.name),
        value: isSame ? column : `syncline_convert(${text}, ${quoteText(JSON.stringify([entity.id, attribute.id]))})`,
      },
    ]
  })
  run(
    `insert or replace into ${quoteName(entity.table)} (${shared.map(({ name }) => name).join(', ')})
     select ${shared.map(({ value }) => value).join(', ')} from ${quoteName(from)}`,
  )
}

function dropTriggers({ run }: Connection, entities: readonly EntityContract[]): void {
  for (const entity of entities)
    for (const name of sqliteTriggerNames(entity)) run(`drop trigger if exists ${quoteName(name)}`)
}

function dropIndexes({ run }: Connection, entity: EntityContract): void {
  entity.indexes.forEach((_, index) => {
    run(`drop index if exists ${quoteName(`${entity.table}_${index}`)}`)
  })
}

function schemaText(bundle: Bundle, lenient: StoredSchema['lenient']): string {
  return JSON.stringify({ ...tableSchema(bundle), lenient } satisfies StoredSchema)
}
