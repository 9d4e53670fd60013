import { CircleAlert, CircleSlash } from 'lucide-react'
import type { TestUser } from '@/designer/model'
import type { RouterOutputs } from '@/designer/stores/trpc'
import { formatBytes, formatCount } from '../ui/format'

type Count = Extract<RouterOutputs['scope']['counts'], { kind: 'counted' }>['total']

interface Props {
  readonly user: TestUser
  readonly isChosen: boolean
  /** False while the scope has errors: what was counted before is not what it says. */
  readonly isCounted: boolean
  /** False where there is no count and none is on its way. */
  readonly isCounting: boolean
  /** An answer to the scope as it is now; null while there is none. */
  readonly count: Count | null
  readonly total: Extract<Count, { kind: 'counted' }> | null
  readonly onChoose: () => void
}

/** One user with the rows and bytes that their device would hold, and their part of the whole as a bar. */
export function UserRow({ user, isChosen, isCounted, isCounting, count: newest, total, onChoose }: Props) {
  const count = isCounted ? newest : null
  const rows = count?.kind === 'counted' ? count.rows : null
  const share = rows === null || total === null || total.rows === 0 ? 0 : rows / total.rows
  return (
    <li>
      <button type="button" className="scope-user" aria-pressed={isChosen} onClick={onChoose}>
        <span className="scope-user-line">
          <span className="name row-text">{user.name}</span>
          {!isCounted ? (
            <span className="badge">
              <CircleSlash aria-hidden /> not counted
            </span>
          ) : count?.kind === 'failed' ? (
            <span className="badge badge-error">
              <CircleAlert aria-hidden /> no count
            </span>
          ) : (
            <>
              <span className="name" data-rows={rows ?? ''}>
                {rows === null ? (isCounting ? 'counting …' : '–') : formatCount(rows)}
                {rows !== null && <span className="text-ink-muted"> {rows === 1 ? 'row' : 'rows'}</span>}
              </span>
              <span className="name scope-bytes">{count === null ? '' : formatBytes(count.bytes)}</span>
            </>
          )}
        </span>
        <span className="scope-share" aria-hidden>
          <span style={{ width: `${Math.max(share * 100, rows !== null && rows > 0 ? 1 : 0)}%` }} />
        </span>
        {count?.kind === 'failed' && <span className="hint">{count.message}</span>}
      </button>
    </li>
  )
}
