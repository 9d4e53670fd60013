/** The sync patterns, in the order in which they are offered. */
import type { LocalEntity, Pattern, PatternKind } from '@/designer/model'
import { appendOnly } from './append-only/append-only'
import { conflictDetection } from './conflict-detection/conflict-detection'
import { lastWriteWins } from './last-write-wins/last-write-wins'
import { merge } from './merge/merge'
import { onDemand } from './on-demand/on-demand'
import { oneToMany } from './one-to-many/one-to-many'
import type { PatternSteps, SyncPattern } from './pattern'
import { readOnly } from './read-only/read-only'
import { readOnlyDelta } from './read-only-delta/read-only-delta'

const BY_KIND: { readonly [Kind in PatternKind]: SyncPattern<Kind> } = {
  'read-only': readOnly,
  'read-only-delta': readOnlyDelta,
  'last-write-wins': lastWriteWins,
  'conflict-detection': conflictDetection,
  'one-to-many': oneToMany,
  'append-only': appendOnly,
  merge,
  'on-demand': onDemand,
}

/** What people choose a pattern by. */
export type PatternInfo = Omit<SyncPattern, 'expand'>

export const PATTERNS: readonly PatternInfo[] = Object.values(BY_KIND)

export const patternOf = (kind: PatternKind): PatternInfo => BY_KIND[kind]

/** What the entity adds to the flow of its unit. */
export const expandEntity = (entity: LocalEntity): PatternSteps => expand(entity, entity.pattern)

const expand = <Kind extends PatternKind>(
  entity: LocalEntity,
  pattern: Extract<Pattern, { kind: Kind }>,
): PatternSteps => BY_KIND[pattern.kind as Kind].expand(entity, pattern)
