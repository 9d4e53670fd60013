/**
 * What an edit's author had seen: the snapshot in the edit's base, which is a cursor (C4).
 *
 * Invariants
 * - A base that can't be read, from another server, timeline or installation, or from a history that a restore undid, says
 *   nothing: every foreign version that is known counts as unseen.
 * - Where the log no longer reaches back to the base, nobody knows what was written since: that is a conflict rather than
 *   something overwritten (A11).
 */
import type { EntityPlan } from '../plan'
import { baseSnapshot, isOfHistory, type Moment, momentAsBase, parseCursor } from '../pull/moment'

export type Seen =
  | { readonly kind: 'snapshot'; readonly snapshot: string }
  /** As if nothing had been seen since tracking began. */
  | { readonly kind: 'nothing' }
  /** Something was seen, but too long ago to say what came later. */
  | { readonly kind: 'forgotten' }

export function seenBy(base: string | null, plan: EntityPlan, moment: Moment): Seen {
  const snapshot = baseSnapshot(base, plan, moment)
  if (snapshot !== null) return { kind: 'snapshot', snapshot }
  const cursor = parseCursor(base)
  const isOurs = cursor !== null && isOfHistory(cursor, moment)
  return { kind: isOurs ? 'forgotten' : 'nothing' }
}

/** A base that sees what this snapshot shows. */
export function versionOf(moment: Moment, snapshot: string): string {
  return momentAsBase({ ...moment, snapshot })
}
