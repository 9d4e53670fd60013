import { formatBytes, formatCount } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import { type ChecklistRule, rowsAreKnown } from './rule'

/** What browsers and phones give an app without asking. */
const LARGE_BYTES = 500 * 1024 * 1024

export const tooLarge: ChecklistRule = {
  code: 'SL6011',
  asks: 'The device can hold it',
  check: (design) => {
    const { total } = design.budget
    if (total.bytesOnDevice <= LARGE_BYTES || !design.entities.some((checked) => rowsAreKnown(design, checked)))
      return []
    const largest = design.entities
      .toSorted((a, b) => b.estimate.bytesOnDevice - a.estimate.bytesOnDevice)
      .slice(0, 3)
      .map(({ entity, estimate }) => `"${entity.name}" ${formatBytes(estimate.bytesOnDevice)}`)
    return [
      diagnostic(
        'SL6011',
        { kind: 'project' },
        `A device would hold ${formatBytes(total.bytesOnDevice)} in ${formatCount(total.rowsOnDevice)} rows; beyond ${formatBytes(LARGE_BYTES)} a browser or a phone may refuse. The largest: ${largest.join(', ')}. Give them a scope, or bring their rows on demand.`,
      ),
    ]
  },
}
