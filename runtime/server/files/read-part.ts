/**
 * A part of a file: of a row that the session may see (P4, L8), and beginning with one of the very content that the device
 * knows it by. Where either is not so, there is nothing, and nobody learns which.
 */
import { quoteName } from '../../contract/sql-text'
import { contentSql, valueSql } from '../../contract/value-sql'
import { GET_BYTES } from '../../protocol/file-limits'
import type { GetAnswer, GetRequest } from '../../protocol/file-messages'
import { databaseComplaint } from '../faults'
import { scopeTest, sessionParams, sessionSource } from '../scope'
import type { FileContext } from './file-context'

export async function readPart(
  { database, plans, session }: FileContext,
  { entity, key, attribute: id, name, offset }: GetRequest,
): Promise<GetAnswer['part']> {
  const plan = plans.get(entity)
  const attribute = plan?.attributes.get(id)
  // What a device only sends it can't see.
  if (!plan || attribute?.file === undefined || plan.entity.direction === 'up') return null
  if (key.length !== plan.keyColumns.length) return null
  const content = contentSql(`b.${quoteName(attribute.column)}`, attribute.file)
  const read = scopeTest(plan, 'read')
  // To know a content by its name it is hashed as a whole: for its first part alone. The device checks what it got.
  const isFirst = offset === 0
  const known = isFirst ? [name] : []
  const first = key.length + known.length
  const given = first + 2
  const conditions = [
    ...plan.keyColumns.map((column, index) => `b.${column} = $${index + 1}`),
    ...(isFirst ? [`${valueSql(attribute)} = $${first}::text`] : []),
    ...(read === null ? [] : [read]),
  ]
  try {
    const [row] = await database.query(
      `select octet_length(${content}) as total,
         encode(substring(${content} from $${first + 1}::int + 1 for $${first + 2}::int), 'base64') as content
       from ${plan.base} b${read === null ? '' : ` cross join ${sessionSource(given)}`} where ${conditions.join(' and ')}`,
      [...key, ...known, offset, GET_BYTES, ...(read === null ? [] : sessionParams(session))],
    )
    // PostgreSQL breaks base64 into lines.
    return row ? { total: Number(row.total), content: String(row.content).replaceAll('\n', '') } : null
  } catch (error) {
    // A text that is no key of this type: no row has it.
    if (databaseComplaint(error)?.code.startsWith('22')) return null
    throw error
  }
}
