import type { SyncPattern } from '../pattern'

export const readOnly: SyncPattern<'read-only'> = {
  id: 'read-only',
  title: 'Read-only',
  summary: 'The device holds the server’s rows, and each sync brings all of them anew.',
  advice:
    'For small tables whose changes can’t be told: rows are staged and then swapped at once, so that the app never sees ' +
    'half of them. Every sync costs the whole table. Choose the delta of it for tables of more than some hundred rows.',
  direction: 'down',
  icon: 'arrow-down',
  hue: 'pattern-read-only',
  admits: [],
  expand: () => ({ push: null, pull: { by: 'full-refresh', server: ['scope'] }, after: [] }),
}
