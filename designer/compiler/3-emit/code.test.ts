import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comment, literal, propertyName, stringLiteral } from './code'

/** What a literal means when JavaScript reads it. */
const meaning = (text: string): unknown => new Function(`'use strict'; return (${text})`)() as unknown

describe('literal', () => {
  it('means the value that it was made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(meaning(stringLiteral(text))).toBe(text)
      }),
    )
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        expect(meaning(literal(plain))).toEqual(plain)
      }),
    )
  })

  it('stays on one line where it fits', () => {
    expect(literal({ a: 1, b: ['x'] })).toBe("{ a: 1, b: ['x'] }")
    expect(literal([{ a: 1 }])).toBe('[\n  { a: 1 },\n]')
  })
})

it('names that are no identifiers are quoted, and no comment ends early', () => {
  expect([propertyName('größe'), propertyName('a b'), propertyName("it's")]).toEqual(['größe', "'a b'", '"it\'s"'])
  expect(comment('a */ b\nc')).toBe('a * / b c')
})
