import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Diagnostic, DiagnosticTarget, Severity } from '@/designer/compiler/diagnostics'
import { sqlFindings } from '@/designer/compiler/sql-check/sql-findings'
import { setComputation } from '@/designer/model/operations/derived-attributes'
import { DONE } from '@/designer/model/operations/result'
import type { Project } from '@/designer/model/project'
import type { CompileAnswer, CompileRequest } from './compile-messages'
import { createTypeFollower, type TypeToTake } from './follow-types'
import type { ProjectStore } from './project-store'
import { createScopeTrials, type ScopeTrial } from './scope-trials'
import { createSqlAnswers, type SqlAnswersPorts, type SqlAsking } from './sql-answers'

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
  /** How far PostgreSQL has been asked; what it refused is among the diagnostics. */
  readonly sql: SqlAsking
}

export interface CompilationStore extends StoreApi<CompilationState> {
  /** Compiles the project now and after each change of it, and asks about its SQL; answers a function that ends that. */
  readonly follow: (project: ProjectStore, ask: SqlAnswersPorts['ask']) => () => void
  /** Where PostgreSQL was away. */
  readonly askAgain: () => void
  /** A scope was tried on rows: the users that it fails for are problems while that holds. */
  readonly tried: (trial: ScopeTrial) => void
  /** The rows are others now, and what they showed is not known any more. */
  readonly forgetTried: () => void
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
    sql: { kind: 'answered' },
  }))
  let askAgain = () => undefined as unknown
  let takeTrial = (_: ScopeTrial) => undefined as unknown
  let forgetTried = () => undefined as unknown

  return {
    ...store,
    askAgain: () => void askAgain(),
    tried: (trial) => void takeTrial(trial),
    forgetTried: () => void forgetTried(),
    follow: (project, ask) => {
      const worker = new Worker(new URL('./compile.worker.ts', import.meta.url), { type: 'module' })
      let request = 0
      let asked = project.getState().history.project
      let compiled: { readonly project: Project; readonly answer: Compiled } | null = null
      let timer: ReturnType<typeof setTimeout> | undefined
      const typesToTake = createTypeFollower(asked)
      const trials = createScopeTrials()
      takeTrial = (trial) => {
        trials.tried(project.getState().history.project, trial)
        // While it compiles, what was found before stays; this comes with the rest.
        if (store.getState().kind === 'ready') show()
      }
      forgetTried = () => {
        trials.forget()
        if (store.getState().kind === 'ready') show()
      }
      const show = () => {
        if (compiled === null) return
        const { project: about, answer } = compiled
        const taking = typesToTake(about, answer.sql.pieces, sql.answerOf)
        // What another type puts right in a moment is not worth a word.
        const isMended = ({ target }: Diagnostic) =>
          taking.some(({ attribute }) => targetAttribute(target) === attribute)
        const found = sqlFindings(about, answer.sql.pieces, sql.answerOf).filter((each) => !isMended(each))
        const tried = trials.findings(about)
        store.setState((before) => stateAfter(before, answer, [...found, ...tried], sql.asking()))
        for (const each of taking) takeType(project, each)
      }
      const sql = createSqlAnswers({ ask, after: later, onChange: show })
      askAgain = sql.askAgain
      const compile = () => {
        request += 1
        asked = project.getState().history.project
        store.setState({ kind: 'compiling' })
        worker.postMessage({ request, project: asked } satisfies CompileRequest)
      }
      worker.onmessage = ({ data }: MessageEvent<CompileAnswer>) => {
        // An answer to an older question would show a project that is no more.
        if (data.request !== request) return
        if (data.kind === 'failed') {
          store.setState({ kind: 'failed', fault: data.message })
          return
        }
        compiled = { project: asked, answer: data }
        sql.want(data.sql)
        show()
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
        sql.stop()
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

const targetAttribute = (target: DiagnosticTarget): string | null =>
  target.kind === 'localAttribute' ? target.id : null

type Compiled = Extract<CompileAnswer, { kind: 'compiled' }>

function stateAfter(
  before: CompilationState,
  answer: Compiled,
  fromPostgres: readonly Diagnostic[],
  sql: SqlAsking,
): CompilationState {
  const diagnostics = [...answer.diagnostics, ...fromPostgres]
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
    sql,
  }
}

/** A part of what was typed, so that undo takes both back. Nothing, where it was typed on since. */
function takeType(project: ProjectStore, { entity, attribute, expression, type }: TypeToTake): void {
  const named = project.getState().history.project.localEntities[entity]
  project.apply(
    // As the panel names it where the expression is typed: it is one step with that.
    `Change “${named?.name}.${named?.attributes[attribute]?.name}”`,
    (draft) => {
      const source = draft.localEntities[entity]?.attributes[attribute]?.source
      return source?.kind === 'computed' && source.expression === expression
        ? setComputation(draft, entity, attribute, { expression, type })
        : DONE
    },
    { coalesce: `compute ${attribute}` },
  )
}

function later(delayMs: number, fn: () => void): () => void {
  const timer = setTimeout(fn, delayMs)
  return () => clearTimeout(timer)
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
