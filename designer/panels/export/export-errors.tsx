import { useStore } from 'zustand'
import { useSession } from '@/designer/stores/session'
import { ProblemsPanel } from '../problems/problems-panel'
import { SeverityIcon } from '../problems/severity-icon'

interface Props {
  readonly diagnostics: readonly {
    readonly code: string
    readonly severity: 'error' | 'warning' | 'info'
    readonly message: string
  }[]
}

/** What stands in the way of a bundle. */
export function ExportErrors({ diagnostics }: Props) {
  const { compilation } = useSession()
  const known = useStore(compilation, (state) => state.diagnostics.some(({ severity }) => severity === 'error'))
  return (
    <main className="mx-auto grid w-full max-w-[880px] content-start gap-4 p-8">
      <div className="grid gap-1">
        <h1 className="text-lg">No bundle yet</h1>
        <p className="text-ink-muted">
          A bundle that does something else than the design says is never made. Solve these errors first.
        </p>
      </div>
      <div className="card overflow-hidden">
        {known ? (
          <ProblemsPanel />
        ) : (
          <ul className="divide-y divide-line">
            {diagnostics.map(({ code, severity, message }) => (
              <li key={`${code} ${message}`} className="flex gap-2 px-3 py-1">
                <SeverityIcon severity={severity} />
                <span className="flex-1">{message}</span>
                <span className="name row-note leading-5">{code}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </main>
  )
}
