import { pullDelta, type SyncPattern } from '../pattern'

export const readOnlyDelta: SyncPattern<'read-only-delta'> = {
  id: 'read-only-delta',
  title: 'Read-only, delta',
  summary: 'The device holds the server’s rows and, after the first time, receives only what has changed.',
  advice:
    'For reference data and whatever the device only shows. A sync without changes costs one small request. ' +
    'Writes on the device are refused at once.',
  direction: 'down',
  icon: 'arrow-down-to-line',
  hue: 'pattern-read-only-delta',
  admits: [],
  expand: () => ({ push: null, pull: pullDelta, after: [] }),
}
