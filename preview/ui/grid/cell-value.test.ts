import { expect, test } from 'vitest'
import type { ColumnShape } from '../../device/messages'
import { cellKind, editedValue, keepsFile, shortType } from './cell-value'
import { nextPlace } from './grid-keys'

const column = (type: string, values: readonly string[] | null = null): ColumnShape => ({
  name: 'c',
  type,
  nullable: true,
  hasDefault: false,
  writable: true,
  values,
})

test.each([
  ['character varying(40)', 'text'],
  ['numeric(10,2)', 'number'],
  ['integer[]', 'other'],
  ['boolean', 'boolean'],
  ['date', 'other'],
])('a column of type %s is edited as %s', (type, kind) => {
  expect(cellKind(column(type))).toBe(kind)
})

test('an enum is a choice, whatever its name', () => {
  expect(cellKind(column('text_like', ['a']))).toBe('choice')
})

test('an emptied field is empty text in a text column and null in any other', () => {
  expect(editedValue(column('text'), '')).toBe('')
  expect(editedValue(column('integer'), '')).toBeNull()
  expect(editedValue(column('integer'), 'abc')).toBe('abc')
})

test('a file stays as it is where nothing is typed, or its name is pasted back', () => {
  const name = 'a1'.repeat(32)
  expect(keepsFile(name, '')).toBe(true)
  expect(keepsFile(name, name)).toBe(true)
  expect(keepsFile(name, ` ${name.toUpperCase()}\n`)).toBe(true)
  expect(keepsFile(null, '')).toBe(true)
  expect(keepsFile(null, null)).toBe(true)
  expect(keepsFile(name, null)).toBe(false)
  expect(keepsFile(name, 'Done')).toBe(false)
  expect(keepsFile(null, name)).toBe(false)
})

test.each([
  ['timestamp(3) with time zone', 'timestamptz'],
  ['timestamp without time zone[]', 'timestamp[]'],
  ['character varying(40)', 'varchar'],
  ['character(2)', 'char'],
  ['numeric(10,2)', 'numeric'],
])('%s is shown as %s', (type, short) => {
  expect(shortType(type)).toBe(short)
})

test('the keyboard stays inside the grid', () => {
  const press = (key: string, ctrlKey = false) =>
    nextPlace({ key, ctrlKey, metaKey: false }, { row: 0, column: 1 }, { rows: 3, columns: 2 })
  expect(press('ArrowUp')).toEqual({ row: 0, column: 1 })
  expect(press('ArrowRight')).toEqual({ row: 0, column: 1 })
  expect(press('PageDown')).toEqual({ row: 2, column: 1 })
  expect(press('End', true)).toEqual({ row: 2, column: 1 })
  expect(press('x')).toBeNull()
})
