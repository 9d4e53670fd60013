/** Comparisons as the builder offers them: by the kind of value, with "is empty" and "is newer than" as words of their own. */
import { OPERATOR_WORDS, type ScopeFilter, type ScopeOperand, TIME_WORDS } from '@/designer/model'
import type { ValueShape } from './value-shape'

export type Comparison = Extract<ScopeFilter, { kind: 'compare' }>
export type ShownOperator = Comparison['operator'] | 'empty' | 'not-empty' | 'newer' | 'older'

const NOTHING: ScopeOperand = { kind: 'constant', value: null }
const DAY = 86_400

/** How a comparison of the file is shown. */
export function shownOperator({ operator, right }: Comparison): ShownOperator {
  const [only] = right
  if (only?.kind === 'constant' && only.value === null && right.length === 1) {
    if (operator === '=') return 'empty'
    if (operator === '<>') return 'not-empty'
  }
  if (only?.kind === 'now-minus') {
    if (operator === '>') return 'newer'
    if (operator === '<') return 'older'
  }
  return operator
}

/** What can be asked of a value; what the comparison asks already is always among them. */
export function operatorsFor(shape: ValueShape, present: ShownOperator): readonly ShownOperator[] {
  const offered = OFFERED[shape.kind]
  return offered.includes(present) ? offered : [...offered, present]
}

const EQUAL = ['=', '<>'] as const
const EMPTY = ['empty', 'not-empty'] as const
const ORDER = ['<', '<=', '>', '>='] as const

const OFFERED: Record<ValueShape['kind'], readonly ShownOperator[]> = {
  boolean: [...EQUAL, ...EMPTY],
  enum: [...EQUAL, 'in', ...EMPTY],
  number: [...EQUAL, ...ORDER, 'in', ...EMPTY],
  date: ['newer', 'older', ...EQUAL, ...ORDER, ...EMPTY],
  timestamp: ['newer', 'older', ...EQUAL, ...ORDER, ...EMPTY],
  uuid: [...EQUAL, 'in', ...EMPTY],
  text: [...EQUAL, 'in', 'like', ...ORDER, ...EMPTY],
}

export function operatorWords(operator: ShownOperator, shape: ValueShape): string {
  switch (operator) {
    case 'empty':
      return 'is empty'
    case 'not-empty':
      return 'is not empty'
    case 'newer':
      return 'is newer than'
    case 'older':
      return 'is older than'
    default:
      return (shape.kind === 'date' || shape.kind === 'timestamp' ? TIME_WORDS : OPERATOR_WORDS)[operator]
  }
}

/** Another operator, which keeps as much of the right side as makes sense with it. */
export function withOperator(compare: Comparison, operator: ShownOperator, shape: ValueShape): Comparison {
  switch (operator) {
    case 'empty':
      return { ...compare, operator: '=', right: [NOTHING] }
    case 'not-empty':
      return { ...compare, operator: '<>', right: [NOTHING] }
    case 'newer':
    case 'older': {
      const [before] = compare.right
      const ago: ScopeOperand = before?.kind === 'now-minus' ? before : { kind: 'now-minus', seconds: 30 * DAY }
      return { ...compare, operator: operator === 'newer' ? '>' : '<', right: [ago] }
    }
    default: {
      const values = compare.right.filter(
        (item) => item.kind !== 'now-minus' && !(item.kind === 'constant' && item.value === null),
      )
      const [first = startingValue(shape)] = values
      return { ...compare, operator, right: operator === 'in' ? (values.length > 0 ? values : [first]) : [first] }
    }
  }
}

/** Another left side: what is on the right stays where it has the same kind of value. */
export function withLeft(
  left: ScopeOperand,
  shape: ValueShape,
  before: Comparison,
  beforeShape: ValueShape,
): Comparison {
  if (JSON.stringify(shape) === JSON.stringify(beforeShape)) return { ...before, left }
  const keepsClaim = before.right.every(({ kind }) => kind === 'claim')
  return keepsClaim && before.operator !== 'like' ? { ...before, left } : startingComparison(left, shape, [])
}

/** A condition to begin with: a claim of the column's name where there is one, else what is asked most. */
export function startingComparison(
  left: ScopeOperand,
  shape: ValueShape,
  claims: readonly string[],
  name = '',
): Comparison {
  const claim = claims.find((candidate) => namesAgree(candidate, name))
  if (claim !== undefined) return { kind: 'compare', operator: '=', left, right: [{ kind: 'claim', name: claim }] }
  if (shape.kind === 'date' || shape.kind === 'timestamp') {
    return { kind: 'compare', operator: '>', left, right: [{ kind: 'now-minus', seconds: 30 * DAY }] }
  }
  if (shape.kind === 'uuid' && name !== '') {
    return { kind: 'compare', operator: '=', left, right: [{ kind: 'claim', name }] }
  }
  return { kind: 'compare', operator: '=', left, right: [startingValue(shape)] }
}

const namesAgree = (a: string, b: string): boolean => plain(a) === plain(b)
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** A date to begin with, where one is to be written. */
export const FIRST_DAY = '2026-01-01'

export function startingValue(shape: ValueShape): ScopeOperand {
  switch (shape.kind) {
    case 'boolean':
      return { kind: 'constant', value: 'true' }
    case 'enum':
      return { kind: 'constant', value: shape.values[0] ?? '' }
    case 'number':
      return { kind: 'constant', value: '0' }
    case 'date':
    case 'timestamp':
      return { kind: 'now-minus', seconds: 30 * DAY }
    case 'uuid':
    case 'text':
      return { kind: 'constant', value: '' }
  }
}
