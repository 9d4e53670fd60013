import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyPlaces, mistakeAt, pathAt } from './json-places'

const DOCUMENT = {
  name: 'Shop "north"',
  localEntities: {
    le_a: { id: 'le_a', attributes: { la_1: { id: 'la_1' }, la_2: { id: 'la_2', path: ['x', { y: 1 }] } } },
    le_b: { id: 'le_b', attributes: {} },
  },
  'with.dot\n': { inside: 1 },
}
const TEXT = JSON.stringify(DOCUMENT, null, 2)

test('the place of a record is that of its key', () => {
  const path = ['localEntities', 'le_a', 'attributes', 'la_2']
  const place = keyPlaces(TEXT, [path, ['name'], ['localEntities', 'le_gone']])
  expect([...place.keys()].sort()).toEqual(['localEntities.le_a.attributes.la_2', 'name'])
  const { start, end } = place.get(path.join('.')) ?? { start: 0, end: 0 }
  expect(TEXT.slice(start, end)).toBe('"la_2"')
  expect(TEXT.slice(0, start)).toContain('"la_1"')
})

test('an offset leads to the record that it is in', () => {
  expect(pathAt(TEXT, TEXT.indexOf('"y"'))).toEqual(['localEntities', 'le_a', 'attributes', 'la_2', 'path'])
  expect(pathAt(TEXT, TEXT.indexOf('"id": "le_b"') + 2)).toEqual(['localEntities', 'le_b', 'id'])
  expect(pathAt(TEXT, TEXT.indexOf('"inside"') + 1)).toEqual(['with.dot\n', 'inside'])
  expect(pathAt(TEXT, 0)).toEqual([])
})

test('what is no JSON is told from what is, exactly as JSON.parse does', () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '"', '}', '[', '\\', 'x', '\n', '\u0001', '0'),
      (json, at, sign) => {
        const position = at % (json.length + 1)
        for (const text of [json, json.slice(0, position), json.slice(0, position) + sign + json.slice(position)]) {
          expect(mistakeAt(text) === null, text).toBe(isJson(text))
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('the place of a mistake is where it stops being JSON', () => {
  expect(mistakeAt('{"a": 1,}')).toBe(8)
  expect(mistakeAt('{"a": 1} x')).toBe(9)
  expect(mistakeAt('{"a": tru}')).toBe(6)
  expect(mistakeAt('{"a": "b')).toBe(6)
})
