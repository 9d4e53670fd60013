import { conflictSteps } from '../conflict-steps'
import type { SyncPattern } from '../pattern'

export const conflictDetection: SyncPattern<'conflict-detection'> = {
  id: 'conflict-detection',
  title: 'Conflict detection',
  summary: 'An edit of a row that somebody else changed meanwhile is a conflict, which a handler or a person decides.',
  advice:
    'For data that several people edit and where no edit may vanish. Compared by row, any change by others counts; by ' +
    'attribute, only one to the same attribute. A conflict that is parked waits on the device that made the edit, which ' +
    'goes on with everything else, unless sync is to be blocked until it is resolved. Each edit sends the row as it was.',
  direction: 'both',
  icon: 'git-compare',
  hue: 'pattern-conflict-detection',
  admits: [
    {
      anomaly: 'B02',
      outcome: 'The edit waits on its device until a person decides; until then the others do not see it.',
    },
  ],
  expand: (_entity, settings) => conflictSteps(settings),
}
