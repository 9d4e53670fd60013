import { formatBytes, formatCount } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import { type ChecklistRule, rowsAreKnown } from './rule'

/** The pattern's own advice: some hundred rows. */
const MANY_ROWS = 500

export const noDelta: ChecklistRule = {
  code: 'SL6004',
  asks: 'Large entities sync what changed',
  check: (design) =>
    design.entities.flatMap((checked) => {
      const { entity, estimate } = checked
      if (entity.pattern.kind !== 'read-only' || estimate.rowsOnDevice < MANY_ROWS || !rowsAreKnown(design, checked)) {
        return []
      }
      return [
        diagnostic(
          'SL6004',
          { kind: 'localEntity', id: entity.id },
          `Each sync brings all ${formatCount(estimate.rowsOnDevice)} rows of "${entity.name}" anew: ${formatBytes(estimate.firstSyncBytes)} each time, ${formatBytes(estimate.dailyBytesDown)} a day. Bring what changed.`,
          { title: 'Use the delta', edit: { kind: 'use-pattern', entity: entity.id, pattern: 'read-only-delta' } },
        ),
      ]
    }),
}
