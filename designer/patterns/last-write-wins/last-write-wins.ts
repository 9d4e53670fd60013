import { pullDelta, type SyncPattern } from '../pattern'

export const lastWriteWins: SyncPattern<'last-write-wins'> = {
  id: 'last-write-wins',
  title: 'Last write wins',
  summary: 'The device reads and writes; of two edits to one attribute the last one stays.',
  advice:
    'For data that one person edits at a time. The last is the one that reaches the server later, or the one that was ' +
    'made later; compared by attribute, edits to different attributes of a row are both kept. The other edit is ' +
    'overwritten without a question. Choose conflict detection where that must not happen.',
  direction: 'both',
  icon: 'pencil',
  hue: 'pattern-last-write-wins',
  admits: [
    {
      anomaly: 'B01',
      outcome:
        'The earlier of two edits to the same attribute, or row, is gone; nobody is told but its author’s device.',
    },
    {
      anomaly: 'A08',
      outcome: 'The edit of a deleted row goes to the device’s quarantine instead of a conflict handler.',
    },
    {
      anomaly: 'A13',
      outcome:
        'The row that arrives second is refused and waits in quarantine; the first stays, and other edits go on.',
    },
    { anomaly: 'A17', outcome: 'The child goes to quarantine, because the server refuses the reference.' },
  ],
  expand: ({ direction }) => ({
    push: direction === 'down' ? null : ['validate', 'apply'],
    pull: direction === 'up' ? null : pullDelta,
    after: [],
  }),
}
