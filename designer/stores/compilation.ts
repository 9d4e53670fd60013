import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Diagnostic, DiagnosticTarget, Severity } from '@/designer/compiler/diagnostics'
import type { Project } from '@/designer/model/project'
import type { CompileAnswer, CompileRequest } from './compile-messages'
import type { ProjectStore } from './project-store'

export interface EmittedFile {
  readonly path: string
  readonly text: string
}

export interface ProblemCount {
  readonly errors: number
  readonly warnings: number
}

export interface CompilationState {
  readonly kind: 'waiting' | 'compiling' | 'ready' | 'failed'
  /** Why the compiler itself gave up; never a mistake of the user's. */
  readonly fault: string | null
  /** As last compiled; kept while the project has errors, so that the code does not vanish on every slip. */
  readonly files: readonly EmittedFile[]
  /** True where `files` are older than the project, because that has errors. */
  readonly outdated: boolean
  readonly diagnostics: readonly Diagnostic[]
  /** Findings of the checklist that the team has accepted; they are not among the diagnostics. */
  readonly accepted: readonly Diagnostic[]
  readonly problemsByTarget: ReadonlyMap<string, ProblemCount>
}

export interface CompilationStore extends StoreApi<CompilationState> {
  /** Compiles the project now and after each change of it; answers a function that ends that. */
  readonly follow: (project: ProjectStore) => () => void
}

/** Compiling is quick, but not so quick that every key should start it. */
const DEBOUNCE_MS = 200

/** What the compiler says of the project, from a worker, so that typing never waits for it. */
export function createCompilationStore(): CompilationStore {
  const store = createStore<CompilationState>(() => ({
    kind: 'waiting',
    fault: null,
    files: [],
    outdated: false,
    diagnostics: [],
    accepted: [],
    problemsByTarget: new Map(),
  }))

  return {
    ...store,
    follow: (project) => {
      const worker = new Worker(new URL('./compile.worker.ts', import.meta.url), { type: 'module' })
      let request = 0
      let timer: ReturnType<typeof setTimeout> | undefined
      const compile = () => {
        request += 1
        store.setState({ kind: 'compiling' })
        worker.postMessage({ request, project: project.getState().history.project } satisfies CompileRequest)
      }
      worker.onmessage = ({ data }: MessageEvent<CompileAnswer>) => {
        // An answer to an older question would show a project that is no more.
        if (data.request === request) store.setState((before) => stateAfter(before, data))
      }
      worker.onerror = ({ message }) =>
        store.setState({ kind: 'failed', fault: message || 'The compiler did not start.' })
      const unsubscribe = project.subscribe((state, before) => {
        if (!changesBundle(state.history.project, before.history.project)) return
        clearTimeout(timer)
        timer = setTimeout(compile, DEBOUNCE_MS)
      })
      compile()
      return () => {
        clearTimeout(timer)
        unsubscribe()
        worker.terminate()
      }
    },
  }
}

/** The record that a diagnostic belongs to; null for the project as a whole. */
export function targetId(target: DiagnosticTarget): string | null {
  switch (target.kind) {
    case 'project':
      return null
    case 'localAttribute':
      return target.entity
    default:
      return target.id
  }
}

/** Errors first, then warnings, then hints. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

function stateAfter(before: CompilationState, answer: CompileAnswer): CompilationState {
  if (answer.kind === 'failed') return { ...before, kind: 'failed', fault: answer.message }
  const diagnostics = answer.diagnostics
    .map(asSeenWhileDesigning)
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
  return {
    kind: 'ready',
    fault: null,
    files: answer.files ?? before.files,
    outdated: answer.files === null,
    diagnostics,
    accepted: answer.accepted,
    problemsByTarget: countByTarget(diagnostics),
  }
}

/** That nothing was chosen yet is where every design starts: a hint here, though there is no bundle of it. */
function asSeenWhileDesigning(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'SL1001' ? { ...diagnostic, severity: 'info' } : diagnostic
}

function countByTarget(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, ProblemCount> {
  const counts = new Map<string, ProblemCount>()
  for (const { target, severity } of diagnostics) {
    const id = targetId(target)
    if (id === null) continue
    const { errors, warnings } = counts.get(id) ?? { errors: 0, warnings: 0 }
    counts.set(id, {
      errors: errors + Number(severity === 'error'),
      warnings: warnings + Number(severity === 'warning'),
    })
  }
  return counts
}

/** Moving things about changes nothing that is compiled. */
function changesBundle(now: Project, before: Project): boolean {
  if (now === before) return false
  return (Object.keys(now) as (keyof Project)[]).some((key) => key !== 'layout' && now[key] !== before[key])
}
