/** The patterns that can be compiled today. The document knows more of them; those are not available yet. */
import type { PatternKind } from '@/designer/model'
import { lastWriteWins } from './last-write-wins/last-write-wins'
import type { SyncPattern } from './pattern'
import { readOnlyDelta } from './read-only-delta/read-only-delta'

export const PATTERNS: readonly SyncPattern[] = [readOnlyDelta, lastWriteWins]

/** The pattern, or null while it is not available. */
export const patternOf = (kind: PatternKind): SyncPattern | null =>
  PATTERNS.find((pattern) => pattern.id === kind) ?? null
