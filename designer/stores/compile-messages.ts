import type { Diagnostic } from '@/designer/compiler/diagnostics'
import type { SqlCheck } from '@/designer/compiler/sql-check/sql-pieces'
import type { Project } from '@/designer/model/project'

export interface CompileRequest {
  readonly request: number
  readonly project: Project
}

export type CompileAnswer =
  | {
      readonly kind: 'compiled'
      readonly request: number
      /** Null where errors stand in the way of a bundle. */
      readonly files: readonly { readonly path: string; readonly text: string }[] | null
      readonly diagnostics: readonly Diagnostic[]
      /** Findings of the checklist that the team has accepted. */
      readonly accepted: readonly Diagnostic[]
      /** What only PostgreSQL can judge. */
      readonly sql: SqlCheck
    }
  | { readonly kind: 'failed'; readonly request: number; readonly message: string }
