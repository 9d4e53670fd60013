/** The SQL with which a scope is tried out on rows: the server's condition, over `b` and a session of a test user. */
import type { LocalEntity, Project, ServerAttribute, ServerEntity, TestUser } from '@/designer/model'
import { valueSizeSql } from '@/designer/schema/value-size'
import type { Question } from '../data-source/answers'

/** `$1` are the claims, `$2` the user's name. */
export const SESSION = '(select $1::jsonb as claims, $2::text as user_name, now() as at) session'

export const sessionParams = (user: Pick<TestUser, 'name' | 'claims'>): [string, string] => [
  JSON.stringify(user.claims),
  user.name,
]

export const fromRows = (root: ServerEntity): string => `${quoted(root.schema)}.${quoted(root.name)} b`

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const column = (name: string): string => `b.${quoted(name)}`

/** All rows of the table, and those that a user's device holds with the bytes of the attributes it takes. */
export function countQuestions(
  root: ServerEntity,
  entity: LocalEntity,
  serverTypes: Project['serverTypes'],
  where: string | null,
  users: readonly Pick<TestUser, 'name' | 'claims'>[],
): readonly Question[] {
  const columns = Object.values(entity.attributes).flatMap(({ source, transfer }) =>
    source.kind === 'root' && transfer === 'inline' ? (root.attributes[source.attribute] ?? []) : [],
  )
  // Documents as they lie on the disk: to write out those of all rows may take longer than anybody waits for a count.
  const sizeOf = (attribute: ServerAttribute) =>
    valueSizeSql({ serverTypes }, attribute, column(attribute.name), { documents: false })
  const size = columns.map((attribute) => `coalesce(${sizeOf(attribute)}, 0)`).join(' + ') || '0'
  const sums = `count(*)::text as rows, coalesce(sum(${size}), 0)::text as bytes`
  return [
    { sql: `select ${sums} from ${fromRows(root)}`, params: [] },
    ...users.map((user) => ({
      sql: `select ${sums} from ${fromRows(root)} cross join ${SESSION} where coalesce((${where ?? 'true'}\n), false)`,
      params: sessionParams(user),
    })),
  ]
}

/** How a row is known to people: its key, and the first of its texts. */
export function rowsQuestion(root: ServerEntity, search: string, limit: number): Question {
  const keys = keyColumns(root)
  const label = labelColumn(root)
  const shown = label === null ? `null` : `left(${column(label)}::text, 80)`
  const searched = [...keys, ...(label === null ? [] : [label])]
    .map((name) => `${column(name)}::text ilike $1`)
    .join(' or ')
  return {
    sql: `select jsonb_build_array(${keys.map((name) => `${column(name)}::text`).join(', ')})::text as key, ${shown} as label
      from ${fromRows(root)}
      where ${search === '' ? '$1::text is not null' : searched}
      order by ${keys.map((name) => column(name)).join(', ')} limit ${limit}`,
    params: [`%${search.replace(/[\\%_]/g, '\\$&')}%`],
  }
}

export const keyColumns = (root: ServerEntity): readonly string[] =>
  root.primaryKey.flatMap((id) => root.attributes[id]?.name ?? [])

const NAMES = /name|title|label|subject|description|number|code|email/i

/** Some of the rows as `b`, in the order of their key. */
export const sliceOf = (root: ServerEntity, from: number, rows: number): string =>
  `(select * from ${fromRows(root)} order by ${keysOf(root)} offset ${from} limit ${rows}) b`

/** The key of one row, as people read it. */
export const keyOfRowAt = (root: ServerEntity, at: number): Question => ({
  sql: `select concat_ws(', ', ${keysOf(root)}) as key from ${fromRows(root)} order by ${keysOf(root)} offset ${at} limit 1`,
  params: [],
})

const keysOf = (root: ServerEntity): string =>
  keyColumns(root)
    .map((name) => column(name))
    .join(', ')

/** The column by which people most likely know a row; null where there is no text. */
function labelColumn(root: ServerEntity): string | null {
  const texts = Object.values(root.attributes)
    .filter(({ id, type }) => !root.primaryKey.includes(id) && /^(text|character varying|citext)/.test(type))
    .sort((a, b) => a.order - b.order)
  return (texts.find(({ name }) => NAMES.test(name)) ?? texts[0])?.name ?? null
}

/** Conditions and values of one row, each as a column; no row where the key is not there. */
export function askOfRow(
  root: ServerEntity,
  key: readonly string[],
  user: Pick<TestUser, 'name' | 'claims'>,
  expressions: readonly string[],
): Question {
  const columns = ['true as found', ...expressions.map((sql, index) => `(${sql}\n) as v${index}`)]
  const where = keyColumns(root).map((name, index) => `${column(name)}::text = $${index + 3}`)
  return {
    // The session's values are used in any case, so that their types are known.
    sql: `select ${columns.join(', ')} from ${fromRows(root)} cross join ${SESSION} where ${where.join(' and ')}`,
    params: [...sessionParams(user), ...key],
  }
}

/** The project as the page has it: its own scope may not be saved yet. */
export function withScope(
  project: Project,
  entity: LocalEntity,
  which: 'read' | 'write',
  scope: LocalEntity['scope'],
): { readonly project: Project; readonly entity: LocalEntity } {
  const changed = which === 'read' ? { ...entity, scope } : { ...entity, writeScope: scope }
  return {
    entity: changed,
    project: { ...project, localEntities: { ...project.localEntities, [entity.id]: changed } },
  }
}
