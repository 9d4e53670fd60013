import { expect, test } from 'vitest'
import { matchesShortcut } from './shortcut'

const press = (key: string, modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey', boolean>> = {}) =>
  ({ key, ctrlKey: false, metaKey: false, shiftKey: false, ...modifiers }) as KeyboardEvent

test('undo and redo are told apart by Shift', () => {
  expect(matchesShortcut(press('z', { ctrlKey: true }), 'mod+z')).toBe(true)
  expect(matchesShortcut(press('Z', { ctrlKey: true, shiftKey: true }), 'mod+z')).toBe(false)
  expect(matchesShortcut(press('Z', { metaKey: true, shiftKey: true }), 'mod+shift+z')).toBe(true)
})

test('a question mark is one with or without Shift', () => {
  expect(matchesShortcut(press('?', { shiftKey: true }), '?')).toBe(true)
  expect(matchesShortcut(press('?'), '?')).toBe(true)
})

test('a plain key is not its combination with Control', () => {
  expect(matchesShortcut(press('f', { ctrlKey: true }), 'f')).toBe(false)
  expect(matchesShortcut(press('Delete'), 'delete')).toBe(true)
})
