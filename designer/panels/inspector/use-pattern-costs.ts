import { useMemo } from 'react'
import type { PatternKind } from '@/designer/model/project'
import {
  type EntityEstimate,
  entityEstimate,
  PATTERNS,
  type Recommendation,
  recommendPattern,
  withPattern,
} from '@/designer/patterns'
import { useDesign } from '../advice/use-budget'

export interface PatternCosts {
  readonly costs: ReadonlyMap<PatternKind, EntityEstimate>
  readonly recommendation: Recommendation
}

/** What each pattern would cost for an entity, and which is recommended; null for none. */
export function usePatternCosts(entity: string | null): PatternCosts | null {
  const design = useDesign()
  return useMemo(() => {
    const recommendation = entity === null ? null : recommendPattern(design, entity)
    if (entity === null || recommendation === null) return null
    const costs = new Map(
      PATTERNS.flatMap(({ id }) => {
        const estimate = entityEstimate(withPattern(design, entity, id), entity)
        return estimate === null ? [] : [[id, estimate] as const]
      }),
    )
    return { costs, recommendation }
  }, [design, entity])
}
