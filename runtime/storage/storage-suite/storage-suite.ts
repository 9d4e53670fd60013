/**
 * What every storage of a device does alike, rule by rule: PGlite, SQLite and memory run it.
 *
 * It speaks to `DeviceTables` alone; what is built on them is proved above.
 */
import { describeCapture } from './capture-suite'
import { describeLife } from './life-suite'
import { describeOutbox } from './outbox-suite'
import { describePull } from './pull-suite'
import { describeRows } from './rows-suite'
import { type StorageHarness, suiteContext } from './suite-context'

export function describeStorage(harness: StorageHarness): void {
  const context = suiteContext(harness)
  describeCapture(context)
  describeRows(context)
  describeOutbox(context)
  describePull(context)
  describeLife(context)
}
