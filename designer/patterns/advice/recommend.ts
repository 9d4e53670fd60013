/**
 * Which pattern suits an entity, from what it is, what is expected of its users and what each would cost.
 *
 *   only read? ─► read-only-delta        only sent? ─► append-only
 *   too large? ─► on-demand              edits meet? ─► numbers: merge, else conflict-detection
 *   a whole with its parts? ─► one-to-many                            else ─► last-write-wins
 *
 * The direction counts as a wish, since only people know whether the app is to write. Each pattern that is not
 * recommended says why not.
 */
import {
  childrenOf,
  inOrder,
  type LocalEntity,
  PATTERN_KINDS,
  type PatternKind,
  startingPattern,
} from '@/designer/model'
import type { Design } from './design'
import { type EntityEstimate, type EstimateOptions, entityEstimate } from './estimate'
import { formatBytes, formatChance, formatCount } from './words'

export interface Recommendation {
  readonly pattern: PatternKind
  /** Sentences, the weightiest first. */
  readonly reasons: readonly string[]
  /** All the others. */
  readonly alternatives: readonly Alternative[]
}

export interface Alternative {
  readonly pattern: PatternKind
  readonly whyNot: string
}

/** An edit of fifty that meets another is one a week for a busy team: more than anybody notices by chance. */
export const CONFLICTS_MATTER_FROM = 0.02

/** Rows beyond which a device is better off with those that the app chooses. */
export const LARGE_BYTES = 200 * 1024 * 1024

/** Null where the entity, or its table, is not there. */
export function recommendPattern(project: Design, id: string, options: EstimateOptions = {}): Recommendation | null {
  const entity = project.localEntities[id]
  // What each pattern costs is to be compared as if the entity brought all of its rows and wrote.
  const estimate = entityEstimate(withPattern(project, id, 'last-write-wins'), id, options)
  if (entity === undefined || estimate === null) return null
  const facts = factsOf(project, entity, estimate)
  const [pattern, ...reasons] = choose(facts)
  return {
    pattern,
    reasons,
    alternatives: PATTERN_KINDS.filter((kind) => kind !== pattern).map((kind) => ({
      pattern: kind,
      whyNot: whyNot(kind, facts),
    })),
  }
}

/** The project with another pattern on an entity, to see what it would cost. */
export function withPattern(project: Design, id: string, kind: PatternKind): Design {
  const entity = project.localEntities[id]
  if (entity === undefined || entity.pattern.kind === kind) return project
  const direction = DIRECTION_FOR[kind] ?? (entity.direction === 'down' ? 'down' : 'both')
  const next = { ...entity, direction, pattern: startingPattern(project, entity, kind) }
  return { ...project, localEntities: { ...project.localEntities, [id]: next } }
}

const DIRECTION_FOR: Partial<Record<PatternKind, LocalEntity['direction']>> = {
  'read-only': 'down',
  'read-only-delta': 'down',
  'conflict-detection': 'both',
  'one-to-many': 'both',
  merge: 'both',
  'append-only': 'up',
}

interface Facts {
  readonly name: string
  readonly estimate: EntityEstimate
  readonly onlyRead: boolean
  /** That it is only read was said by its number of edits, not by its direction. */
  readonly noEdits: boolean
  readonly onlySent: boolean
  readonly children: readonly string[]
  readonly counters: readonly string[]
  readonly sets: readonly string[]
  /** That an edit meets another to the same attribute. */
  readonly chance: number
}

function factsOf(project: Design, entity: LocalEntity, estimate: EntityEstimate): Facts {
  const edits = project.requirements.entities[entity.id]?.editsPerDay ?? null
  const policies = startingPattern(project, entity, 'merge')
  const merged = (policy: string): string[] =>
    inOrder(entity.attributes).flatMap(([id, { name }]) =>
      policies.kind === 'merge' && policies.attributes[id] === policy ? [name] : [],
    )
  return {
    name: entity.name,
    estimate,
    onlyRead: entity.direction === 'down' || edits === 0,
    noEdits: edits === 0,
    onlySent: entity.direction === 'up',
    children: childrenOf(project, entity).flatMap((child) => {
      const found = project.localEntities[child]
      return found?.direction === 'both' && isOwned(project, entity, found) ? [found.name] : []
    }),
    counters: merged('counter'),
    sets: merged('set'),
    chance: estimate.attributeConflictChancePerEdit,
  }
}

