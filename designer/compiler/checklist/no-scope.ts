import { CONNECTIONS, firstSyncSeconds, formatBytes, formatCount, formatSeconds } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import { type ChecklistRule, isPulled, rowsAreKnown } from './rule'

const MANY_ROWS = 10_000
const MANY_BYTES = 10 * 1024 * 1024

export const noScope: ChecklistRule = {
  code: 'SL6003',
  asks: 'Large entities have a scope',
  check: (design) =>
    design.entities.flatMap((checked) => {
      const { entity, root, estimate } = checked
      const { connection } = design.budget
      const isLarge = estimate.rowsOnDevice >= MANY_ROWS || estimate.bytesOnDevice >= MANY_BYTES
      const isBounded = entity.scope.kind !== 'all' || entity.pattern.kind === 'on-demand'
      const saidShare = design.project.requirements.entities[entity.id]?.shareOnDevice ?? null
      if (!isLarge || isBounded || !isPulled(entity) || !rowsAreKnown(design, checked) || (saidShare ?? 1) < 1)
        return []
      const bounded = Object.values(root.foreignKeys).find(({ entity: parent }) =>
        Object.values(design.project.localEntities).some(
          (other) => other.root === parent && other.id !== entity.id && other.scope.kind === 'filter',
        ),
      )
      return [
        diagnostic(
          'SL6003',
          { kind: 'localEntity', id: entity.id },
          `Each device brings all ${formatCount(estimate.rowsOnDevice)} rows of "${entity.name}": ${formatBytes(estimate.bytesOnDevice)}, and ${formatSeconds(firstSyncSeconds([estimate])[connection])} on ${CONNECTIONS[connection].label} for the first time. Give it a scope, or bring its rows on demand.`,
          bounded === undefined
            ? undefined
            : {
                title: `Follow ${design.project.serverEntities[bounded.entity]?.name ?? 'its parent'}`,
                edit: { kind: 'follow-parent', entity: entity.id, foreignKey: bounded.id },
              },
        ),
      ]
    }),
}
