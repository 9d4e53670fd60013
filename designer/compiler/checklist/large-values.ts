import { followPath, inOrder } from '@/designer/model'
import { attributeSize, formatBytes } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import { type ChecklistRule, isPulled, rowsAreKnown } from './rule'

const LARGE_VALUE_BYTES = 8 * 1024
const LARGE_COLUMN_BYTES = 5 * 1024 * 1024

export const largeValues: ChecklistRule = {
  code: 'SL6012',
  asks: 'Files do not travel with rows',
  check: (design) =>
    design.entities.flatMap((checked) => {
      const { entity, root, estimate } = checked
      if (!isPulled(entity) || !rowsAreKnown(design, checked)) return []
      return inOrder(entity.attributes).flatMap(([id, attribute]) => {
        const size = attributeSize(design.project, entity, attribute)
        const bytes = (size?.storedBytes ?? 0) * estimate.rowsOnDevice
        if (attribute.transfer !== 'inline' || size === null) return []
        if (size.storedBytes < LARGE_VALUE_BYTES || bytes < LARGE_COLUMN_BYTES) return []
        const { source } = attribute
        const end =
          source.kind === 'computed'
            ? undefined
            : followPath(design.project, root.id, source.kind === 'root' ? [] : source.path)?.end
        const type =
          source.kind === 'computed' ? source.type : (end?.attributes[source.attribute]?.type ?? 'of unknown type')
        return [
          diagnostic(
            'SL6012',
            { kind: 'localAttribute', entity: entity.id, id },
            `"${attribute.name}" of "${entity.name}" (${type}) is ${size.measured ? '' : 'perhaps '}${formatBytes(size.storedBytes)} a row, ${formatBytes(bytes)} on each device, and comes with every row. Bring it when it is looked at, make it a file, or leave it out.`,
          ),
        ]
      })
    }),
}
