/** A device's tables on PGlite: opens or makes its database and puts the parts together. */
import type { Bundle, DeviceTables, StoragePorts, SyncTransaction, TableState } from '../../contract'
import { DEVICE_STORAGE_VERSION, deviceSchemaSql } from '../../contract/device-schema-sql'
import { quoteName } from '../../contract/sql-text'
import { uuidFromBytes } from '../../core/uuid'
import { IncompatibleStoreError } from '../device-store'
import { assertSameProject, sameSchema, type TableSchema, tableSchema } from '../schema-change'
import { sqlLocal } from '../sql-local'
import { refuseTransactionControl } from '../transaction-control'
import type { PGliteDatabase, PGliteTransaction } from './database'
import { entitySql } from './entity-sql'
import { migrateTables } from './migrate'
import { outboxOn } from './outbox'
import { rowsOn } from './rows'
import { stageOn } from './stage'

/**
 * Opens the device's tables in `database`, making them where it is new, and carrying them over where an earlier bundle
 * of the project made them (S3). Rejects with `IncompatibleStoreError` where that can't be; nothing is changed then.
 */
export async function openPGliteTables(
  database: PGliteDatabase,
  bundle: Bundle,
  { randomBytes }: StoragePorts,
): Promise<DeviceTables> {
  const deviceId = await prepare(database, bundle, randomBytes)
  const sqlByEntity = new Map(bundle.entities.map((entity) => [entity.id, entitySql(entity, bundle)]))

  return {
    deviceId,
    write: (nowMs, fn) =>
      database.transaction(async (tx) => {
        await tx.execute(`set local syncline.now = '${new Date(nowMs).toISOString()}'`)
        return fn({
          ...sqlLocal(tx.query),
          query: async (text, params) => {
            refuseTransactionControl(text)
            return tx.query(text, params)
          },
        })
      }),
    sync: (fn) =>
      database.transaction(async (tx) => {
        // Nothing is captured, and no foreign key acts (L11).
        await tx.execute('set local session_replication_role = replica')
        const { flush, ...stage } = stageOn(tx, sqlByEntity)
        const result = await fn({ ...smallThings(tx), ...outboxOn(tx), ...rowsOn(tx, sqlByEntity), ...stage })
        await flush()
        return result
      }),
    state: () => readStatePrepared(database),
    wipe: () =>
      database.transaction(async (tx) => {
        await tx.execute('drop schema _syncline cascade')
        for (const { table } of bundle.entities) await tx.execute(`drop table ${quoteName(table)} cascade`)
        // A domain stands on those before it.
        for (const { name, kind } of bundle.types.toReversed())
          await tx.execute(`drop ${TYPE_KINDS[kind]} ${quoteName(name)} cascade`)
      }),
    close: () => database.close(),
  }
}

const TYPE_KINDS = { enum: 'type', domain: 'domain' } as const

function smallThings(tx: PGliteTransaction): Pick<SyncTransaction, 'state' | 'setMeta' | 'setCursors' | Records> {
  return {
    state: async () => toState(await tx.queryText(STATE)),
    setMeta: (name, value) => setMeta(tx, name, value),
    setCursors: async (cursors) => {
      if (cursors.size === 0) return
      await tx.query(
        `insert into _syncline.cursor select * from unnest($1::text[], $2::text[]) as c(entity, cursor) where c.cursor is not null
         on conflict (entity) do update set cursor = excluded.cursor`,
        [[...cursors.keys()], [...cursors.values()]],
      )
      const forgotten = [...cursors].filter(([, cursor]) => cursor === null).map(([entity]) => entity)
      if (forgotten.length > 0)
        await tx.query('delete from _syncline.cursor where entity = any ($1::text[])', [forgotten])
    },
    putRecord: async (kind, { id, body }) => {
      await tx.query(
        `insert into _syncline.record (kind, id, body) values ($1, $2, $3)
         on conflict (kind, id) do update set body = excluded.body`,
        [kind, id, body],
      )
    },
    records: async (kind) => {
      const rows = await tx.query('select id, body from _syncline.record where kind = $1 order by seq', [kind])
      return rows as unknown as Awaited<ReturnType<SyncTransaction['records']>>
    },
    removeRecord: async (kind, id) => {
      await tx.query('delete from _syncline.record where kind = $1 and id = $2', [kind, id])
    },
  }
}

type Records = 'putRecord' | 'records' | 'removeRecord'

