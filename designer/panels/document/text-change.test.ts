import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textChange } from './text-change'

test('only the stretch that differs is replaced', () => {
  expect(textChange('one two three', 'one 2 three')).toEqual({ start: 4, end: 7, text: '2' })
  expect(textChange('aa', 'aaa')).toEqual({ start: 2, end: 2, text: 'a' })
  expect(textChange('same', 'same')).toBeNull()
})

test('the change makes one text of the other', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') })
  fc.assert(
    fc.property(text, text, (before, after) => {
      const change = textChange(before, after)
      const applied = change === null ? before : before.slice(0, change.start) + change.text + before.slice(change.end)
      expect(applied).toBe(after)
    }),
  )
})
