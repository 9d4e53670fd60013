import { expect, it } from 'vitest'
import { cardProblems } from './use-problems'

it('speaks of errors first, of warnings where there are none, and else not at all', () => {
  expect(cardProblems({ errors: 2, warnings: 5 })).toEqual({ severity: 'error', count: 2 })
  expect(cardProblems({ errors: 0, warnings: 5 })).toEqual({ severity: 'warning', count: 5 })
  expect(cardProblems({ errors: 0, warnings: 0 })).toBeNull()
  expect(cardProblems(undefined)).toBeNull()
})
