/** Rows and what lies beneath them on PGlite, as `SyncTransaction` has them. Entities that the bundle does not know have none. */
import type { Image, Key, RowRef, SyncTransaction } from '../../contract'
import { quoteName } from '../../contract/sql-text'
import { keyText } from '../../contract/storage'
import type { PGliteTransaction } from './database'
import { attributeById, type SqlByEntity } from './entity-sql'

type Rows = Pick<
  SyncTransaction,
  | 'shadows'
  | 'putShadows'
  | 'removeShadows'
  | 'shadowed'
  | 'images'
  | 'putImages'
  | 'removeRows'
  | 'deletedHere'
  | 'referredKeys'
  | 'keptRows'
  | 'editedReferences'
  | 'serverImages'
  | 'replaceValues'
> & { readonly digest: NonNullable<SyncTransaction['digest']> }

/** How many rows are read at a time, so that memory stays bounded whatever the table's size (D7). */
const BATCH_ROWS = 2000

export function rowsOn(tx: PGliteTransaction, sqlByEntity: SqlByEntity): Rows {
  return {
    shadows: async (entity, keys) => {
      if (keys.length === 0) return new Map()
      const rows = await tx.query(
        `select h.key, h.image from jsonb_array_elements($2::jsonb) k join _syncline.shadow h
         on h.entity = $1 and h.key = array(select jsonb_array_elements_text(k))`,
        [entity, JSON.stringify(keys)],
      )
      return byKey(rows)
    },

    putShadows: async (entity, shadows) => {
      if (shadows.length === 0) return
      await tx.query(
        `insert into _syncline.shadow (entity, key, image)
           select $1, array(select jsonb_array_elements_text(s -> 0)), nullif(s -> 1, 'null') from jsonb_array_elements($2::jsonb) s
         on conflict (entity, key) do update set image = excluded.image`,
        [entity, JSON.stringify(shadows)],
      )
    },

    removeShadows: async (entity, keys) => {
      if (keys.length === 0) return
      await tx.query(
        `delete from _syncline.shadow h using jsonb_array_elements($2::jsonb) k
         where h.entity = $1 and h.key = array(select jsonb_array_elements_text(k))`,
        [entity, JSON.stringify(keys)],
      )
    },

    shadowed: async () =>
      (await tx.query('select distinct entity from _syncline.shadow')).map(({ entity }) => String(entity)),

    images: async (entity, keys) => {
      const sql = sqlByEntity.get(entity)
      if (!sql || keys.length === 0) return new Map()
      return byKey(await tx.query(sql.readImages, [JSON.stringify(keys)])) as Map<string, Image>
    },

    putImages: async (entity, images) => {
      const sql = sqlByEntity.get(entity)
      if (sql && images.length > 0) await tx.query(sql.writeImages, [JSON.stringify(images)])
    },

    removeRows: async (entity, keys) => {
      const sql = sqlByEntity.get(entity)
      if (sql && keys.length > 0) await tx.query(sql.removeRows, [JSON.stringify(keys)])
    },

    deletedHere: async () =>
      (await tx.query(
        `select e.entity, e.key from _syncline.edit e join _syncline.shadow h using (entity, key)
         where e.op = 'delete' and h.image is not null
           and not exists (select 1 from _syncline.edit y where y.entity = e.entity and y.key = e.key and y.seq > e.seq)`,
      )) as unknown as RowRef[],

    referredKeys: async (target, keys, entity, attributes) => {
      const [to, from] = [sqlByEntity.get(target), sqlByEntity.get(entity)]
      if (!to || !from || keys.length === 0) return []
      // As the target's type: the attribute's own may be too small for a key to which nothing refers. A file's is its name.
      const refers = attributes.map((attribute, index) => {
        const { name, file } = attributeById(from.entity, attribute)
        const type = file === undefined ? to.typeOf.get(to.entity.key[index] ?? '') : 'text'
        return `t.${quoteName(name)} = (k ->> ${index})::${type}`
      })
      const rows = await tx.query(
        `select k as key from jsonb_array_elements($1::jsonb) k
         where exists (select 1 from ${from.table} t where ${refers.join(' and ')})`,
        [JSON.stringify(keys)],
      )
      return (rows as unknown as { key: Key }[]).map(({ key }) => key)
    },

    keptRows: async () =>
      (await tx.query(
        `select h.entity, h.key from _syncline.shadow h where h.image is null
           and not exists (select 1 from _syncline.edit e where e.entity = h.entity and e.key = h.key)`,
      )) as unknown as RowRef[],

    editedReferences: async (entity, attributes) => {
      const sql = sqlByEntity.get(entity)
      if (!sql) return []
      const columns = attributes.map((id) => `t.${quoteName(attributeById(sql.entity, id).name)}`)
      const isEdited = sql.entity.key.map(
        (id, index) =>
          `t.${quoteName(attributeById(sql.entity, id).name)} = e.key[${index + 1}]::${sql.typeOf.get(id)}`,
      )
      const rows = await tx.query(
        `select distinct array[${columns.map((column) => `${column}::text`).join(', ')}] as key
         from (select distinct key from _syncline.edit where entity = $1) e join ${sql.table} t on ${isEdited.join(' and ')}
         where ${columns.map((column) => `${column} is not null`).join(' and ')}`,
        [entity],
      )
      return (rows as unknown as { key: Key }[]).map(({ key }) => key)
    },

    serverImages: async (entity, each) => {
      const sql = sqlByEntity.get(entity)
      if (!sql) return
      await tx.execute(`declare server_images no scroll cursor for ${sql.serverImages}`)
      while (true) {
        const rows = await tx.query(`fetch ${BATCH_ROWS} from server_images`)
        if (rows.length === 0) break
        await each(rows.map((row) => row.image as unknown as Image))
      }
      await tx.execute('close server_images')
    },

    digest: async (entity) => {
      const sql = sqlByEntity.get(entity)
      const [row] = sql ? await tx.query(sql.digest) : []
      return { rows: Number(row?.rows ?? 0), sum: String(row?.sum ?? '0') }
    },

    replaceValues: async (id, attribute, values) => {
      const sql = sqlByEntity.get(id)
      if (!sql || values.size === 0) return 0
      const params = [[...values.keys()], [...values.values()], id]
      const from = 'from unnest($1::text[], $2::text[]) as v(old, new)'
      const place = sql.entity.key.indexOf(attribute) + 1
      if (place > 0)
        for (const table of ['edit', 'shadow'])
          await tx.query(
            `update _syncline.${table} t set key = t.key[:${place - 1}] || v.new || t.key[${place + 1}:]
             ${from} where t.entity = $3 and t.key[${place}] = v.old`,
            params,
          )
      for (const [table, image] of IMAGES)
        await tx.query(
          `update _syncline.${table} t set ${image} = jsonb_set(t.${image}, array[$4], to_jsonb(v.new))
           ${from} where t.entity = $3 and t.${image} ->> $4 = v.old`,
          [...params, attribute],
        )
      const contract = sql.entity.attributes.find((candidate) => candidate.id === attribute)
      if (!contract) return 0
      const column = `"${contract.name.replaceAll('"', '""')}"`
      const type = sql.typeOf.get(attribute)
      const [count] = await tx.query(
        `with replaced as (
           update ${sql.table} t set ${column} = v.new::${type} ${from} where t.${column} = v.old::${type} returning 1
         ) select count(*)::int as rows from replaced`,
        params.slice(0, 2),
      )
      return Number(count?.rows ?? 0)
    },
  }
}

const IMAGES = [
  ['edit', 'set'],
  ['edit', 'was'],
  ['shadow', 'image'],
] as const

function byKey(rows: readonly object[]): Map<string, Image | null> {
  return new Map((rows as { key: Key; image: Image | null }[]).map(({ key, image }) => [keyText(key), image]))
}
