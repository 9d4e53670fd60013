import { useStore } from 'zustand'
import type { ProblemCount } from '@/designer/stores/compilation'
import { useSession } from '@/designer/stores/session'

export interface CardProblems {
  readonly severity: 'error' | 'warning'
  readonly count: number
}

/** What a card says of its problems: of errors where there are some, else of warnings. */
export function cardProblems(found: ProblemCount | undefined): CardProblems | null {
  if (found === undefined) return null
  if (found.errors > 0) return { severity: 'error', count: found.errors }
  return found.warnings > 0 ? { severity: 'warning', count: found.warnings } : null
}

/** Asked for by single figures, so that a compilation that finds the same draws no card anew. */
export function useProblems(entity: string): CardProblems | null {
  const { compilation } = useSession()
  const errors = useStore(compilation, (state) => state.problemsByTarget.get(entity)?.errors ?? 0)
  const warnings = useStore(compilation, (state) => state.problemsByTarget.get(entity)?.warnings ?? 0)
  return cardProblems({ errors, warnings })
}
