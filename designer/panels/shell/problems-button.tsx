import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import { useStore } from 'zustand'
import { useSession } from '@/designer/stores/session'
import { counted } from '../ui/format'

export function ProblemsButton() {
  const { compilation, panels } = useSession()
  const errors = useStore(compilation, (s) => s.diagnostics.filter(({ severity }) => severity === 'error').length)
  const warnings = useStore(compilation, (s) => s.diagnostics.filter(({ severity }) => severity === 'warning').length)
  const hints = useStore(compilation, (s) => s.diagnostics.filter(({ severity }) => severity === 'info').length)
  const label = [
    errors && counted(errors, 'error'),
    warnings && counted(warnings, 'warning'),
    hints && counted(hints, 'hint'),
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <button
      type="button"
      className="btn btn-ghost"
      aria-label={`Problems: ${label || 'none'}`}
      onClick={() => panels.showBottom('problems')}
    >
      {errors > 0 && <Count Icon={CircleAlert} count={errors} className="text-error" />}
      {warnings > 0 && <Count Icon={TriangleAlert} count={warnings} className="text-conflict" />}
      {errors + warnings === 0 &&
        (hints > 0 ? <Info aria-hidden className="text-waiting" /> : <CircleCheck aria-hidden className="text-ok" />)}
    </button>
  )
}

function Count({ Icon, count, className }: { Icon: typeof CircleAlert; count: number; className: string }) {
  return (
    <span className={`flex items-center gap-1 tabular-nums ${className}`}>
      <Icon aria-hidden />
      {count}
    </span>
  )
}
