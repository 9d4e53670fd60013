/** The renames to ask about, with what holds until somebody answers. */
import type { ServerSchema } from '../project'
import type { Rename } from './kept-ids'
import { renameCandidates, renameKey } from './rename-candidates'

export interface RenameQuestion {
  readonly key: string
  readonly rename: Rename
  /** As it was answered, or else as it is likely. */
  readonly confirmed: boolean
}

/**
 * A table that is another one under a new name brings questions about its columns, so each round of answers is
 * asked on. What is denied stays a question, so that one can think again. Parents come before their columns.
 * `byHand`: what somebody named as a rename, which goes before whatever else is likely.
 */
export function renameQuestions(
  before: ServerSchema,
  after: ServerSchema,
  answers: ReadonlyMap<string, boolean>,
  byHand: readonly Rename[] = [],
): readonly RenameQuestion[] {
  const questions = new Map<string, RenameQuestion>()
  for (const rename of byHand) {
    const key = renameKey(rename)
    questions.set(key, { key, rename, confirmed: answers.get(key) ?? true })
  }
  for (;;) {
    const asked = [...questions.values()]
    const confirmed = asked.flatMap(({ rename, confirmed }) => (confirmed ? rename : []))
    const denied = new Set(asked.flatMap(({ key, confirmed }) => (confirmed ? [] : key)))
    const found = renameCandidates(before, after, confirmed, denied)
    if (found.length === 0) return asked
    for (const { rename, likely } of found) {
      const key = renameKey(rename)
      questions.set(key, { key, rename, confirmed: answers.get(key) ?? likely })
    }
  }
}
