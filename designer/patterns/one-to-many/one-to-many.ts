import { conflictSteps } from '../conflict-steps'
import type { SyncPattern } from '../pattern'

export const oneToMany: SyncPattern<'one-to-many'> = {
  id: 'one-to-many',
  title: 'One to many',
  summary: 'A row and the rows that belong to it are one whole: deleted together, never torn apart by two edits.',
  advice:
    'For an order and its lines, a company and its contacts. Edits of one attribute follow last write wins; what would ' +
    'tear the whole is a conflict: a child added to a parent that was deleted, a parent deleted whose children others ' +
    'changed. Deleting a parent on a device deletes the children that it knows, children first.',
  direction: 'both',
  icon: 'list-tree',
  hue: 'pattern-one-to-many',
  admits: [
    {
      anomaly: 'B01',
      outcome: 'The earlier of two edits to the same attribute is gone; only what would tear the whole is a conflict.',
    },
    {
      anomaly: 'B02',
      outcome: 'The edit waits on its device until a person decides; until then the others do not see it.',
    },
  ],
  expand: (_entity, settings) => conflictSteps(settings),
}
