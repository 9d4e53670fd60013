/**
 * Which of the things that are gone may be one of the new things under another name. Nothing in a database
 * says so: a table is recognised by its columns, a column by its type, its place and how it is called. So these
 * are questions, the likely ones first, and each thing is in one of them at most.
 */
import type { ServerAttribute, ServerEntity, ServerSchema, ServerType } from '../project'
import { same } from '../same'
import { qualifiedName, type Rename, withKeptIds } from './kept-ids'

export interface RenameCandidate {
  readonly rename: Rename
  /** So likely that it can be assumed until somebody says otherwise. */
  readonly likely: boolean
}

export const renameKey = (rename: Rename): string =>
  `${rename.kind} ${rename.from} ${rename.kind === 'attribute' ? `${rename.entity} ` : ''}${rename.to}`

/** `after` is as it was read; what is known already, or was denied, is no question any more. */
export function renameCandidates(
  before: ServerSchema,
  after: ServerSchema,
  known: readonly Rename[],
  denied: ReadonlySet<string>,
): readonly RenameCandidate[] {
  const unlessDenied =
    <T extends { readonly id: string }>(toRename: (from: T, to: T) => Rename, scoreOf: (from: T, to: T) => number) =>
    (from: T, to: T): number =>
      denied.has(renameKey(toRename(from, to))) ? 0 : scoreOf(from, to)
  const kept = withKeptIds(before, after, known)
  const found: RenameCandidate[] = []

  const goneTypes = missingIn(before.serverTypes, kept.serverTypes)
  const newTypes = missingNames(after.serverTypes, kept.serverTypes, before.serverTypes)
  for (const { from, to, score } of bestPairs(goneTypes, newTypes, unlessDenied(typeRename, typeScore)))
    found.push({ rename: typeRename(from, to), likely: score >= LIKELY })

  const goneEntities = missingIn(before.serverEntities, kept.serverEntities)
  const newEntities = missingNames(after.serverEntities, kept.serverEntities, before.serverEntities)
  for (const { from, to, score } of entityPairs(goneEntities, newEntities, unlessDenied(entityRename, entityScore)))
    found.push({ rename: entityRename(from, to), likely: score >= LIKELY })

  const readByName = new Map(Object.values(after.serverEntities).map((entity) => [qualifiedName(entity), entity]))
  for (const now of Object.values(kept.serverEntities)) {
    const old = before.serverEntities[now.id]
    const read = readByName.get(qualifiedName(now))
    if (old === undefined || read === undefined) continue
    const gone = missingIn(old.attributes, now.attributes)
    if (gone.length === 0) continue
    const stayed = new Map(
      Object.values(now.attributes).flatMap(({ id, name }) =>
        old.attributes[id] === undefined ? [] : [[name, id] as const],
      ),
    )
    const fresh = Object.values(read.attributes).filter(({ name }) => !stayed.has(name))
    const toRename = (from: ServerAttribute, to: ServerAttribute): Rename => ({
      kind: 'attribute',
      entity: read.id,
      from: from.id,
      to: to.id,
    })
    for (const { from, to, score } of bestPairs(gone, fresh, unlessDenied(toRename, attributeScore(old, read, stayed))))
      found.push({ rename: toRename(from, to), likely: score >= LIKELY })
  }
  return found
}

const typeRename = (from: ServerType, to: ServerType): Rename => ({ kind: 'type', from: from.id, to: to.id })
const entityRename = (from: ServerEntity, to: ServerEntity): Rename => ({ kind: 'entity', from: from.id, to: to.id })

const LIKELY = 0.7
const POSSIBLE = 0.45
/** Where more than these could be pairs, only tables that are alike to the letter are compared. */
const MOST_COMPARED = 250_000

interface Pair<T> {
  readonly from: T
  readonly to: T
  readonly score: number
}

