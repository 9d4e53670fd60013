/**
 * Rows of a request that never came to be, because the group that creates them was refused: whatever the request says of
 * them later is about those rows, and not about somebody else's that has the key (P3).
 */
import type { Group, Outcome } from '../../protocol/messages'
import type { Refusal } from './refusals'

export interface RefusedRows {
  /** Takes in what was answered to a group. */
  readonly note: (group: Group, outcome: Outcome) => void
  /** Why the group can't be applied, where it speaks of such a row. */
  readonly refusalOf: (group: Group) => Pick<Refusal, 'reason' | 'message'> | null
}

export function createRefusedRows(): RefusedRows {
  const rows = new Set<string>()
  return {
    note: ({ edits }, { kind }) => {
      if (kind !== 'refused') return
      for (const edit of edits) if (edit.op === 'create') rows.add(rowName(edit))
    },
    refusalOf: ({ edits }) => {
      if (rows.size === 0) return null
      const made = new Set<string>()
      for (const edit of edits) {
        const row = rowName(edit)
        if (edit.op === 'create') made.add(row)
        else if (rows.has(row) && !made.has(row)) return { reason: 'row-deleted', message: MESSAGE }
      }
      return null
    },
  }
}

const MESSAGE =
  'The row was made on this device and refused, so that there is nothing to change. Try the group again that creates it, then this one.'

const rowName = ({ entity, key }: Group['edits'][number]): string => JSON.stringify([entity, key])