/** One text. Names of the tables' own values begin with an underscore; the others are `setMeta`'s. */
const STATE = `select json_build_object(
    'pending', (select count(*) from _syncline.edit),
    'last_seq', (select case when is_called then last_value else 0 end from _syncline.edit_seq_seq),
    'quarantined', (select count(*) from _syncline.record where kind = 'quarantine'),
    'conflicts', (select count(*) from _syncline.record where kind = 'conflict'),
    'cursors', (select json_object_agg(entity, cursor) from _syncline.cursor),
    'meta', (select json_object_agg(name, value) from _syncline.meta where not starts_with(name, '_')))::text as state`

/** Planning it takes several times as long as running it, and each sync and each write of the app begins with it. */
async function readStatePrepared({ queryText }: Pick<PGliteDatabase, 'queryText'>): Promise<TableState> {
  const execute = () => queryText('execute _syncline_state')
  try {
    return toState(await execute())
  } catch (error) {
    if (!isUnprepared(error)) throw error
    await queryText(`prepare _syncline_state as ${STATE}`)
    return toState(await execute())
  }
}

/** The first time, and after the app has run `discard all`. */
function isUnprepared(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '26000'
}

interface StateText {
  readonly pending: number
  readonly last_seq: number
  readonly quarantined: number
  readonly conflicts: number
  readonly cursors: Readonly<Record<string, string>> | null
  readonly meta: Readonly<Record<string, string>> | null
}

function toState(text: string | null): TableState {
  if (text === null) throw new Error("The device's database has not told its state. Open it again.")
  const { pending, last_seq, quarantined, conflicts, cursors, meta } = JSON.parse(text) as StateText
  return {
    pendingEdits: pending,
    lastSeq: last_seq,
    quarantined,
    conflicts,
    cursors: new Map(Object.entries(cursors ?? {})),
    meta: new Map(Object.entries(meta ?? {})),
  }
}

async function prepare(
  database: PGliteDatabase,
  bundle: Bundle,
  randomBytes: StoragePorts['randomBytes'],
): Promise<string> {
  const [found] = await database.query(`select to_regclass('_syncline.meta') is not null as found`)
  if (found?.found !== true) {
    await database.transaction(async (tx) => {
      await tx.execute(deviceSchemaSql(bundle))
      await setMeta(tx, '_storage_version', String(DEVICE_STORAGE_VERSION))
      await setMeta(tx, '_device_id', uuidFromBytes(randomBytes(16)))
      await setMeta(tx, '_bundle', JSON.stringify(tableSchema(bundle)))
    })
  } else {
    // Nothing else vacuums a device, and the outbox and its shadows come and go all the time.
    await database.execute(
      'vacuum _syncline.edit, _syncline.shadow, _syncline.cursor, _syncline.meta, _syncline.record',
    )
  }
  const meta = new Map(
    (await database.query('select name, value from _syncline.meta')).map((row) => [row.name, row.value as string]),
  )
  const before = JSON.parse(meta.get('_bundle') ?? 'null') as TableSchema | null
  if (before === null || meta.get('_storage_version') !== String(DEVICE_STORAGE_VERSION)) {
    throw new IncompatibleStoreError(
      `This device's database was made by another version of the runtime, and ${bundle.projectName}'s bundle can't carry it over. ` +
        'Nothing was changed in it. Open it with the bundle that made it and sync, then start with a new database.',
    )
  }
  assertSameProject(before, bundle)
  if (!sameSchema(before, bundle))
    await database.transaction(async (tx) => {
      await migrateTables(tx, before, bundle)
      await setMeta(tx, '_bundle', JSON.stringify(tableSchema(bundle)))
    })
  // Lets the database learn the types that were just made.
  await database.execute('select 1')
  await database.query(`select set_config('syncline.seed', $1, false)`, [uuidFromBytes(randomBytes(16))])
  // Temporary keys start at random, so that one that was lost in a crash is not made again.
  await database.query(`select setval('_syncline.new_key', $1::bigint)`, [startOfKeys(randomBytes)])
  return meta.get('_device_id') ?? ''
}

function startOfKeys(randomBytes: StoragePorts['randomBytes']): number {
  return 1 + randomBytes(4).reduce((number, byte) => (number * 256 + byte) % 0x4000_0000, 0)
}

async function setMeta(tx: PGliteTransaction, name: string, value: string | null): Promise<void> {
  if (value === null) return void (await tx.query('delete from _syncline.meta where name = $1', [name]))
  await tx.query('insert into _syncline.meta values ($1, $2) on conflict (name) do update set value = excluded.value', [
    name,
    value,
  ])
}
