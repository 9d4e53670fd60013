import { CONNECTIONS, formatBytes, formatSeconds } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import { type ChecklistRule, rowsAreKnown } from './rule'

/** Longer than a user waits with the app open. */
const LONG_SECONDS = 30

export const longSync: ChecklistRule = {
  code: 'SL6009',
  asks: 'The first sync of a unit is short enough to wait for',
  check: (design) =>
    design.budget.units.flatMap(({ unit: id, firstSync, firstSyncBytes }) => {
      const { connection } = design.budget
      const seconds = firstSync[connection]
      const unit = design.project.syncUnits[id]
      if (unit === undefined || seconds <= LONG_SECONDS) return []
      const members = design.entities.filter(({ entity }) => entity.id in unit.entities)
      if (!members.some((checked) => rowsAreKnown(design, checked))) return []
      const [largest] = members.toSorted((a, b) => b.estimate.firstSyncBytes - a.estimate.firstSyncBytes)
      return [
        diagnostic(
          'SL6009',
          { kind: 'syncUnit', id },
          `The first sync of "${unit.name}" takes about ${formatSeconds(seconds)} on ${CONNECTIONS[connection].label}: ${formatBytes(firstSyncBytes)}${largest === undefined ? '' : `, most of it "${largest.entity.name}" (${formatBytes(largest.estimate.firstSyncBytes)})`}. Narrow its scopes, or put what can wait into a unit of its own.`,
        ),
      ]
    }),
}
