/** The compiler's public surface. It runs anywhere; `link.ts` is for Node and is imported by its own path. */
export type { CompiledFile } from './3-emit/file'
export { type CompileResult, type CompileSummary, compile } from './compile'
export {
  DIAGNOSTICS,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticTarget,
  type Fix,
  type FixEdit,
  fixesOf,
  hasErrors,
  type ScopePlace,
  type Severity,
} from './diagnostics'
export { applyFix } from './fixes'
