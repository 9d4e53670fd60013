/** What a sync writes on a device in SQLite: rows and shadows as they are told, captured never. */
import { type Image, keyText, type SyncTransaction, type TableState } from '../../contract'
import { sqliteText } from '../../contract/device-schema-sqlite'
import { quoteName } from '../../contract/sql-text'
import type { Connection } from './connection'
import type { SqliteValue } from './driver'
import { type EntitySql, imageOfTexts, ROWS_AT_A_TIME, storedKey, valueOfText } from './entity-sql'
import { sqliteOutbox, toKey } from './outbox'
import { sqliteStage, type Triggers } from './stage'

/** For one transaction; `flush` is to be called at its end. */
export function sqliteSync(
  connection: Connection,
  sqlByEntity: ReadonlyMap<string, EntitySql>,
  triggers: Triggers,
): SyncTransaction & { readonly flush: () => void } {
  const { all, run } = connection
  const sqlOf = (entity: string): EntitySql => {
    const sql = sqlByEntity.get(entity)
    if (!sql) throw new Error(`There is no entity ${entity} on this device.`)
    return sql
  }

  return {
    state: async () => readState(connection),
    setMeta: async (name, value) => {
      if (value === null) run('delete from _syncline_meta where name = ?', [name])
      else run('insert or replace into _syncline_meta values (?, ?)', [name, value])
    },
    setCursors: async (cursors) => {
      for (const [entity, cursor] of cursors) {
        if (cursor === null) run('delete from _syncline_cursor where entity = ?', [entity])
        else run('insert or replace into _syncline_cursor values (?, ?)', [entity, cursor])
      }
    },
    ...sqliteOutbox(connection),
    ...sqliteStage(connection, sqlOf, triggers),

    shadows: async (entity, keys) => {
      const found = new Map<string, Image | null>()
      for (const key of keys) {
        const [row] = all('select image from _syncline_shadow where entity = ? and key = ?', [entity, keyText(key)])
        if (row) found.set(keyText(key), toImage(row[0]))
      }
      return found
    },
    putShadows: async (entity, shadows) => {
      for (const [key, image] of shadows) {
        run('insert or replace into _syncline_shadow values (?, ?, ?)', [
          entity,
          keyText(key),
          image && JSON.stringify(image),
        ])
      }
    },
    removeShadows: async (entity, keys) => {
      for (const key of keys) run('delete from _syncline_shadow where entity = ? and key = ?', [entity, keyText(key)])
    },
    shadowed: async () => all('select distinct entity from _syncline_shadow').map(([entity]) => String(entity)),
    images: async (entity, keys) => {
      const sql = sqlOf(entity)
      const found = new Map<string, Image>()
      for (const key of keys) {
        const [texts] = all(sql.readRow, storedKey(sql, key))
        if (texts) found.set(keyText(key), imageOfTexts(sql, texts))
      }
      return found
    },
    putImages: async (entity, images) => {
      const sql = sqlOf(entity)
      const write = connection.statement(sql.writeRow(sql.columns.map(({ id }) => id)))
      for (const image of images) write.run(sql.columns.map(({ id }) => image[id] ?? null))
    },
    removeRows: async (entity, keys) => {
      const sql = sqlOf(entity)
      for (const key of keys) run(sql.removeRow, storedKey(sql, key))
    },
    deletedHere: async () =>
      all(
        `select entity, key from _syncline_edit e join _syncline_shadow using (entity, key)
         where e.op = 'delete' and image is not null
           and not exists (select 1 from _syncline_edit y where y.entity = e.entity and y.key = e.key and y.seq > e.seq)`,
      ).map(([entity, key]) => ({ entity: String(entity), key: toKey(key) })),
    keptRows: async () =>
      all(
        `select entity, key from _syncline_shadow s where image is null
           and not exists (select 1 from _syncline_edit e where e.entity = s.entity and e.key = s.key)`,
      ).map(([entity, key]) => ({ entity: String(entity), key: toKey(key) })),
    editedReferences: async (entity, attributes) => {
      const sql = sqlOf(entity)
      const columns = attributes.flatMap((id) => sql.columnById.get(id) ?? [])
      const texts = columns.map(({ name, storage }) => sqliteText(quoteName(name), storage))
      const edited = sql.key.map(({ storage }, index) => valueOfText(`(key ->> ${index})`, storage))
      const rows = all(
        `select distinct ${texts.join(', ')} from ${sql.table}
         where (${sql.key.map(({ name }) => quoteName(name)).join(', ')}) in (select ${edited.join(', ')} from _syncline_edit where entity = ?)
           and ${columns.map(({ name }) => `${quoteName(name)} is not null`).join(' and ')}`,
        [entity],
      )
      return rows.map((texts) => texts.map(String))
    },
    referredKeys: async (_target, keys, entity, attributes) => {
      const sql = sqlOf(entity)
      const columns = attributes.flatMap((id) => sql.columnById.get(id) ?? [])
      const names = columns.map(({ name }) => quoteName(name))
      const texts = columns.map(({ storage }, index) => sqliteText(names[index] ?? '', storage))
      const sought = columns.map(({ storage }, index) => valueOfText(`(value ->> ${index})`, storage))
      const rows = all(
        `select distinct ${texts.join(', ')} from ${sql.table} where (${names.join(', ')}) in (select ${sought.join(', ')} from json_each(?))`,
        [JSON.stringify(keys)],
      )
      const referred = new Set(rows.map((texts) => keyText(texts.map(String))))
      return keys.filter((key) => referred.has(keyText(key)))
    },
    serverImages: async (entity, each) => {
      const sql = sqlOf(entity)
      const shadows = all('select key, image from _syncline_shadow where entity = ?', [entity])
      const edited = new Set(shadows.map(([key]) => String(key)))
      let rows = all(sql.firstRows)
      while (rows.length > 0) {
        const images = rows.map((texts) => imageOfTexts(sql, texts))
        const keys = images.map((image) => sql.key.map(({ id }) => image[id] ?? ''))
        await each(edited.size === 0 ? images : images.filter((_, index) => !edited.has(keyText(keys[index] ?? []))))
        if (rows.length < ROWS_AT_A_TIME) break
        rows = all(sql.nextRows, storedKey(sql, keys.at(-1) ?? []))
      }
      const ofShadows = shadows.map(([, image]) => toImage(image)).filter((image) => image !== null)
      if (ofShadows.length > 0) await each(ofShadows)
    },
    replaceValues: async (entity, attribute, values) => {
      const sql = sqlOf(entity)
      const column = sql.columnById.get(attribute)
      if (!column || values.size === 0) return 0
      run('create temp table if not exists syncline_value (old text primary key, new text not null) without rowid')
      run('delete from temp.syncline_value')
      for (const [old, made] of values) run('insert into temp.syncline_value values (?, ?)', [old, made])
      const newValue = (text: string) => `(select new from temp.syncline_value where old = ${text})`
      const isOld = (text: string) => `${text} in (select old from temp.syncline_value)`
      const text = sqliteText(quoteName(column.name), column.storage)
      const [count] = all(`select count(*) from ${sql.table} where ${isOld(text)}`)[0] ?? []
      if (count !== 0) run(`update ${sql.table} set ${quoteName(column.name)} = ${newValue(text)} where ${isOld(text)}`)

      const replaceIn = (table: string, json: string, path: string) => {
        const field = `${json} ->> ${path}`
        run(
          `update ${table} set ${json} = json_set(${json}, ${path}, ${newValue(`(${field})`)}) where entity = ? and ${isOld(`(${field})`)}`,
          [entity],
        )
      }
      const place = sql.entity.key.indexOf(attribute)
      const inKey = `'$[${place}]'`
      const inImage = `'$.${JSON.stringify(attribute).replaceAll("'", "''")}'`
      if (place >= 0) {
        replaceIn('_syncline_edit', 'key', inKey)
        replaceIn('_syncline_shadow', 'key', inKey)
      }
      replaceIn('_syncline_edit', '"set"', inImage)
      replaceIn('_syncline_edit', 'was', inImage)
      replaceIn('_syncline_shadow', 'image', inImage)
      return Number(count ?? 0)
    },

    putRecord: async (kind, { id, body }) =>
      run(
        'insert into _syncline_record (kind, id, body) values (?, ?, ?) on conflict (kind, id) do update set body = excluded.body',
        [kind, id, body],
      ),
    records: async (kind) =>
      all('select id, body from _syncline_record where kind = ? order by seq', [kind]).map(([id, body]) => ({
        id: String(id),
        body: String(body),
      })),
    removeRecord: async (kind, id) => run('delete from _syncline_record where kind = ? and id = ?', [kind, id]),
  }
}

export function readState({ all }: Connection): TableState {
  const [counts] = all(`select
    (select count(*) from _syncline_edit),
    coalesce((select seq from sqlite_sequence where name = '_syncline_edit'), 0),
    (select count(*) from _syncline_record where kind = 'quarantine'),
    (select count(*) from _syncline_record where kind = 'conflict')`)
  const pairs = (rows: SqliteValue[][]) => new Map(rows.map(([name, value]) => [String(name), String(value)]))
  return {
    pendingEdits: Number(counts?.[0]),
    lastSeq: Number(counts?.[1]),
    quarantined: Number(counts?.[2]),
    conflicts: Number(counts?.[3]),
    cursors: pairs(all('select entity, cursor from _syncline_cursor')),
    meta: pairs(all('select name, value from _syncline_meta')),
  }
}

export function toImage(json: SqliteValue | undefined): Image | null {
  return json === null || json === undefined ? null : (JSON.parse(String(json)) as Image)
}
