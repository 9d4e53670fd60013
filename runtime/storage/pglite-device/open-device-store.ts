/** A device's store over PGlite: opens or makes its database and puts the parts together. */
import type { Bundle, Database, DatabaseTransaction, Random } from '../../contract'
import { DEVICE_STORAGE_VERSION, deviceSchemaSql } from '../../contract/device-schema-sql'
import { uuidFromBytes } from '../../core/uuid'
import { type DeviceStore, IncompatibleStoreError, type StoreCounts } from '../device-store'
import { entitySql } from './entity-sql'
import { nextGroups } from './outbox'
import { applyPull, resumePoint, stagePage, unstage } from './pull'
import { quarantineOf } from './quarantine'
import { settleOutcomes } from './settle'

/**
 * Opens the device's store in `database`, making it where the database is new.
 * Rejects with `IncompatibleStoreError` where another bundle made it; nothing is changed then.
 */
export async function openPGliteDeviceStore(database: Database, bundle: Bundle, random: Random): Promise<DeviceStore> {
  const deviceId = await prepare(database, bundle, random)
  const ranks = new Map(bundle.entities.map((entity, index) => [entity.id, index]))
  const sqlByEntity = new Map(bundle.entities.map((entity) => [entity.id, entitySql(entity, bundle)]))

  const write: DeviceStore['write'] = (nowMs, fn) =>
    database.transaction(async (tx) => {
      await tx.query(`select set_config('syncline.now', $1, true)`, [new Date(nowMs).toISOString()])
      return fn(tx)
    })
  /** A transaction of the sync itself: nothing is captured, no foreign key acts. */
  const uncaptured = <T>(fn: (tx: DatabaseTransaction) => Promise<T>) =>
    database.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica')
      return fn(tx)
    })

  return {
    deviceId,
    write,
    nextGroups: (limit) => nextGroups(database, random, limit, (entity) => ranks.get(entity) ?? 0),
    settle: async (outcomes, nowMs) =>
      outcomes.length === 0 ? [] : [...(await uncaptured((tx) => settleOutcomes(tx, sqlByEntity, outcomes, nowMs)))],
    pullRequests: async (entities) => {
      const rows = await database.query('select entity, cursor from _syncline.cursor')
      const cursors = new Map(rows.map((row) => [row.entity as string, row.cursor as string]))
      return entities.flatMap((id) => {
        const attributes = sqlByEntity.get(id)?.entity.attributes.map((attribute) => attribute.id)
        return attributes ? [{ entity: id, attributes, cursor: cursors.get(id) ?? null }] : []
      })
    },
    resumePoint: (requests) => resumePoint(database, requests),
    stage: (requests, page) => database.transaction((tx) => stagePage(tx, sqlByEntity, requests, page)),
    unstage: () => database.transaction((tx) => unstage(tx, sqlByEntity)),
    apply: (requests, cursor, nowMs) =>
      uncaptured(async (tx) => {
        const applied = await applyPull(tx, sqlByEntity, requests, cursor)
        await setMeta(tx, 'last_synced_at_ms', String(nowMs))
        return applied
      }),
    counts: () => counts(database),
    quarantine: quarantineOf(database, write, sqlByEntity),
    close: () => database.close(),
  }
}

async function prepare(database: Database, bundle: Bundle, random: Random): Promise<string> {
  const [found] = await database.query(`select to_regclass('_syncline.meta') is not null as found`)
  if (found?.found !== true) {
    await database.transaction(async (tx) => {
      await tx.execute(deviceSchemaSql(bundle))
      await setMeta(tx, 'storage_version', String(DEVICE_STORAGE_VERSION))
      await setMeta(tx, 'schema_hash', bundle.schemaHash)
      await setMeta(tx, 'device_id', uuidFromBytes(random.bytes(16)))
    })
    // Lets the database learn the types that were just made.
    await database.execute('select 1')
  }
  const meta = new Map(
    (await database.query('select name, value from _syncline.meta')).map((row) => [row.name, row.value as string]),
  )
  if (meta.get('schema_hash') !== bundle.schemaHash || meta.get('storage_version') !== String(DEVICE_STORAGE_VERSION)) {
    throw new IncompatibleStoreError(
      `This device's database was made by another version of ${bundle.projectName}'s bundle, and this version can't carry it over. ` +
        'Nothing was changed in it. Open it with the bundle that made it and sync, then start with a new database.',
    )
  }
  await database.query(`select set_config('syncline.seed', $1, false)`, [uuidFromBytes(random.bytes(16))])
  // Temporary keys start at random, so that one that was lost in a crash is not made again.
  await database.query(`select setval('_syncline.new_key', $1::bigint)`, [startOfKeys(random)])
  return meta.get('device_id') ?? ''
}

function startOfKeys(random: Random): number {
  return 1 + random.bytes(4).reduce((number, byte) => (number * 256 + byte) % 0x4000_0000, 0)
}

async function setMeta(tx: DatabaseTransaction, name: string, value: string): Promise<void> {
  await tx.query('insert into _syncline.meta values ($1, $2) on conflict (name) do update set value = excluded.value', [
    name,
    value,
  ])
}

async function counts(database: Database): Promise<StoreCounts> {
  const [row] = await database.query(`select
    (select count(*)::int from _syncline.edit) as pending,
    (select case when is_called then last_value else 0 end from _syncline.edit_seq_seq) as edits_made,
    (select count(*)::int from _syncline.quarantine) as quarantined,
    (select value::float8 from _syncline.meta where name = 'last_synced_at_ms') as last_synced_at`)
  return {
    pendingEdits: Number(row?.pending ?? 0),
    editsMade: Number(row?.edits_made ?? 0),
    quarantined: Number(row?.quarantined ?? 0),
    lastSyncedAt: row?.last_synced_at == null ? null : Number(row.last_synced_at),
  }
}
