import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { Severity } from '@/designer/compiler/diagnostics'

const SIGNS = {
  error: { Icon: CircleAlert, className: 'text-error' },
  warning: { Icon: TriangleAlert, className: 'text-conflict' },
  info: { Icon: Info, className: 'text-waiting' },
} as const

export function SeverityIcon({ severity }: { readonly severity: Severity }) {
  const { Icon, className } = SIGNS[severity]
  return <Icon size={14} aria-label={severity} className={`mt-[5px] flex-none ${className}`} />
}