/** The best pair first, then the best of what is left, down to what is hardly possible. */
function bestPairs<T extends { readonly id: string }>(
  gone: readonly T[],
  fresh: readonly T[],
  scoreOf: (from: T, to: T) => number,
): readonly Pair<T>[] {
  const pairs = gone.flatMap((from) =>
    fresh.flatMap((to) => {
      const score = scoreOf(from, to)
      return score >= POSSIBLE ? [{ from, to, score }] : []
    }),
  )
  pairs.sort((a, b) => b.score - a.score)
  const taken = new Set<string>()
  return pairs.filter(({ from, to }) => {
    if (taken.has(`from ${from.id}`) || taken.has(`to ${to.id}`)) return false
    taken.add(`from ${from.id}`).add(`to ${to.id}`)
    return true
  })
}

/** Whole schemas may have been renamed: what has the same name and columns elsewhere is found without comparing all. */
function entityPairs(
  gone: readonly ServerEntity[],
  fresh: readonly ServerEntity[],
  scoreOf: (from: ServerEntity, to: ServerEntity) => number,
): readonly Pair<ServerEntity>[] {
  const freshByLikeness = new Map<string, ServerEntity[]>()
  for (const entity of fresh) {
    const key = likenessOf(entity)
    freshByLikeness.set(key, [...(freshByLikeness.get(key) ?? []), entity])
  }
  const moved = gone.flatMap((from) => {
    const [to, other] = freshByLikeness.get(likenessOf(from)) ?? []
    return to === undefined || other !== undefined || scoreOf(from, to) === 0 ? [] : [{ from, to, score: 1 }]
  })
  const pairedFrom = new Set(moved.map(({ from }) => from))
  const pairedTo = new Set(moved.map(({ to }) => to))
  const restGone = gone.filter((entity) => !pairedFrom.has(entity))
  const restFresh = fresh.filter((entity) => !pairedTo.has(entity))
  if (restGone.length * restFresh.length > MOST_COMPARED) return moved
  return [...moved, ...bestPairs(restGone, restFresh, scoreOf)]
}

const likenessOf = (entity: ServerEntity): string =>
  JSON.stringify([entity.name, entity.kind, Object.values(entity.attributes).map(columnOf).sort()])

const columnOf = ({ name, type }: ServerAttribute): string => `${name} ${type}`

function entityScore(from: ServerEntity, to: ServerEntity): number {
  if (from.kind !== to.kind) return 0
  const columns = shared(Object.values(from.attributes).map(columnOf), Object.values(to.attributes).map(columnOf))
  // Two tables of an id and a name are not one table: few columns say little.
  const weight = Math.min(1, Object.keys(from.attributes).length / 4)
  return columns * (0.6 + 0.2 * weight) + 0.3 * alike(from.name, to.name)
}

/** `stayed`: the columns that both have, by their name in `now`, with their id in `old`. */
const attributeScore = (old: ServerEntity, now: ServerEntity, stayed: ReadonlyMap<string, string>) => {
  const stayedIds = new Set(stayed.values())
  const oldGaps = gapsOf(old, ({ id }) => (stayedIds.has(id) ? id : undefined))
  const nowGaps = gapsOf(now, ({ name }) => stayed.get(name))
  const gone = Object.values(old.attributes).filter(({ id }) => !stayedIds.has(id))
  const fresh = Object.values(now.attributes).filter(({ name }) => !stayed.has(name))
  const isOnlyPair = (type: string): boolean =>
    [gone, fresh].every((columns) => columns.filter((column) => column.type === type).length === 1)
  const inKey = (entity: ServerEntity, id: string): boolean => entity.primaryKey.includes(id)
  const refers = (entity: ServerEntity, id: string): boolean =>
    Object.values(entity.foreignKeys).some(({ attributes }) => attributes.includes(id))
  return (from: ServerAttribute, to: ServerAttribute): number => {
    if (withoutLength(from.type) !== withoutLength(to.type)) return 0
    let score = 0.2 + 0.4 * alike(from.name, to.name)
    // A column that is renamed keeps its place. One that is added comes last, so elsewhere it is hardly a new one.
    const [was, is] = [oldGaps.get(from.id), nowGaps.get(to.id)]
    if (was !== undefined && is !== undefined && isSamePlace(was, is)) score += is.isLast ? 0.35 : 0.5
    if (from.type === to.type && from.nullable === to.nullable) score += 0.1
    if (inKey(old, from.id) !== inKey(now, to.id) || refers(old, from.id) !== refers(now, to.id)) score -= 0.2
    // Nothing else can be meant, so that it is worth a question.
    return from.type === to.type && isOnlyPair(from.type) ? Math.max(score, POSSIBLE) : score
  }
}

