import { formatRate } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import type { ChecklistRule } from './rule'

/** More than this a day is work that somebody has to be given. */
const MANY_A_DAY = 1

export const unresolved: ChecklistRule = {
  code: 'SL6010',
  asks: 'Conflicts are decided by somebody',
  check: ({ entities }) =>
    entities.flatMap(({ entity, estimate }) => {
      const { pattern } = entity
      if (pattern.kind !== 'conflict-detection' && pattern.kind !== 'one-to-many') return []
      if (pattern.handler !== null || pattern.resolution !== 'park') return []
      if (!pattern.blocksSync && estimate.conflictsPerDay < MANY_A_DAY) return []
      return [
        diagnostic(
          'SL6010',
          { kind: 'localEntity', id: entity.id },
          `Each conflict of "${entity.name}" waits for a person${pattern.blocksSync ? ' and stops sync on its device' : ''}, about ${formatRate(estimate.conflictsPerDay)} a day over all devices, and no handler decides any. Merge attributes, so that only real contradictions wait.`,
          { title: 'Merge attributes', edit: { kind: 'merge-attributes', entity: entity.id } },
        ),
      ]
    }),
}
