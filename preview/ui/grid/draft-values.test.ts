import { expect, test } from 'vitest'
import type { ColumnShape } from '../../device/messages'
import { type DraftValues, eraseNothing, toggleNull, withText } from './draft-values'

const column = (type: string, nullable = true): ColumnShape => ({
  name: 'c',
  type,
  nullable,
  hasDefault: true,
  writable: true,
  values: null,
})
const NOTHING: DraftValues = new Map()

test('an emptied field holds the empty text where the column holds text, and is untouched elsewhere', () => {
  expect(withText(withText(NOTHING, column('text'), 'a'), column('text'), '').get('c')).toBe('')
  expect(withText(withText(NOTHING, column('integer'), '1'), column('integer'), '').has('c')).toBe(false)
})

test('null is told from untouched, and can be taken back', () => {
  const set = toggleNull(withText(NOTHING, column('text'), 'a'), column('text'))
  expect(set.get('c')).toBeNull()
  expect(toggleNull(set, column('text')).has('c')).toBe(false)
  expect(toggleNull(NOTHING, column('text', false)).has('c')).toBe(false)
})

test('erasing in an empty field of text goes from the default to the empty text and back', () => {
  const empty = eraseNothing(NOTHING, column('text'))
  expect(empty.get('c')).toBe('')
  expect(eraseNothing(empty, column('text')).has('c')).toBe(false)
  expect(eraseNothing(NOTHING, column('integer')).has('c')).toBe(false)
})