/** Rows that go with their parent are part of it: the reference cascades, or the child's key begins with it. */
function isOwned(project: Design, parent: LocalEntity, child: LocalEntity): boolean {
  const root = project.serverEntities[child.root]
  return Object.values(root?.foreignKeys ?? {}).some(
    ({ entity, attributes, onDelete }) =>
      entity === parent.root &&
      (onDelete === 'cascade' ||
        attributes.every((part) => root?.primaryKey.indexOf(part) === attributes.indexOf(part))),
  )
}

function choose(facts: Facts): [PatternKind, ...string[]] {
  const { estimate, children, counters, sets, chance } = facts
  if (facts.onlySent) return ['append-only', 'Rows only go from the device to the server.', ...odds(facts)]
  if (estimate.bytesOnDevice > LARGE_BYTES) {
    return [
      'on-demand',
      `All rows in scope would be ${formatBytes(estimate.bytesOnDevice)} on each device; the app brings those that it needs.`,
    ]
  }
  if (facts.onlyRead) {
    return [
      'read-only-delta',
      facts.noEdits ? 'Nobody edits it.' : 'The device only reads it.',
      `After the first ${formatBytes(estimate.firstSyncBytes)} a sync brings what changed and nothing else.`,
    ]
  }
  if (chance >= CONFLICTS_MATTER_FROM) {
    if (counters.length + sets.length > 0 && counters.length + sets.length >= estimate.attributes / 2) {
      return [
        'merge',
        ...odds(facts),
        `${listed([...counters, ...sets])} add up or merge by element, so that no edit is lost.`,
      ]
    }
    return [
      'conflict-detection',
      ...odds(facts),
      'With last write wins the earlier of two such edits would be gone, and nobody told.',
    ]
  }
  if (children.length > 0) {
    return [
      'one-to-many',
      `Rows of ${listed(children)} are part of its rows: they are deleted together, and no edit tears them apart.`,
      ...odds(facts),
    ]
  }
  return ['last-write-wins', ...odds(facts), 'It is the simplest pattern that writes, and never makes anybody wait.']
}

function odds({ estimate, chance, onlySent }: Facts): string[] {
  if (onlySent) return []
  if (chance < 1e-6) return ['Two edits hardly ever meet on the same attribute.']
  const perDay = estimate.editsPerDay * chance
  const often =
    perDay < 0.7
      ? `one in ${formatCount(Math.round(1 / perDay))} days`
      : `${formatCount(Number(perDay.toPrecision(2)))} a day`
  return [`${formatChance(chance)} of its edits meet another one to the same attribute: about ${often}.`]
}

function whyNot(kind: PatternKind, facts: Facts): string {
  const { estimate, onlyRead, onlySent, children, counters, sets, chance } = facts
  const small = chance < CONFLICTS_MATTER_FROM
  switch (kind) {
    case 'read-only':
      return onlyRead
        ? `Each sync would bring all ${formatBytes(estimate.firstSyncBytes)} anew; the delta brings the same rows for less.`
        : 'The device could not write.'
    case 'read-only-delta':
      return 'The device could not write.'
    case 'last-write-wins':
      if (onlyRead) return 'The device does not write it.'
      if (onlySent) return 'What is only sent need not stay on the device.'
      return small
        ? 'It would do for single rows, but not for what belongs together.'
        : `${formatChance(chance)} of the edits would meet another one, and the earlier would be gone.`
    case 'conflict-detection':
      if (onlyRead) return 'Without edits there are no conflicts.'
      if (onlySent) return 'Rows that are only added never meet another edit.'
      return small
        ? `Only ${formatChance(chance)} of the edits meet another one; each edit would carry the whole row as it was.`
        : 'It would do, where every meeting of two edits is worth a decision.'
    case 'one-to-many':
      if (onlyRead) return 'The device does not write it.'
      return children.length === 0
        ? 'No entity that devices write has rows that are part of its rows.'
        : `It would keep ${listed(children)} and its rows together, but of two edits to one attribute the earlier would be gone.`
    case 'append-only':
      return onlyRead ? 'The device does not write it.' : 'Rows could not be looked at or changed once they were sent.'
    case 'merge':
      return counters.length + sets.length === 0
        ? 'It has no attribute whose edits could add up.'
        : onlyRead
          ? 'The device does not write it.'
          : `Of its attributes only ${listed([...counters, ...sets])} could add up, if two edits really do.`
    case 'on-demand':
      return estimate.bytesOnDevice > LARGE_BYTES
        ? 'It has to be known which rows the app needs.'
        : `All ${formatCount(estimate.rowsOnDevice)} rows in scope take ${formatBytes(estimate.bytesOnDevice)}, so that nothing need be chosen.`
  }
}

const listed = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
