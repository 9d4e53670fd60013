/** What PostgreSQL says of a project's SQL, asked once for each piece. */
import { type Diagnostic, diagnostic } from '@/designer/compiler/diagnostics'
import { sqlFindings } from '@/designer/compiler/sql-check/sql-findings'
import { sqlPieces } from '@/designer/compiler/sql-check/sql-pieces'
import type { Project, SqlAnswer } from '@/designer/model'
import { createSqlChecker, type SqlChecker } from '@/designer/schema/sql-check/sql-checker'

export interface SqlCheck {
  /** Where PostgreSQL can't be asked, the diagnostics say so. */
  readonly diagnostics: (project: Project) => Promise<readonly Diagnostic[]>
  readonly ask: SqlChecker['ask']
  readonly close: () => Promise<void>
}

/** Of the pieces of some projects; an answer is small, its key some kilobytes. */
const KEPT_ANSWERS = 2000

export function createSqlCheck(checker: SqlChecker = createSqlChecker()): SqlCheck {
  const kept = new Map<string, SqlAnswer>()
  return {
    diagnostics: async (project) => {
      const { pieces, schema } = sqlPieces(project)
      const open = pieces.filter(({ key }) => !kept.has(key))
      const answers = await checker.ask(
        schema,
        open.map(({ question }) => question),
      )
      if (answers.kind === 'unavailable') return [notAsked(answers.message)]
      for (const [index, { key }] of open.entries()) {
        const answer = answers.answers[index]
        if (answer !== undefined) kept.set(key, answer)
      }
      const found = sqlFindings(project, pieces, ({ key }) => kept.get(key) ?? null)
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT_ANSWERS) break
        kept.delete(oldest)
      }
      return found
    },
    ask: checker.ask,
    close: checker.close,
  }
}

/** The diagnostics of one project, for programs that look at one and end. */
export async function checkSql(project: Project): Promise<readonly Diagnostic[]> {
  const check = createSqlCheck()
  try {
    return await check.diagnostics(project)
  } finally {
    await check.close()
  }
}

const notAsked = (reason: string): Diagnostic =>
  diagnostic(
    'SL1005',
    { kind: 'project' },
    `Expressions and scopes were not put to PostgreSQL: ${reason} Check again; if it stays away, try the bundle on a copy of the database first.`,
  )
