import { expect, it } from 'vitest'
import { importSteps, stageInWords } from './import-steps'

it('tells of a live database how many tables and rows are copied', () => {
  expect(stageInWords({ phase: 'copying', done: 1, total: 11, rows: 1500 })).toBe('1 of 11 tables, 1,500 rows')
  expect(stageInWords({ phase: 'copying', done: 0, total: 1, rows: 1 })).toBe('0 of 1 table, 1 row')
  expect(stageInWords({ phase: 'catalogue', done: 50, total: 1000 })).toBe('50 of 1,000 tables')
})

it('tells of a dump how many bytes are run, and nothing where nobody knows', () => {
  expect(stageInWords({ phase: 'running', done: 1024, total: 2048 })).toMatch(/ of 2.*B$/)
  expect(stageInWords({ phase: 'reading', done: 0, total: null })).toBe('')
  expect(stageInWords({ phase: 'catalogue', done: 0, total: null })).toBe('')
  expect(stageInWords({ phase: 'packing', done: 0, total: 1 })).toBe('')
})

it('has the steps of its source, in the order in which they come', () => {
  const phases = (kind: 'url' | 'file', keepData: boolean) => importSteps({ kind, keepData }).map(({ phase }) => phase)
  expect(phases('url', true)).toEqual(['reading', 'catalogue', 'copying', 'packing'])
  expect(phases('url', false)).toEqual(['reading', 'catalogue'])
  expect(phases('file', true)).toEqual(['reading', 'running', 'catalogue', 'packing'])
  expect(phases('file', false)).toEqual(['reading', 'running', 'catalogue'])
})
