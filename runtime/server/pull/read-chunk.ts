/**
 * Some rows of one entity, in the order of its key: of the whole table, or of what changed since a snapshot.
 *
 * Every value is selected as text, so that the wire carries PostgreSQL's own form (V1). Keys are compared as their
 * column's type, because parameters take the type of what they are compared with.
 */
import type { DatabaseTransaction } from '../../contract/api'
import { quoteName } from '../../contract/sql-text'
import type { WireValue } from '../../protocol/messages'
import type { EntityPlan } from '../plan'

export interface ChunkPlace {
  /** Attribute ids, in the order in which the device wants them. */
  readonly attributes: readonly string[]
  /** Null reads the whole table. */
  readonly since: string | null
  readonly after: readonly string[] | null
  readonly limit: number
}

export interface ChunkRow {
  readonly key: readonly string[]
  /** Null where the row is deleted. */
  readonly values: readonly WireValue[] | null
}

export async function readChunk(tx: DatabaseTransaction, plan: EntityPlan, place: ChunkPlace): Promise<ChunkRow[]> {
  const { sql, params } = place.since === null ? fullSql(plan, place) : deltaSql(plan, place, place.since)
  const rows = await tx.query(sql, params)
  return rows.map((row) => ({
    key: plan.keyColumns.map((_, index) => String(row[`key_${index}`])),
    values: row.present ? place.attributes.map((_, index) => (row[`value_${index}`] ?? null) as WireValue) : null,
  }))
}

interface Sql {
  readonly sql: string
  readonly params: readonly unknown[]
}

function fullSql(plan: EntityPlan, place: ChunkPlace): Sql {
  const keys = plan.keyColumns.map((column) => `b.${column}`)
  const params: unknown[] = [...(place.after ?? []), place.limit]
  const where = place.after === null ? '' : `where ${isAfter(keys, 0)}`
  return {
    sql: `select true as present, ${keyTexts(keys)}${valueTexts(plan, place)} from ${plan.base} b ${where}
      order by ${keys.join(', ')} limit $${params.length}`,
    params,
  }
}

/** The tracking table says which keys changed, the table itself what they are now: a missing row was deleted. */
function deltaSql(plan: EntityPlan, place: ChunkPlace, since: string): Sql {
  const keys = plan.trackColumns.map((column) => `t.${column}`)
  const params: unknown[] = [since, ...(place.after ?? []), place.limit]
  const after = place.after === null ? '' : `and ${isAfter(keys, 1)}`
  const joined = keys.map((key, index) => `b.${plan.keyColumns[index]} = ${key}`).join(' and ')
  return {
    sql: `select b.tableoid is not null as present, ${keyTexts(keys)}${valueTexts(plan, place)}
      from ${plan.track} t left join ${plan.base} b on ${joined}
      where t.xid >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(t.xid, $1::pg_snapshot) ${after}
      order by ${keys.join(', ')} limit $${params.length}`,
    params,
  }
}

/** Parameters `$offset + 1` and on are the key. */
function isAfter(keys: readonly string[], offset: number): string {
  return `(${keys.join(', ')}) > (${keys.map((_, index) => `$${offset + index + 1}`).join(', ')})`
}

function keyTexts(keys: readonly string[]): string {
  return keys.map((key, index) => `${key}::text as key_${index}`).join(', ')
}

function valueTexts(plan: EntityPlan, { attributes }: ChunkPlace): string {
  return attributes
    .map((id, index) => `, b.${quoteName(plan.attributes.get(id)?.column ?? '')}::text as value_${index}`)
    .join('')
}
