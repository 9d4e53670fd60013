import { expect, test } from 'vitest'
import { transactionWord } from './sql'

test.each([
  ['begin', 'begin'],
  ['  BEGIN; update t set a = 1; commit', 'begin'],
  ['-- first\n/* then */ Commit', 'commit'],
  ['start   transaction read only', 'start transaction'],
  ['rollback to savepoint a', 'rollback'],
  ['savepoint a', 'savepoint'],
  ['release a', 'release'],
  ['abort', 'abort'],
  ['end', 'end'],
])('%s is known as a word of transactions', (text, word) => {
  expect(transactionWord(text)).toBe(word)
})

test.each([
  'select 1 as begin',
  'begins',
  'prepare p as select 1',
  "insert into t values ('commit')",
  '-- begin\nselect 1',
])('%s is not', (text) => {
  expect(transactionWord(text)).toBeNull()
})
