import { CONFLICTS_MATTER_FROM, formatChance, formatRate } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import type { ChecklistRule } from './rule'

/** Only where somebody has said how many edit: what is assumed is no evidence. */
export const lostEdits: ChecklistRule = {
  code: 'SL6014',
  asks: 'No edit is overwritten where several people edit',
  check: ({ project: { requirements }, entities }) =>
    entities.flatMap(({ entity, estimate }) => {
      const { pattern } = entity
      if (pattern.kind !== 'last-write-wins' && pattern.kind !== 'on-demand') return []
      const own = requirements.entities[entity.id]
      const said =
        (own?.editorsPerRecord ?? requirements.editorsPerRecord) !== null ||
        ((own?.editsPerDay ?? requirements.editsPerDay) !== null && requirements.users !== null)
      const byRow = pattern.kind === 'last-write-wins' && pattern.granularity === 'row'
      const chance = byRow ? estimate.conflictChancePerEdit : estimate.attributeConflictChancePerEdit
      if (!said || chance < CONFLICTS_MATTER_FROM || estimate.editsPerDay === 0) return []
      return [
        diagnostic(
          'SL6014',
          { kind: 'localEntity', id: entity.id },
          `${formatChance(chance)} of the edits of "${entity.name}" meet one to the same ${byRow ? 'row' : 'attribute'}, about ${formatRate(estimate.editsPerDay * chance)} a day, and the earlier of the two is overwritten without a word. Detect conflicts.`,
          {
            title: 'Detect conflicts',
            edit: { kind: 'use-pattern', entity: entity.id, pattern: 'conflict-detection' },
          },
        ),
      ]
    }),
}
