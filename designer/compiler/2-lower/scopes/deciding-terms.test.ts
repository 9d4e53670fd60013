import { expect, test } from 'vitest'
import { decidingTerms, type FoundTerm } from './deciding-terms'

const leaf = (words: string, holds: boolean | null): FoundTerm => ({
  kind: 'compare',
  words,
  holds,
  values: [],
  terms: [],
})
const group = (kind: 'and' | 'or', holds: boolean | null, ...terms: FoundTerm[]): FoundTerm => ({
  kind,
  words: kind,
  holds,
  values: [],
  terms,
})
const words = (term: FoundTerm): string[] => decidingTerms(term).map((found) => found.words)

test('a row is kept out by the first condition that fails, and kept by all that hold', () => {
  expect(words(group('and', false, leaf('a', true), leaf('b', false), leaf('c', false)))).toEqual(['b'])
  expect(words(group('and', true, leaf('a', true), leaf('b', true)))).toEqual(['a', 'b'])
})

test('a row is kept by the first alternative that holds, and kept out by all that fail', () => {
  expect(words(group('or', true, leaf('a', false), leaf('b', true), leaf('c', true)))).toEqual(['b'])
  expect(words(group('or', false, leaf('a', false), leaf('b', null)))).toEqual(['a', 'b'])
})

test('what is not known keeps a row out', () => {
  expect(words(group('and', null, leaf('a', true), leaf('b', null)))).toEqual(['b'])
})

test('groups are asked for their own reasons, and one without terms is a reason itself', () => {
  expect(words(group('and', false, group('or', false, leaf('a', false), leaf('b', false)), leaf('c', true)))).toEqual([
    'a',
    'b',
  ])
  expect(words(group('and', true))).toEqual(['and'])
  // Each condition is met by some related row, but no row meets both.
  expect(words(group('and', false, leaf('a', true), leaf('b', true)))).toEqual(['and'])
})
