import { CircleCheck, CircleCheckBig, TriangleAlert } from 'lucide-react'
import type { ChecklistRule } from '@/designer/compiler/checklist/rule'
import { DIAGNOSTICS } from '@/designer/compiler/diagnostics'

export type RuleState = 'found' | 'accepted' | 'kept'

const SIGNS = {
  found: { Icon: TriangleAlert, className: 'text-conflict', label: 'found' },
  accepted: { Icon: CircleCheckBig, className: 'text-waiting', label: 'accepted' },
  kept: { Icon: CircleCheck, className: 'text-ok', label: 'kept' },
} as const

interface Props {
  readonly rule: ChecklistRule
  readonly state: RuleState
  readonly count: number
}

export function RuleHead({ rule: { code, asks }, state, count }: Props) {
  const { Icon, className, label } = SIGNS[state]
  const { title, explanation } = DIAGNOSTICS[code]
  return (
    <div className="checklist-head" title={explanation}>
      <Icon size={14} className={`flex-none ${className}`} aria-label={label} />
      <span className="min-w-0 truncate">{state === 'kept' ? asks : title}</span>
      {count > 1 && <span className="badge">{count}</span>}
      <span className="name row-note ml-auto">{code}</span>
    </div>
  )
}