/** Where a column stands among those that stayed: others that are gone or new don't move it. */
interface Gap {
  /** The column that stayed before it; empty for none. */
  readonly after: string
  /** Its place among those that are there, and how many they are. */
  readonly place: number
  readonly of: number
  /** Whether no column that stayed comes behind. */
  readonly isLast: boolean
}

function gapsOf(
  entity: ServerEntity,
  stayedAs: (column: ServerAttribute) => string | undefined,
): ReadonlyMap<string, Gap> {
  const gaps: { after: string; ids: string[] }[] = [{ after: '', ids: [] }]
  for (const column of Object.values(entity.attributes).sort((a, b) => a.order - b.order)) {
    const stayed = stayedAs(column)
    if (stayed === undefined) gaps.at(-1)?.ids.push(column.id)
    else gaps.push({ after: stayed, ids: [] })
  }
  return new Map(
    gaps.flatMap(({ after, ids }, at) =>
      ids.map((id, place) => [id, { after, place, of: ids.length, isLast: at === gaps.length - 1 }] as const),
    ),
  )
}

/** Where as many are new as are gone, each is at its own place; else nobody can tell which of them is which. */
const isSamePlace = (was: Gap, is: Gap): boolean =>
  was.after === is.after && (was.of !== is.of || was.place === is.place)

function typeScore(from: ServerType, to: ServerType): number {
  if (from.kind === 'enum' && to.kind === 'enum')
    return 0.7 * shared(from.values, to.values) + 0.3 * alike(from.name, to.name)
  if (from.kind !== 'domain' || to.kind !== 'domain' || from.baseType !== to.baseType) return 0
  return 0.3 + (same(from.checks, to.checks) ? 0.2 : 0) + 0.5 * alike(from.name, to.name)
}

const withoutLength = (type: string): string => type.replace(/\([^)]*\)/, '')

/** The part of all that both have, 0 to 1. */
function shared(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b])
  const inB = new Set(b)
  return all.size === 0 ? 0 : new Set(a.filter((each) => inB.has(each))).size / all.size
}

/** How alike two names are, 0 to 1: the pairs of neighbouring letters that they share (Dice's coefficient). */
function alike(a: string, b: string): number {
  const pairsOf = (name: string): string[] => {
    const plain = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
    return Array.from({ length: Math.max(0, plain.length - 1) }, (_, at) => plain.slice(at, at + 2))
  }
  const [left, right] = [pairsOf(a), pairsOf(b)]
  if (left.length + right.length === 0) return a === b ? 1 : 0
  const rest = new Map<string, number>()
  for (const pair of right) rest.set(pair, (rest.get(pair) ?? 0) + 1)
  let common = 0
  for (const pair of left) {
    const left = rest.get(pair) ?? 0
    if (left === 0) continue
    rest.set(pair, left - 1)
    common += 1
  }
  return (2 * common) / (pairsOf(a).length + right.length)
}

/** Those of `before` that no record of `after` carries on. */
const missingIn = <T extends { readonly id: string }>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, unknown>>,
): T[] => Object.values(before).filter(({ id }) => after[id] === undefined)

/** Those that were read and carry on nothing of `before`, with the ids that they were read with. */
function missingNames<T extends { readonly id: string; readonly schema: string; readonly name: string }>(
  read: Readonly<Record<string, T>>,
  kept: Readonly<Record<string, T>>,
  before: Readonly<Record<string, unknown>>,
): T[] {
  const fresh = new Set(
    Object.values(kept).flatMap((record) => (before[record.id] === undefined ? [qualifiedName(record)] : [])),
  )
  return Object.values(read).filter((record) => fresh.has(qualifiedName(record)))
}
