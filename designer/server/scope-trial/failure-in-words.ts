import type { Project, ServerEntity } from '@/designer/model'
import type { Answer } from '../data-source/answers'

/** What a question was about that has a scope in it: somebody may have typed it. */
export interface AskedScope {
  readonly project: Project
  /** The scope's `b`. */
  readonly root: ServerEntity
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
      return `A value does not fit the column that it is compared with: ${said}. On a server, this user’s sync would fail. Change the claim, or compare it with another column.`
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
      return `PostgreSQL refused the question: ${said}.`
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
