import { formatBytes } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import type { ChecklistRule } from './rule'

/** A screen shows a dozen; what is more is mostly brought because it is there. */
const MOST_ATTRIBUTES = 30

export const manyAttributes: ChecklistRule = {
  code: 'SL6001',
  asks: 'Entities bring the attributes that the app needs',
  check: ({ entities }) =>
    entities.flatMap(({ entity, root, estimate }) =>
      estimate.attributes <= MOST_ATTRIBUTES
        ? []
        : [
            diagnostic(
              'SL6001',
              { kind: 'localEntity', id: entity.id },
              `"${entity.name}" brings ${estimate.attributes} attributes of ${Object.keys(root.attributes).length} columns, ${formatBytes(estimate.bytesPerRow)} a row and ${formatBytes(estimate.bytesOnDevice)} on a device. Leave out what the app does not show or write.`,
            ),
          ],
    ),
}
