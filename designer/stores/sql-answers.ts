import type { SqlCheck, SqlPiece } from '@/designer/compiler/sql-check/sql-pieces'
import type { ServerSchema } from '@/designer/model/project'
import type { SqlAnswer, SqlAnswers, SqlQuestion } from '@/designer/model/sql-question'

/** Whether PostgreSQL has been asked about the project's expressions and scopes. */
export type SqlAsking =
  | { readonly kind: 'answered' }
  | { readonly kind: 'asking'; readonly pieces: number }
  /** Nobody answers: why. Answers that are there still hold. */
  | { readonly kind: 'away'; readonly pieces: number; readonly message: string }

export interface SqlAnswersPorts {
  /** Rejects where the server is away. */
  readonly ask: (schema: ServerSchema, questions: readonly SqlQuestion[]) => Promise<SqlAnswers>
  /** Calls later, unless the answered function is called first. */
  readonly after: (delayMs: number, fn: () => void) => () => void
  readonly onChange: () => void
}

export interface KnownSqlAnswers {
  /** The project has these pieces now; those without an answer are asked about once it has come to rest. */
  readonly want: (check: SqlCheck) => void
  readonly answerOf: (piece: SqlPiece) => SqlAnswer | null
  readonly asking: () => SqlAsking
  readonly askAgain: () => void
  readonly stop: () => void
}

/** After the compiler's own rest: while somebody types, half words are not worth a question. */
const QUIET_MS = 300
const RETRY_MS = 15_000
/** Undo and redo find their answers again; each is small, its key some kilobytes. */
const MOST_KEPT = 500

export function createSqlAnswers({ ask, after, onChange }: SqlAnswersPorts): KnownSqlAnswers {
  const answers = new Map<string, SqlAnswer>()
  let wanted: SqlCheck = { pieces: [], schema: { serverTypes: {}, serverEntities: {} } }
  let running = false
  let stopped = false
  let away: string | null = null
  let cancel = () => undefined as unknown

  const open = (): SqlPiece[] => {
    const known = new Set<string>()
    return wanted.pieces.filter(({ key }) => !answers.has(key) && !known.has(key) && known.add(key))
  }

  const later = (delayMs: number) => {
    cancel()
    cancel = after(delayMs, () => void askNow())
  }

  const askNow = async (): Promise<void> => {
    const pieces = open()
    if (running || stopped || pieces.length === 0) return
    running = true
    const given = await ask(
      wanted.schema,
      pieces.map(({ question }) => question),
    ).catch((): SqlAnswers => ({ kind: 'unavailable', message: 'The server is away.' }))
    running = false
    if (stopped) return
    if (given.kind === 'answered') {
      away = null
      for (const [index, { key }] of pieces.entries()) {
        const answer = given.answers[index]
        if (answer !== undefined) answers.set(key, answer)
      }
      forgetOldest()
    } else away = given.message
    // What came up meanwhile is asked next; who is away is given time.
    if (open().length > 0) later(away === null ? QUIET_MS : RETRY_MS)
    onChange()
  }

  const forgetOldest = () => {
    const used = new Set(wanted.pieces.map(({ key }) => key))
    for (const key of answers.keys()) {
      if (answers.size <= MOST_KEPT) break
      if (!used.has(key)) answers.delete(key)
    }
  }

  return {
    want: (check) => {
      wanted = check
      if (open().length > 0) later(QUIET_MS)
    },
    answerOf: ({ key }) => answers.get(key) ?? null,
    asking: () => {
      const pieces = open().length
      if (pieces === 0) return { kind: 'answered' }
      return away === null ? { kind: 'asking', pieces } : { kind: 'away', pieces, message: away }
    },
    askAgain: () => {
      away = null
      later(0)
      onChange()
    },
    stop: () => {
      stopped = true
      cancel()
    },
  }
}
