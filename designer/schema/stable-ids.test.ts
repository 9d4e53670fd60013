import { expect, it } from 'vitest'
import { createIdMaker } from './stable-ids'

it('gives the same names the same id in every reading, and different names different ids', () => {
  const first = createIdMaker()
  const second = createIdMaker()
  expect(first('se', 'public', 'orders')).toBe(second('se', 'public', 'orders'))
  expect(first('se', 'public', 'orders')).toBe(first('se', 'public', 'orders'))
  expect(first('se', 'a', 'b')).not.toBe(first('se', 'ab', ''))
  expect(first('sa', 'public', 'orders')).toMatch(/^sa_[a-z0-9]{8}$/)
})

it('gives 100,000 names as many ids', () => {
  const makeId = createIdMaker()
  const ids = new Set(Array.from({ length: 100_000 }, (_, i) => makeId('sa', 'public', 'big', `column_${i}`)))
  expect(ids.size).toBe(100_000)
})
