import { Check, CloudOff, GitMerge, type LucideIcon, RefreshCw, TriangleAlert } from 'lucide-react'
import { useStore } from 'zustand'
import type { SaveState } from '@/designer/stores/save-machine'
import { useSession } from '@/designer/stores/session'

interface Look {
  readonly label: string
  readonly Icon: LucideIcon
  readonly className: string
}

const LOOKS: Readonly<Record<SaveState, Look>> = {
  saved: { label: 'Saved', Icon: Check, className: 'text-ink-muted' },
  unsaved: { label: 'Saving', Icon: RefreshCw, className: 'text-ink-muted' },
  saving: { label: 'Saving', Icon: RefreshCw, className: 'text-ink-muted' },
  behind: { label: 'Saving', Icon: RefreshCw, className: 'text-ink-muted' },
  offline: { label: 'Not saved yet', Icon: CloudOff, className: 'text-conflict' },
  merging: { label: 'Merging', Icon: GitMerge, className: 'text-waiting' },
  refused: { label: 'Not saved', Icon: TriangleAlert, className: 'text-error' },
}

/** Whether the work is safe. Words change only between the states that matter to the user. */
export function SaveIndicator() {
  const { project, flush } = useSession()
  const { state, message } = useStore(project, (s) => s.save)
  const { label, Icon, className } = LOOKS[state]
  const stuck = state === 'offline' || state === 'refused'
  return (
    <span
      role="status"
      data-save-state={state}
      title={message ?? undefined}
      className={`flex w-[150px] flex-none items-center gap-1.5 text-xs ${className}`}
    >
      <Icon size={13} aria-hidden />
      {label}
      {message && <span className="visually-hidden">{message}</span>}
      {stuck && (
        <button type="button" className="btn btn-sm btn-ghost" onClick={() => void flush()}>
          Retry
        </button>
      )}
    </span>
  )
}
