/**
 * The compiler: a project becomes the text of a bundle, or the list of what is wrong with it.
 *
 *   project ─► validate ─► lower ─► IR ─► emit ─► files
 *                  └─► diagnostics
 *
 * Invariants
 * - Pure and deterministic: the same project, in any order of keys, gives the same bytes.
 * - A user's mistake is a diagnostic and never throws; there are files exactly if no diagnostic is an error.
 * - It runs in a browser as it runs on a server. What needs a native tool, the linking of the text with the
 *   runtime into `device.js` and `server.js`, is in `link.ts`.
 */
import type { Project } from '@/designer/model'
import { validate } from './1-validate/validate'
import { lower } from './2-lower/lower'
import { emit } from './3-emit/emit'
import type { CompiledFile } from './3-emit/file'
import { runChecklist } from './checklist/checklist'
import { type Diagnostic, hasErrors } from './diagnostics'
import type { Ir } from './ir'

export interface CompileResult {
  readonly diagnostics: readonly Diagnostic[]
  /** Findings of the checklist that the team has accepted; they are not among the diagnostics. */
  readonly accepted: readonly Diagnostic[]
  /** Null where the project has errors. */
  readonly files: readonly CompiledFile[] | null
  /** Null where the project has errors. */
  readonly summary: CompileSummary | null
}

export interface CompileSummary {
  readonly projectId: string
  readonly projectName: string
  readonly schemaHash: string
  /** Accessors. */
  readonly entities: readonly string[]
  readonly units: readonly string[]
}

export function compile(project: Project): CompileResult {
  const { open, accepted } = runChecklist(project)
  const diagnostics = [...validate(project), ...open]
  if (hasErrors(diagnostics)) return { diagnostics, accepted, files: null, summary: null }
  const ir = lower(project)
  return { diagnostics, accepted, files: emit(ir), summary: summaryOf(ir) }
}

const summaryOf = (ir: Ir): CompileSummary => ({
  projectId: ir.projectId,
  projectName: ir.projectName,
  schemaHash: ir.schemaHash,
  entities: ir.entities.map(({ contract }) => contract.name),
  units: ir.units.map(({ name }) => name),
})
