/** Ways that sync goes wrong, as far as a pattern can admit or prevent them. For people who choose a pattern. */

export const ANOMALIES = {
  A01: {
    title: 'A late commit is missed',
    scenario: 'A transaction that began before a pull commits after it, and the next pull looks only at what is newer.',
  },
  A02: {
    title: 'An edit made during a sync is overwritten',
    scenario: 'The user edits a row while the answer is on its way, and the answer replaces the row.',
  },
  A03: {
    title: 'A row is inserted twice',
    scenario: 'A new row is applied, the answer is lost, and the retry inserts it again.',
  },
  A05: {
    title: 'A wrong clock loses the later edit',
    scenario: 'A phone is two hours ahead, and its earlier edit wins over a later one.',
  },
  A08: {
    title: 'The update of a deleted row vanishes',
    scenario: 'The server deleted the row; the device’s update finds nothing to change.',
  },
  A11: {
    title: 'An old device misses deletes',
    scenario: 'A device was offline for longer than deletes are remembered.',
  },
  A13: {
    title: 'The same key is made on two devices',
    scenario: 'Two devices create a row with the same natural key, and the second is refused.',
  },
  A17: {
    title: 'A child is added to a deleted parent',
    scenario: 'A device adds a contact to a company that the server has deleted.',
  },
  A18: {
    title: 'A reference is broken on screen',
    scenario: 'Parents are replaced in one transaction and their children in the next.',
  },
  A21: {
    title: 'A batch is applied in part',
    scenario: 'The fourth of five edits fails, and the device takes all or none for done.',
  },
  A23: {
    title: 'A refused write stays on the device',
    scenario: 'The server refuses an edit, and since the row did not change nothing corrects the device.',
  },
  A27: {
    title: 'A row is left behind or leaked',
    scenario: 'A row leaves what the user may see, and the device keeps it.',
  },
  A29: {
    title: 'Precision is lost on the way',
    scenario: 'Microseconds become milliseconds, and two versions never compare as equal.',
  },
  A30: {
    title: 'The cursor runs ahead of the data',
    scenario: 'The position is saved, and the device stops before the rows are.',
  },
  A34: {
    title: 'The screen is empty in the middle of a sync',
    scenario: 'All rows are deleted in one transaction and made again in the next.',
  },
  B01: {
    title: 'The earlier of two edits is overwritten',
    scenario: 'Two devices change the same attribute while offline, and both sync.',
  },
  B02: {
    title: 'An edit waits for a person',
    scenario: 'Two devices change the same row, no handler decides, and nobody looks at the conflict.',
  },
  B03: {
    title: 'Two edits break a rule together',
    scenario: 'Of five in stock each of two devices sells four; the table’s check allows none below zero.',
  },
} as const

export type AnomalyId = keyof typeof ANOMALIES
