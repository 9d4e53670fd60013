/** A refused group as it is kept, from the answer that refused it until somebody tries it again or gives it up. */
import type { Image, QuarantinedGroup, StoredEdit } from '../../contract'

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
