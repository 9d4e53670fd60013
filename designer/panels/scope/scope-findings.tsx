import { useStore } from 'zustand'
import { type Diagnostic, fixesOf } from '@/designer/compiler/diagnostics'
import { useSession } from '@/designer/stores/session'
import { FixButton } from '../problems/problem-list'
import { SeverityIcon } from '../problems/severity-icon'
import type { Which } from './use-scope-trial'

interface Props {
  readonly entity: string
  readonly which: Which
  /** Of this scope, as it is being edited. */
  readonly problems: readonly Diagnostic[]
}

const RELATIONS: ReadonlySet<string> = new Set(['SL5010', 'SL5011', 'SL5006'])

/** What concerns a scope as a whole: its relations to other scopes, and what is wrong with SQL. */
export function ScopeFindings({ entity, which, problems }: Props) {
  const { compilation } = useSession()
  const diagnostics = useStore(compilation, (state) => state.diagnostics)
  const about = (diagnostic: Diagnostic) =>
    diagnostic.target.kind === 'localEntity' &&
    diagnostic.target.id === entity &&
    diagnostic.target.scope?.which === which
  const found = [
    ...problems.filter(({ target }) => target.kind === 'localEntity' && target.scope?.path == null),
    ...diagnostics.filter((diagnostic) => RELATIONS.has(diagnostic.code) && about(diagnostic)),
  ]
  if (found.length === 0) return null
  return (
    <ul className="scope-findings" aria-label="Problems of this scope">
      {found.map((problem) => (
        <li key={problem.message}>
          <SeverityIcon severity={problem.severity} />
          <span className="min-w-0 flex-1 py-1">{problem.message}</span>
          <span className="flex flex-wrap justify-end gap-1">
            {fixesOf(problem).map((fix) => (
              <FixButton key={fix.title} fix={fix} />
            ))}
          </span>
        </li>
      ))}
    </ul>
  )
}
