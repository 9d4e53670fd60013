import { useStore } from 'zustand'
import { type Diagnostic, type Fix, fixesOf } from '@/designer/compiler/diagnostics'
import { applyFix } from '@/designer/compiler/fixes'
import { targetId } from '@/designer/stores/compilation'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { SeverityIcon } from './severity-icon'

/** What is wrong with one record, above its settings; of an entity with its attributes, or of one attribute alone. */
export function ProblemList({ target, attribute }: { readonly target: string; readonly attribute?: string }) {
  const { compilation } = useSession()
  const all = useStore(compilation, (state) => state.diagnostics)
  const problems = all.filter(
    (diagnostic) =>
      targetId(diagnostic.target) === target &&
      (attribute === undefined || (diagnostic.target.kind === 'localAttribute' && diagnostic.target.id === attribute)),
  )
  if (problems.length === 0) return null
  return (
    <ul className="grid gap-2 border-line border-b bg-surface-2 px-3 py-2" aria-label="Problems">
      {problems.map(({ code, severity, message, ...found }) => (
        <li key={`${code} ${message}`} className="flex flex-wrap justify-end gap-x-2 text-xs leading-4">
          <SeverityIcon severity={severity} />
          {/* A long text takes the line, and its buttons the next one. */}
          <span className="min-w-0 flex-[1_1_176px] py-1 [overflow-wrap:anywhere]">{message}</span>
          <FixButtons found={found} />
        </li>
      ))}
    </ul>
  )
}

/** All ways to put it right. */
export function FixButtons({ found }: { readonly found: Pick<Diagnostic, 'fix' | 'fixes'> }) {
  const fixes = fixesOf(found)
  if (fixes.length === 0) return null
  return (
    <span className="flex flex-wrap justify-end gap-1">
      {fixes.map((fix) => (
        <FixButton key={fix.title} fix={fix} />
      ))}
    </span>
  )
}

export function FixButton({ fix }: { readonly fix: Fix }) {
  const edit = useEdit()
  return (
    <button
      type="button"
      className="btn btn-sm self-start"
      onClick={(event) => {
        event.stopPropagation()
        edit(fix.title, (draft) => applyFix(draft, fix, newIds))
      }}
    >
      {fix.title}
    </button>
  )
}
