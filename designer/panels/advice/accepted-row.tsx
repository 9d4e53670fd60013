import { type Diagnostic, targetKey } from '@/designer/compiler/diagnostics'
import { acceptedFinding, withdrawAcceptance } from '@/designer/model/operations/accepted-findings'
import { useEdit, useProject } from '@/designer/stores/session'
import { useJump } from '../problems/use-jump'

/** A finding that the team lives with, and why. */
export function AcceptedRow({ finding }: { readonly finding: Diagnostic }) {
  const edit = useEdit()
  const jump = useJump()
  const record = useProject((project) =>
    acceptedFinding(project, { code: finding.code, target: targetKey(finding.target) }),
  )
  if (!record) return null
  return (
    <li className="checklist-finding flex items-start gap-2">
      <div className="min-w-0 flex-1 py-0.5">
        <button
          type="button"
          className="text-left text-ink-muted hover:text-accent-ink"
          onClick={() => jump(finding.target)}
        >
          {finding.message}
        </button>
        <p>
          <span className="hint">Accepted:</span> {record.reason}
        </p>
      </div>
      <button
        type="button"
        className="btn btn-ghost btn-sm"
        onClick={() => edit(`Withdraw ${finding.code}`, (draft) => withdrawAcceptance(draft, record.id))}
      >
        Withdraw
      </button>
    </li>
  )
}
