import { inOrder } from '@/designer/model'
import { formatBytes } from '@/designer/patterns'
import { diagnostic } from '../diagnostics'
import { type ChecklistRule, rowsAreKnown } from './rule'

const MANY_ENTITIES = 10

export const syncsAll: ChecklistRule = {
  code: 'SL6008',
  asks: 'A local change does not sync everything',
  check: (design) =>
    inOrder(design.project.syncUnits).flatMap(([id, unit]) => {
      const seconds = unit.triggers.afterLocalChangeInSeconds
      if (seconds === null) return []
      const members = design.entities.filter(({ entity }) => entity.id in unit.entities)
      const anew = members.filter(
        (member) =>
          member.entity.pattern.kind === 'read-only' &&
          member.estimate.rowsOnDevice > 0 &&
          rowsAreKnown(design, member),
      )
      const anewBytes = anew.reduce((total, { estimate }) => total + estimate.firstSyncBytes, 0)
      if (members.length < MANY_ENTITIES && anew.length === 0) return []
      const written = members.filter(({ entity }) => entity.direction !== 'down').length
      return [
        diagnostic(
          'SL6008',
          { kind: 'syncUnit', id },
          `${seconds} s after a local change "${unit.name}" syncs all of its ${members.length} entities, of which ${written} are written on devices${anew.length === 0 ? '' : `, and brings ${formatBytes(anewBytes)} anew (${anew.map(({ entity }) => entity.name).join(', ')})`}. Put what is only read into a unit of its own, or sync by interval.`,
          {
            title: 'Do not sync after changes',
            edit: { kind: 'set-triggers', unit: id, triggers: { afterLocalChangeInSeconds: null } },
          },
        ),
      ]
    }),
}
