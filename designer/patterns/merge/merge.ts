import { pullDelta, type SyncPattern } from '../pattern'

export const merge: SyncPattern<'merge'> = {
  id: 'merge',
  title: 'Merge',
  summary: 'Edits of several devices are put together: numbers add up, sets take and lose elements one by one.',
  advice:
    'For stock, votes and labels. A counter sends by how much it changed, so that two sales of one are a sale of two; ' +
    'a set sends which elements came and went; any other attribute keeps the last write. A counter may go where no ' +
    'single edit would have taken it: the server’s checks still hold and refuse the edit.',
  direction: 'both',
  icon: 'shuffle',
  hue: 'pattern-merge',
  admits: [
    {
      anomaly: 'B01',
      outcome: 'For attributes on latest, the earlier of two edits is gone. Counters and sets keep both.',
    },
    {
      anomaly: 'B03',
      outcome: 'Two edits that were each possible may not be so together: the second then waits in quarantine.',
    },
    {
      anomaly: 'A08',
      outcome: 'The edit of a deleted row goes to the device’s quarantine instead of a conflict handler.',
    },
    { anomaly: 'A17', outcome: 'The child goes to quarantine, because the server refuses the reference.' },
  ],
  expand: () => ({ push: ['validate', 'resolve', 'apply'], pull: pullDelta, after: [] }),
}
