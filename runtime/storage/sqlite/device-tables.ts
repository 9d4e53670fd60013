/** A device's tables in one SQLite database. */
import type { Bundle, DeviceTables, StoragePorts } from '../../contract'
import { sqliteTriggerNames, sqliteTriggers } from '../../contract/device-schema-sqlite'
import { quoteName } from '../../contract/sql-text'
import { uuidFromBytes } from '../../core/uuid'
import { columnTypeOf } from '../column-type/column-type'
import { formatInstant, startOfKeys } from '../default-values'
import { within } from '../within'
import type { Connection } from './connection'
import type { SqliteValue } from './driver'
import { entitySql, storedValue } from './entity-sql'
import { sqliteLocal } from './local-transaction'
import { prepareDatabase } from './migrate'
import { transactionName } from './outbox'
import { dropStaged, type Triggers } from './stage'
import { readState, sqliteSync } from './sync-transaction'

export async function openSqliteTables(
  connection: Connection,
  bundle: Bundle,
  { randomBytes }: StoragePorts,
): Promise<DeviceTables> {
  const sqlByEntity = new Map(bundle.entities.map((entity) => [entity.id, entitySql(entity, bundle)]))
  let nowMs: number | null = null
  let nextKey = startOfKeys(randomBytes(4))
  let isOver = false

  const { driver, run, one } = connection
  driver.defineFunction('syncline_now', 1, (type) => {
    if (nowMs === null) throw new Error('There is no local transaction, so there is no time.')
    return columnTypeOf({ type: String(type), sensitive: false }, bundle.types).canonical(formatInstant(nowMs))
  })
  driver.defineFunction('syncline_uuid', 0, () => uuidFromBytes(randomBytes(16)))
  driver.defineFunction('syncline_key', 1, (bound) => {
    nextKey += 1
    return -1 - (nextKey % Number(bound))
  })
  defineConvert(connection, sqlByEntity)
  await connection.transaction('sync', async () =>
    prepareDatabase(connection, bundle, () => uuidFromBytes(randomBytes(16))),
  )

  const triggers: Triggers = {
    drop: (id) => {
      for (const name of sqliteTriggerNames(entityOf(bundle, id))) run(`drop trigger if exists ${quoteName(name)}`)
    },
    create: (id) => {
      for (const trigger of sqliteTriggers(entityOf(bundle, id), bundle)) driver.execute(trigger)
    },
  }
  const local = sqliteLocal(connection, sqlByEntity)
  const assertOpen = () => {
    if (isOver) throw new Error('This device was closed. Open it again to go on.')
  }
  const lastSeq = () => Number(one(`select seq from sqlite_sequence where name = '_syncline_edit'`) ?? 0)
  /** What other programs have written since is one transaction: none of theirs is torn apart (C2). */
  const adoptForeign = () => {
    const first = one('select min(seq) from _syncline_edit where tx is null')
    if (first != null) run('update _syncline_edit set tx = ? where tx is null', [transactionName(first)])
  }

  return {
    deviceId: String(await connection.alone(() => one('select device_id from _syncline_device'))),
    write: (atMs, fn) =>
      connection.transaction('local', async () => {
        assertOpen()
        const before = lastSeq()
        nowMs = atMs
        try {
          const result = await within(local.transaction, fn)
          const after = lastSeq()
          if (after > before) {
            adoptForeignBefore(connection, before)
            local.settleTexts(before)
            run('update _syncline_edit set tx = ?, at = ? where seq > ? and tx is null', [
              transactionName(before + 1),
              BigInt(atMs),
              before,
            ])
          }
          return result
        } finally {
          nowMs = null
        }
      }),
    sync: (fn) =>
      connection.transaction('sync', async () => {
        assertOpen()
        adoptForeign()
        run('update _syncline_device set capturing = 0')
        const { flush, ...sync } = sqliteSync(connection, sqlByEntity, triggers)
        const result = await within(sync, fn)
        flush()
        run('update _syncline_device set capturing = 1')
        return result
      }),
    state: () =>
      connection.alone(() => {
        assertOpen()
        return readState(connection)
      }),
    wipe: () =>
      connection.alone(() => {
        assertOpen()
        isOver = true
        wipe(connection, bundle)
      }),
    close: connection.close,
  }
}

function adoptForeignBefore({ one, run }: Connection, seq: number): void {
  const first = one('select min(seq) from _syncline_edit where tx is null and seq <= ?', [seq])
  if (first != null)
    run('update _syncline_edit set tx = ? where tx is null and seq <= ?', [transactionName(first), seq])
}

/** The text of one type as a value of another, as a new column holds it; null where it is none. */
function defineConvert({ driver }: Connection, sqlByEntity: ReadonlyMap<string, ReturnType<typeof entitySql>>): void {
  driver.defineFunction('syncline_convert', 2, (text: SqliteValue = null, place: SqliteValue = null) => {
    const [entity = '', attribute = ''] = JSON.parse(String(place)) as string[]
    const column = sqlByEntity.get(entity)?.columnById.get(attribute)
    if (!column || text === null) return null
    try {
      return storedValue(column, column.type.canonical(String(text)))
    } catch {
      return null
    }
  })
}

function entityOf(bundle: Bundle, id: string): Bundle['entities'][number] {
  const entity = bundle.entities.find((candidate) => candidate.id === id)
  if (!entity) throw new Error(`There is no entity ${id} on this device.`)
  return entity
}

/** The pages that held the rows are given back, so that nothing of them stays in the file. */
function wipe(connection: Connection, bundle: Bundle): void {
  const { driver, run } = connection
  driver.execute('pragma foreign_keys = off; begin immediate')
  dropStaged(connection)
  for (const { table } of bundle.entities) run(`drop table if exists ${quoteName(table)}`)
  for (const name of ['device', 'meta', 'cursor', 'edit', 'shadow', 'staged', 'record'])
    run(`drop table if exists _syncline_${name}`)
  driver.execute('commit; vacuum; pragma foreign_keys = on')
}
