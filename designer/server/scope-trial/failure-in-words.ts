import { readScope } from '@/designer/compiler/2-lower/scopes/read-scope'
import type { Project, Scope, ServerEntity } from '@/designer/model'
import type { Answer } from '../data-source/answers'

/** What a question was about that has a scope in it: somebody may have typed it. */
export interface AskedScope {
  readonly project: Project
  /** The scope's `b`. */
  readonly root: ServerEntity
  readonly scope: Scope
}

/**
 * What PostgreSQL refused, as somebody who designs a scope needs to hear it. `asked` is null where the question has
 * no scope, so that each name in it is one of the schema.
 */
export function failureInWords(
  { code, message }: Extract<Answer, { kind: 'failed' }>,
  asked: AskedScope | null,
): string {
  const said = message.replace(/\s+/g, ' ').trim()
  switch (code) {
    case 'timeout':
      return 'Counting took longer than 10 seconds. Compare columns that have an index, or try it on sample data.'
    case '22P02':
    case '22003':
    case '22007':
    case '22008':
      return unfit(code, said, asked)
    case '21000':
      return `A subquery gives several rows where one value is wanted: ${said}. ${WOULD_FAIL} Ask with in (select …) or exists (select …).`
    case '22012':
      return 'It divides by zero, and on a server this user’s sync would fail. Guard the divisor, as in b.total / nullif(b.pieces, 0).'
    case '42501':
      return `The connection may not read this: ${said}. Grant it SELECT, or connect as another user.`
    case '42P01':
      if (asked !== null && !isTableOfSchema(asked, said)) {
        return `The scope names a table that does not exist: ${said}. Name a table of the schema, with the schema that it is in.`
      }
      return `The database is not as the schema says: ${said}. Import the schema again.`
    case '42703':
      if (asked !== null && !isColumnOfSchema(asked, said)) {
        return `The scope names a column that does not exist: ${said}. Name a column that is there, as in b.${firstColumn(asked.root)}.`
      }
      return `The database is not as the schema says: ${said}. Import the schema again.`
    case '42883':
    case '42725':
      return `PostgreSQL knows no such function or operator for these types: ${said}. Cast one side, such as b.id::text.`
    case '42601':
      return `PostgreSQL can’t read the condition: ${said}.`
    default:
      return code.startsWith('22')
        ? `It fails for a value: ${said}. ${WOULD_FAIL} Leave such values out, as in case when … then … end.`
        : `PostgreSQL refused the question: ${said}.`
  }
}

const WOULD_FAIL = 'On a server, this user’s sync would fail.'

/** A value of a row, or of the user's claims: which of them PostgreSQL does not say. */
function unfit(code: '22P02' | '22003' | '22007' | '22008', said: string, asked: AskedScope | null): string {
  const scope = asked?.scope.kind === 'sql' ? asked.scope : null
  if (asked === null || scope === null) {
    return `A value does not fit the column that it is compared with: ${said}. ${WOULD_FAIL} Change the claim, or compare it with another column.`
  }
  const rule = readScope(asked.project, asked.root, scope).rule
  const hasClaims = rule !== null && (rule.claims === null || rule.claims.length > 0)
  const claim = hasClaims ? 'Change the claim, if it is the claim’s value; if it is a row’s, ' : ''
  const advice = (words: string): string =>
    hasClaims ? `${claim}${words}` : words.replace(/^./, (l) => l.toUpperCase())
  switch (code) {
    case '22003':
      return `A number is out of the range of its type: ${said}. ${WOULD_FAIL} ${advice('work it out in a wider type, as in b.total::numeric * 1000.')}`
    case '22P02':
      return `A value can’t be read as the type that is wanted: ${said}. ${WOULD_FAIL} ${advice("cast only what fits, as in case when b.code ~ '^[0-9]+$' then b.code::integer end.")}`
    case '22007':
    case '22008':
      return `A value can’t be read as a date or a time: ${said}. ${WOULD_FAIL} ${advice("cast only what fits, as in case when b.day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then b.day::date end.")}`
  }
}

/** Of a column the message has `b.city` or `"city"`, of a table `"orders"` or `"sales.orders"`; in other languages too. */
const NAME = /["«„]([^"»“«]+)["»“«]|([^\s"]+\.[^\s"]+)/

function nameIn(said: string): readonly string[] {
  const [, quoted, dotted] = NAME.exec(said) ?? []
  return (quoted ?? dotted ?? '').split('.')
}

function isTableOfSchema({ project }: AskedScope, said: string): boolean {
  // `missing FROM-clause entry for table "orders"`: the table may be there, and the scope does not read from it.
  if (said.includes('FROM')) return false
  const [name, schema = 'public'] = nameIn(said).toReversed()
  return Object.values(project.serverEntities).some((entity) => entity.name === name && entity.schema === schema)
}

function isColumnOfSchema({ project, root }: AskedScope, said: string): boolean {
  const [name, table] = nameIn(said).toReversed()
  if (table === 'session') return false
  // Which table another name stands for is not known here: any may be meant.
  const tables = table === 'b' ? [root] : Object.values(project.serverEntities)
  return tables.some(({ attributes }) => Object.values(attributes).some((attribute) => attribute.name === name))
}

const firstColumn = ({ attributes, primaryKey }: ServerEntity): string =>
  (attributes[primaryKey[0] ?? ''] ?? Object.values(attributes)[0])?.name ?? 'id'
