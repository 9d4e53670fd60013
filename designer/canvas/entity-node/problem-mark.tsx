import { counted } from '@/designer/panels/ui/format'
import { useProblems } from './use-problems'

const SIGNS = { error: '×', warning: '▲' } as const

/**
 * The problems of a card that is too far away for its footer. A plain block of text, filled for errors and in outline
 * for warnings: signs and round corners are slow to draw by the hundred.
 */
export function ProblemMark({ entity }: { readonly entity: string }) {
  const problems = useProblems(entity)
  if (!problems) return null
  const { severity, count } = problems
  const words = counted(count, severity)
  return (
    <span className="entity-mark" data-severity={severity} role="img" aria-label={words} title={words}>
      {SIGNS[severity]}
      {count}
    </span>
  )
}
