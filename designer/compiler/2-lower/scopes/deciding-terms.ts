/**
 * Which terms of a scope decided about a row: the shortest reason that would change the answer if it changed.
 *
 *   and  false because of the first term that is not true · true because of all
 *   or   true because of the first term that is true · false because of all
 *   not  because of its term
 */

/** A term as it was found for one row. Null is "not known", which keeps a row out. */
export interface FoundTerm {
  readonly kind: string
  readonly words: string
  readonly holds: boolean | null
  readonly values: readonly { readonly words: string; readonly value: string | null }[]
  readonly terms: readonly FoundTerm[]
}

export function decidingTerms(term: FoundTerm): readonly FoundTerm[] {
  const holds = term.holds === true
  switch (term.kind) {
    case 'and':
      return decidedBy(term, holds ? 'all' : 'first', (inner) => (inner.holds === true) === holds)
    case 'or':
      return decidedBy(term, holds ? 'first' : 'all', (inner) => (inner.holds === true) === holds)
    case 'sql':
      return term.terms.length === 0
        ? [term]
        : decidedBy(term, holds ? 'all' : 'first', (inner) => (inner.holds === true) === holds)
    default:
      return [term]
  }
}

function decidedBy(
  term: FoundTerm,
  how: 'first' | 'all',
  isReason: (inner: FoundTerm) => boolean,
): readonly FoundTerm[] {
  const reasons = term.terms.filter(isReason)
  const wanted = how === 'first' ? reasons.slice(0, 1) : reasons
  // A group without terms, or one inside "exists" of which each term is met by another row, is itself the reason.
  return wanted.length === 0 ? [term] : wanted.flatMap(decidingTerms)
}
