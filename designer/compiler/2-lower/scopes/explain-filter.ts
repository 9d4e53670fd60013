/**
 * A scope, taken apart so that each of its terms can be asked of one row: "why is this row on that device?"
 *
 * Each term's SQL is a condition over `b` and `session`, wherever in the tree the term stands: inside `exists` it asks
 * whether some related row fits. What a term compares comes as SQL too, so that the values can be shown.
 */
import {
  type FilterPath,
  filterInWords,
  operandInWords,
  type Project,
  type Scope,
  type ScopeFilter,
  type ScopeOperand,
  type ServerEntity,
} from '@/designer/model'
import {
  at,
  claimOf,
  condition,
  type Followed,
  followedParent,
  operand,
  type Place,
  parentCondition,
  related,
  startPlace,
  typeOfComparison,
} from './filter-condition'
import { createFacts } from './scope-facts'
import { readSqlScope } from './sql-scope'
import { conjuncts } from './sql-tokens'

export interface ExplainedTerm {
  readonly kind: ScopeFilter['kind'] | 'sql' | 'all'
  /** Of the term in the scope that is explained; null inside the scope of a parent, and in SQL. */
  readonly path: FilterPath | null
  readonly words: string
  /** A condition over `b` and `session`. */
  readonly sql: string
  readonly values: readonly SeenValue[]
  readonly terms: readonly ExplainedTerm[]
}

export interface SeenValue {
  /** `city`, `the claim city`. */
  readonly words: string
  /** A text over `b` and `session`; of related rows the first few different ones, with commas. */
  readonly sql: string
}

/** Null where the scope can't be used: its problems say why. */
export function explainScope(project: Project, root: ServerEntity, scope: Scope): ExplainedTerm | null {
  switch (scope.kind) {
    case 'all':
      return { kind: 'all', path: null, words: 'all rows', sql: 'true', values: [], terms: [] }
    case 'filter':
      return explainFilter(project, root, scope.filter)
    case 'sql':
      return explainSql(readSqlScope(project, root, scope.where).rule?.where ?? null, [])
  }
}

export function explainFilter(project: Project, root: ServerEntity, filter: ScopeFilter): ExplainedTerm {
  return explain(startPlace(project, createFacts(), root), filter, [], [])
}

/** `around`: the related rows through which we came, from outside inwards. */
function explain(
  place: Place,
  filter: ScopeFilter,
  path: FilterPath | null,
  around: readonly Followed[],
): ExplainedTerm {
  const within = (index: number) => (path === null ? null : [...path, index])
  const term: Omit<ExplainedTerm, 'values' | 'terms'> = {
    kind: filter.kind,
    path,
    words: filterInWords(place.project, place.entity, filter),
    sql: among(around, condition(place, filter)),
  }
  switch (filter.kind) {
    case 'and':
    case 'or':
      return {
        ...term,
        values: [],
        terms: filter.terms.map((inner, index) => explain(at(place, index), inner, within(index), around)),
      }
    case 'not':
      return { ...term, values: [], terms: [explain(at(place, 0), filter.term, within(0), around)] }
    case 'compare': {
      const type = typeOfComparison(place, filter)
      const seen = (item: ScopeOperand): SeenValue[] =>
        item.kind === 'constant'
          ? []
          : [
              {
                words: operandInWords(place.project, place.entity, item),
                sql: valuesAmong(
                  around,
                  // A claim may be a list, and is shown as it is.
                  item.kind === 'claim' ? `${claimOf(place, item.name)} #>> '{}'` : operand(place, item, type),
                ),
              },
            ]
      return { ...term, values: [filter.left, ...filter.right].flatMap(seen), terms: [] }
    }
    case 'exists': {
      const step = related(place, filter.foreignKey)
      if (step === null) return { ...term, values: [], terms: [] }
      const inside = [...around, step]
      return {
        ...term,
        values: around.length === 0 ? [countOf(step)] : [],
        terms: isAny(filter.term) ? [] : [explain(at(step.place, 0), filter.term, within(0), inside)],
      }
    }
    case 'in-scope': {
      const followed = followedParent(place, filter.foreignKey)
      if (followed === null) return { ...term, values: [], terms: [] }
      const { parent, step } = followed
      const inside = [...around, step]
      const { scope } = parent
      const terms =
        scope.kind === 'filter'
          ? [explain(step.place, scope.filter, null, inside)]
          : scope.kind === 'sql'
            ? (explainSql(parentCondition(step.place, parent), inside)?.terms ?? [])
            : []
      return { ...term, values: around.length === 0 ? [countOf(step)] : [], terms }
    }
  }
}

const isAny = (filter: ScopeFilter): boolean => filter.kind === 'and' && filter.terms.length === 0

/** An expression of which all parts that "and" joins are shown, where it is one of that kind. */
function explainSql(where: string | null, around: readonly Followed[]): ExplainedTerm | null {
  if (where === null) return null
  const parts = conjuncts(where)
  const term = (sql: string, terms: readonly ExplainedTerm[]): ExplainedTerm => ({
    kind: 'sql',
    path: null,
    words: sql.replace(/\s+/g, ' ').trim(),
    sql: among(around, sql),
    values: [],
    terms,
  })
  return term(where, parts.length < 2 ? [] : parts.map((part) => term(part, [])))
}

/** The condition of a related row, as one of `b`: some row along the way fits. */
const among = (around: readonly Followed[], sql: string): string =>
  around.reduceRight((inner, { table, on }) => `exists (select from ${table} where ${on} and (${inner}\n))`, sql)

/** Enough to recognise, few enough to read. */
const MOST_VALUES = 5

function valuesAmong(around: readonly Followed[], sql: string): string {
  if (around.length === 0) return `(${sql})::text`
  const from = around.map(({ table }) => table).join(' cross join ')
  const where = around.map(({ on }) => `(${on})`).join(' and ')
  return `(select string_agg(value, ', ') from (select distinct (${sql})::text as value from ${from} where ${where} order by 1 limit ${MOST_VALUES}) seen)`
}

const countOf = ({ table, on, place }: Followed): SeenValue => ({
  words: `rows of ${place.entity.name}`,
  sql: `(select count(*)::text from ${table} where ${on})`,
})
