import { type FormEvent, useState } from 'react'
import { type Diagnostic, fixesOf, targetKey } from '@/designer/compiler/diagnostics'
import { acceptFinding } from '@/designer/model/operations/accepted-findings'
import { newIds, useEdit, useSession } from '@/designer/stores/session'
import { FixButton } from '../problems/problem-list'
import { useJump } from '../problems/use-jump'

/** One finding: its evidence leads to what it is about; it can be put right, or accepted with a reason. */
export function FindingRow({ finding }: { readonly finding: Diagnostic }) {
  const [accepting, setAccepting] = useState(false)
  const jump = useJump()
  return (
    <li className="checklist-finding">
      <div className="flex items-start gap-2">
        <button
          type="button"
          className="min-w-0 flex-1 py-0.5 text-left hover:text-accent-ink"
          onClick={() => jump(finding.target)}
        >
          {finding.message}
        </button>
        {fixesOf(finding).map((fix) => (
          <FixButton key={fix.title} fix={fix} />
        ))}
        <button
          type="button"
          className="btn btn-ghost btn-sm"
          aria-expanded={accepting}
          onClick={() => setAccepting(!accepting)}
        >
          Accept…
        </button>
      </div>
      {accepting && <ReasonForm finding={finding} onDone={() => setAccepting(false)} />}
    </li>
  )
}

function ReasonForm({ finding, onDone }: { readonly finding: Diagnostic; readonly onDone: () => void }) {
  const [reason, setReason] = useState('')
  const { announce } = useSession()
  const edit = useEdit()
  const accept = (event: FormEvent) => {
    event.preventDefault()
    const subject = { code: finding.code, target: targetKey(finding.target) }
    const result = edit(`Accept ${finding.code}`, (draft) => acceptFinding(draft, subject, reason, newIds))
    if (result.kind === 'refused') return
    announce('Accepted')
    onDone()
  }
  return (
    <form className="flex items-center gap-2 pt-1 pb-1.5" onSubmit={accept}>
      <input
        ref={(field) => field?.focus()}
        className="input h-6! flex-1 text-xs!"
        aria-label="Why the team lives with it"
        placeholder="Why the team lives with it: kept in the project for whoever reads it later"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
      <button type="submit" className="btn btn-primary btn-sm" disabled={reason.trim() === ''}>
        Accept
      </button>
    </form>
  )
}
