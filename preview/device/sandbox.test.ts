import { expect, test } from 'vitest'
import { sealGlobals } from './sandbox'

test('whatever is not on the list goes, wherever on the prototype chain it is', () => {
  const base = { indexedDB: {}, constructor: Object, setTimeout: () => {} }
  const scope = Object.create(base, {
    fetch: { value: () => {}, configurable: true },
    inventedTomorrow: { value: () => {}, configurable: true },
    Map: { value: Map, configurable: true },
  })

  expect(sealGlobals(scope)).toEqual([])

  expect('fetch' in scope || 'inventedTomorrow' in scope || 'indexedDB' in scope).toBe(false)
  expect('Map' in scope && 'setTimeout' in scope).toBe(true)
})

test('what can not be removed is named, unless it is a mere number', () => {
  const scope = Object.create(null, {
    fetch: { value: () => {}, configurable: false },
    TEMPORARY: { value: 0, configurable: false },
  })

  expect(sealGlobals(scope)).toEqual(['fetch'])
})
