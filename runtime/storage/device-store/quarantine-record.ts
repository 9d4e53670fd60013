/** A refused group as it is kept, from the answer that refused it until somebody tries it again or gives it up. */
import type { DeviceEvents, Image, QuarantinedGroup, StoredEdit, SyncTransaction } from '../../contract'

/** What is kept of a refused group; images by attribute id. */
export interface QuarantineRecord extends Omit<QuarantinedGroup, 'id' | 'edits'> {
  readonly edits: readonly (Pick<StoredEdit, 'entity' | 'op' | 'key' | 'set' | 'was'> & {
    readonly server: Image | null
    /** Missing in records that an earlier version of the runtime kept. */
    readonly local?: Image | null
    /** True where the key is another row's by now, so that the edit can't be made again. */
    readonly lost?: true
  })[]
}

/** Keeps the group, and answers what the app is told of it. */
export async function keepRefused(
  tx: SyncTransaction,
  id: string,
  record: QuarantineRecord,
): Promise<DeviceEvents['quarantine']> {
  await tx.putRecord('quarantine', { id, body: JSON.stringify(record) })
  return { id, reason: record.reason, message: record.message }
}
