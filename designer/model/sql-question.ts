/**
 * What is asked of PostgreSQL about a piece of SQL in a project, and what it answers. Plain data: the compiler asks, and
 * whoever has a database at hand answers.
 */

export interface SqlQuestion {
  /** The piece as the server puts it; it is planned and never run. Its parameters are a session's. */
  readonly statement: string
  /** The same with the text as people wrote it, which begins at `start`; null where nobody wrote SQL. */
  readonly typed: { readonly statement: string; readonly start: number } | null
  /** A query of one column, which has the piece's type. */
  readonly value: string
  /** The type that it was given, if it was given one. */
  readonly declaredType: string | null
  /** Statements about its parts: which of them is refused says where it fails. */
  readonly parts: readonly string[]
  /** Ids of the server entities that it may name. */
  readonly tables: readonly string[]
}

export interface SqlType {
  /** As `format_type` prints it. */
  readonly name: string
  /** The same without what is in parentheses. */
  readonly base: string
}

export type SqlAnswer =
  | { readonly kind: 'accepted'; readonly type: SqlType; readonly declared: SqlType | null }
  | {
      readonly kind: 'refused'
      /** PostgreSQL's five letters. */
      readonly code: string
      readonly message: string
      /** Where in the typed text it stopped, in UTF-16 units; null where it does not say. */
      readonly position: number | null
      /** What it would be, where that can be told in spite of the refusal. */
      readonly type: SqlType | null
      /** Indices of the parts that are refused too. */
      readonly parts: readonly number[]
      /** It names what may well be in the database, and is not in the schema that was imported: a function, a table. */
      readonly outside: boolean
    }

export type SqlAnswers =
  | { readonly kind: 'answered'; readonly answers: readonly SqlAnswer[] }
  /** PostgreSQL could not be asked: why. */
  | { readonly kind: 'unavailable'; readonly message: string }
