/**
 * Conflicts that ended on the device without an edit that would tell the server: its record of them would wait for ever.
 *
 *   ended ─► kept in the meta values ─► told with the next request ─► answered: forgotten
 *
 * Invariant: it is kept in the transaction that ends the conflict, and told again until a server has answered (F4, D1).
 */
import type { SyncTransaction, TableState } from '../../contract'
import type { EndedConflict } from '../../protocol/messages'

/** A name in `TableState.meta`: JSON, conflict id to decision. */
const ENDED_META = 'ended'
/** What one request tells of them; it must not grow beyond what a server takes. */
const AT_ONCE = 1000

export async function noteEnded(
  tx: SyncTransaction,
  decision: EndedConflict['decision'],
  ids: readonly (string | null)[],
): Promise<void> {
  const ended = ids.filter((id) => id !== null)
  if (ended.length === 0) return
  await change(tx, (kept) => {
    const news = ended.filter((id) => !(id in kept))
    return { ...kept, ...Object.fromEntries(news.map((id) => [id, decision])) }
  })
}

/** What the next request tells of them. */
export function endedConflicts({ meta }: TableState): readonly EndedConflict[] {
  const kept = Object.entries(JSON.parse(meta.get(ENDED_META) ?? '{}') as Kept)
  return kept.slice(0, AT_ONCE).map(([id, decision]) => ({ id, decision }))
}

export function forgetEnded(tx: SyncTransaction, told: readonly EndedConflict[]): Promise<void> {
  const ids = told.map(({ id }) => id)
  return change(tx, (kept) => Object.fromEntries(Object.entries(kept).filter(([id]) => !ids.includes(id))))
}

type Kept = { readonly [id: string]: EndedConflict['decision'] }

async function change(tx: SyncTransaction, to: (kept: Kept) => Kept): Promise<void> {
  const { meta } = await tx.state()
  const kept = to(JSON.parse(meta.get(ENDED_META) ?? '{}') as Kept)
  await tx.setMeta(ENDED_META, Object.keys(kept).length === 0 ? null : JSON.stringify(kept))
}
