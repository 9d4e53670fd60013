import { pullDelta, type SyncPattern } from '../pattern'

export const onDemand: SyncPattern<'on-demand'> = {
  id: 'on-demand',
  title: 'On demand',
  summary: 'The device holds only the rows that the app has chosen: by their parent, or each by its own key.',
  advice:
    'For details of which a user needs few: the lines of today’s orders, one machine’s history. The app calls ' +
    'device.demand.choose; the next sync brings the rows and, after a release, takes them away. Edits follow last write ' +
    'wins. Offline, what was not chosen before is not there.',
  direction: 'both',
  icon: 'search',
  hue: 'pattern-on-demand',
  admits: [
    {
      anomaly: 'B01',
      outcome: 'The earlier of two edits to the same attribute is gone; nobody is told.',
    },
    {
      anomaly: 'A08',
      outcome: 'The edit of a deleted row goes to the device’s quarantine instead of a conflict handler.',
    },
    { anomaly: 'A17', outcome: 'The child goes to quarantine, because the server refuses the reference.' },
  ],
  expand: ({ direction }) => ({
    push: direction === 'down' ? null : ['validate', 'apply'],
    pull: pullDelta,
    after: [],
  }),
}
