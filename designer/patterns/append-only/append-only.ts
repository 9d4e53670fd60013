import type { SyncPattern } from '../pattern'

export const appendOnly: SyncPattern<'append-only'> = {
  id: 'append-only',
  title: 'Append-only',
  summary: 'The device makes rows and sends them; once the server has them, the device forgets them.',
  advice:
    'For readings, logs, photos and whatever is written once. Nothing is pulled, so the device stays small. A row can’t ' +
    'be changed or deleted on the device, and what was sent can’t be looked at there any more.',
  direction: 'up',
  icon: 'square-plus',
  hue: 'pattern-append-only',
  admits: [
    {
      anomaly: 'A13',
      outcome: 'The row that arrives second is refused and waits in quarantine; others go on.',
    },
    { anomaly: 'A17', outcome: 'The row goes to quarantine, because the server refuses the reference.' },
  ],
  expand: () => ({ push: ['validate', 'apply'], pull: null, after: ['purge'] }),
}
