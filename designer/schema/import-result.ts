/** What an import answers: a schema with an account of what was left out, or the reason why there is none. */
import type { ServerSchema } from '@/designer/model/project'

export type ImportResult = Imported | ImportFailure

export interface Imported {
  readonly kind: 'imported'
  readonly schema: ServerSchema
  /** From the file's or the database's name, for the new project. */
  readonly suggestedName: string
  /** What was not taken over as it stands, in the order of the source. */
  readonly skipped: readonly SkippedStatement[]
  /** Exact counts by server entity id; empty where the source brought no rows. */
  readonly rowCounts: { readonly [serverEntity: string]: number }
  /** A gzipped PGlite data directory for `loadDataDir`, of the PGlite version installed here. */
  readonly startData: Uint8Array | null
  /** Extensions that whoever opens `startData` has to load to use their types and functions. */
  readonly extensions: readonly string[]
}

export interface ImportFailure {
  readonly kind: 'failed'
  readonly reason: ImportFailureReason
  /** What happened, why, and what to do. */
  readonly message: string
  /** Where in the dump, from 1. */
  readonly line?: number
  readonly column?: number
  readonly excerpt?: string
}

export type ImportFailureReason =
  | 'empty'
  | 'no-tables'
  | 'too-large'
  | 'not-text'
  | 'archive'
  | 'other-database'
  | 'syntax'
  | 'truncated'
  | 'not-committed'
  | 'wrong-url'
  | 'unreachable'
  | 'refused'
  | 'cancelled'
  | 'broken'

/** One statement, or one thing found in a live database, that was left out or replaced. */
export interface SkippedStatement {
  /** Line in the dump; null where the source is a live database. */
  readonly line: number | null
  readonly statement: string
  readonly kind: SkipKind
  readonly reason: string
  /** What was done in its place. */
  readonly instead: string | null
}

/**
 * `definition` and `data` mean that something of the user's is missing from the import. The others play no
 * part in a schema (`code` are functions, triggers, policies and plain indexes), or were replaced.
 */
export type SkipKind =
  | 'extension'
  | 'type'
  | 'schema'
  | 'role'
  | 'database'
  | 'setting'
  | 'command'
  | 'maintenance'
  | 'transaction'
  | 'code'
  | 'definition'
  | 'data'

export interface ImportProgress {
  /** `running` is of a dump, `copying` of a live database. */
  readonly phase: 'reading' | 'running' | 'copying' | 'catalogue' | 'packing'
  readonly done: number
  /** Bytes of a dump that is read or run, tables otherwise; null while it is not known. */
  readonly total: number | null
  /** Copied so far. */
  readonly rows?: number
}
