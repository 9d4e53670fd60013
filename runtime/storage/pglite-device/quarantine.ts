/** Groups that the server refused: kept until somebody tries them again or gives them up. */
import type {
  Database,
  DatabaseTransaction,
  QuarantinedEdit,
  QuarantinedGroup,
  RefusalReason,
  Row,
} from '../../contract'
import { columnType } from '../../contract/device-schema-sql'
import { quoteName } from '../../contract/sql-text'
import type { DeviceStore } from '../device-store'
import { attributeById, type EntitySql, type SqlByEntity } from './entity-sql'

export function quarantineOf(
  database: Database,
  write: DeviceStore['write'],
  sqlByEntity: SqlByEntity,
): DeviceStore['quarantine'] {
  return {
    list: async () => {
      const rows = await database.query('select * from _syncline.quarantine order by refused_at_ms, group_id')
      return rows.map((row) => toGroup(row, sqlByEntity))
    },
    retry: (id, nowMs) =>
      write(nowMs, async (tx) => {
        const [row] = await tx.query('delete from _syncline.quarantine where group_id = $1::uuid returning edits', [id])
        if (!row)
          throw new Error(
            `There is no quarantined group ${id}. It was retried or discarded before; list the quarantine again.`,
          )
        for (const edit of row.edits as unknown as StoredEdit[]) await makeAgain(tx, edit, sqlByEntity)
      }),
    discard: async (id) => {
      await database.query('delete from _syncline.quarantine where group_id = $1::uuid', [id])
    },
  }
}

interface StoredEdit {
  readonly entity: string
  readonly op: QuarantinedEdit['op']
  readonly key: string[]
  readonly set: Record<string, string | null>
}

function toGroup(row: Row, sqlByEntity: SqlByEntity): QuarantinedGroup {
  return {
    id: row.group_id as string,
    reason: row.reason as RefusalReason,
    message: row.message as string,
    refusedAt: Number(row.refused_at_ms),
    edits: (row.edits as unknown as StoredEdit[]).map((edit) => describe(edit, sqlByEntity)),
  }
}

function describe({ entity: id, op, key, set }: StoredEdit, sqlByEntity: SqlByEntity): QuarantinedEdit {
  const sql = sqlByEntity.get(id)
  if (!sql) return { entity: id, op, key: {}, set }
  const named = Object.entries(set).map(
    ([attribute, value]) => [attributeById(sql.entity, attribute).name, value] as const,
  )
  return {
    entity: sql.entity.name,
    op,
    key: Object.fromEntries(sql.keyAttributes.map((attribute, index) => [attribute.name, key[index] ?? null])),
    set: Object.fromEntries(named),
  }
}

/** Makes an edit as if the user made it now, so that it is captured anew on the row as it is. */
async function makeAgain(tx: DatabaseTransaction, edit: StoredEdit, sqlByEntity: SqlByEntity): Promise<void> {
  const sql = sqlByEntity.get(edit.entity)
  if (!sql) return
  const [found] = await tx.query(sql.readImage, [edit.key])
  if (edit.op === 'delete') return void (await tx.query(sql.removeRow, [edit.key]))
  if (found || edit.op === 'create') return writeAttributes(tx, sql, edit, found !== undefined)
  throw new Error(
    `A row of ${sql.entity.name} that the edit changes is no longer on this device, so the edit can't be made again. ` +
      'Create the row anew with the values shown in the quarantine, then discard the group.',
  )
}

async function writeAttributes(
  tx: DatabaseTransaction,
  sql: EntitySql,
  edit: StoredEdit,
  exists: boolean,
): Promise<void> {
  const attributes = sql.entity.attributes.filter((attribute) => attribute.id in edit.set)
  const values = attributes.map((attribute) => edit.set[attribute.id] ?? null)
  const columns = attributes.map((attribute) => quoteName(attribute.name))
  const table = quoteName(sql.entity.table)
  if (!exists) {
    await tx.query(
      `insert into ${table} (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
      values,
    )
    return
  }
  const key = sql.keyAttributes.map(
    (attribute, index) =>
      `${quoteName(attribute.name)} = $${columns.length + index + 1}::text::${columnType(attribute, { types: sql.types })}`,
  )
  const changes = columns.map((column, index) => `${column} = $${index + 1}`)
  await tx.query(`update ${table} set ${changes.join(', ')} where ${key.join(' and ')}`, [...values, ...edit.key])
}
