/**
 * Terms of a scope's filter, named by the way to them from the outside in, and the changes of a tree that an editor
 * makes. All are pure: they answer a new tree and share what is the same.
 *
 * Invariants
 * - A group is never left as a term of nothing: removing the term of `not` removes the `not`, removing the term of
 *   `exists` leaves "any row", and removing the outermost term leaves null.
 */
import type { ScopeFilter } from './scope'

/** Indices from the outermost term inwards; the only term of `not` and `exists` has the index 0. */
export type FilterPath = readonly number[]

export const isGroup = (filter: ScopeFilter): filter is Extract<ScopeFilter, { terms: ScopeFilter[] }> =>
  filter.kind === 'and' || filter.kind === 'or'

export const termsOf = (filter: ScopeFilter): readonly ScopeFilter[] =>
  isGroup(filter) ? filter.terms : 'term' in filter ? [filter.term] : []

/** The term at the end of a path; null where there is none. */
export function termAt(filter: ScopeFilter, path: FilterPath): ScopeFilter | null {
  let term: ScopeFilter | undefined = filter
  for (const index of path) term = term === undefined ? undefined : termsOf(term)[index]
  return term ?? null
}

/** Puts another term in the place of one; null removes it. Answers null where nothing is left. */
export function replaceTerm(filter: ScopeFilter, path: FilterPath, next: ScopeFilter | null): ScopeFilter | null {
  const [index, ...rest] = path
  if (index === undefined) return next
  const term = termsOf(filter)[index]
  if (term === undefined) return filter
  const changed = replaceTerm(term, rest, next)
  if (isGroup(filter)) {
    const terms = filter.terms.flatMap((other, at) => (at !== index ? [other] : changed === null ? [] : [changed]))
    return { ...filter, terms }
  }
  if (filter.kind === 'not') return changed === null ? null : { ...filter, term: changed }
  if (filter.kind === 'exists') return { ...filter, term: changed ?? ANY_ROW }
  return filter
}

/** True for every row. */
export const ANY_ROW: ScopeFilter = { kind: 'and', terms: [] }

/**
 * Adds a term to the group at `path`, before `index`. Where there is no group, one is made of what is there: an
 * `exists` without a condition takes the term itself.
 */
export function insertTerm(filter: ScopeFilter, path: FilterPath, term: ScopeFilter, index?: number): ScopeFilter {
  const there = termAt(filter, path)
  if (there === null) return filter
  const next: ScopeFilter = isGroup(there)
    ? { ...there, terms: there.terms.toSpliced(index ?? there.terms.length, 0, term) }
    : { kind: 'and', terms: index === 0 ? [term, there] : [there, term] }
  return replaceTerm(filter, path, next) ?? term
}

/** Puts a group or `not` around a term, so that it can be combined with others. */
export function wrapTerm(filter: ScopeFilter, path: FilterPath, kind: 'and' | 'or' | 'not'): ScopeFilter {
  const term = termAt(filter, path)
  if (term === null) return filter
  const wrapped: ScopeFilter = kind === 'not' ? { kind, term } : { kind, terms: [term] }
  return replaceTerm(filter, path, wrapped) ?? filter
}

/** Takes away a group or `not` around its terms; they go to the group outside of it. */
export function unwrapTerm(filter: ScopeFilter, path: FilterPath): ScopeFilter {
  const term = termAt(filter, path)
  if (term === null || (!isGroup(term) && term.kind !== 'not')) return filter
  const terms = termsOf(term)
  const [only] = terms
  if (terms.length === 1 && only !== undefined) return replaceTerm(filter, path, only) ?? filter
  const outer = path.slice(0, -1)
  const group = termAt(filter, outer)
  const index = path.at(-1)
  if (group === null || index === undefined || !isGroup(group) || !isGroup(term)) return filter
  return replaceTerm(filter, outer, { ...group, terms: group.terms.toSpliced(index, 1, ...term.terms) }) ?? filter
}

export interface MovedTerm {
  readonly filter: ScopeFilter
  /** Where it now is. */
  readonly path: FilterPath
}

/** Moves a term among those beside it; out of its group where it is the first or the last of it. */
export function moveTerm(filter: ScopeFilter, path: FilterPath, by: 1 | -1): MovedTerm {
  const stays: MovedTerm = { filter, path }
  const outer = path.slice(0, -1)
  const index = path.at(-1)
  const term = termAt(filter, path)
  const group = termAt(filter, outer)
  if (index === undefined || term === null || group === null || !isGroup(group)) return stays
  const target = index + by
  const beside = group.terms[target]
  if (beside !== undefined) {
    // A group that is in the way is entered, so that the arrow keys reach every place.
    if (isGroup(beside)) return enterGroup(filter, outer, group.terms, index, target, term, by)
    const terms = group.terms.toSpliced(index, 1).toSpliced(target, 0, term)
    return { filter: replaceTerm(filter, outer, { ...group, terms }) ?? filter, path: [...outer, target] }
  }
  const above = outer.slice(0, -1)
  const groupIndex = outer.at(-1)
  const around = termAt(filter, above)
  if (groupIndex === undefined || around === null || !isGroup(around)) return stays
  const without: ScopeFilter = { ...group, terms: group.terms.toSpliced(index, 1) }
  const place = by === 1 ? groupIndex + 1 : groupIndex
  const terms = around.terms.toSpliced(groupIndex, 1, without).toSpliced(place, 0, term)
  return { filter: replaceTerm(filter, above, { ...around, terms }) ?? filter, path: [...above, place] }
}

function enterGroup(
  filter: ScopeFilter,
  outer: FilterPath,
  siblings: readonly ScopeFilter[],
  index: number,
  target: number,
  term: ScopeFilter,
  by: 1 | -1,
): MovedTerm {
  const entered = siblings[target]
  const around = termAt(filter, outer)
  if (entered === undefined || !isGroup(entered) || around === null || !isGroup(around)) return { filter, path: outer }
  const place = by === 1 ? 0 : entered.terms.length
  const inside: ScopeFilter = { ...entered, terms: entered.terms.toSpliced(place, 0, term) }
  const terms = siblings.map((sibling, at) => (at === target ? inside : sibling)).toSpliced(index, 1)
  const groupPath = [...outer, by === 1 ? target - 1 : target]
  return { filter: replaceTerm(filter, outer, { ...around, terms }) ?? filter, path: [...groupPath, place] }
}
