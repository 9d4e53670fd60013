import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toText, valueParsers } from './values'

const circle = (oid: number, value: unknown) => valueParsers[oid]?.(toText(value, oid) ?? '')

it('V1 arrays of any text with nulls come back as they went', () => {
  const texts = fc.array(fc.option(fc.string({ unit: 'binary' })))
  fc.assert(
    fc.property(texts, (value) => {
      expect(circle(1009, value)).toEqual(value)
    }),
  )
})

it('V1 nested arrays come back as they went', () => {
  const nested = fc.array(fc.array(fc.integer(), { minLength: 1 }), { minLength: 1 })
  fc.assert(
    fc.property(nested, (value) => {
      expect(circle(1007, value)).toEqual(value)
    }),
  )
})

it('V1 bytes, integers, floats and JSON come back as they went', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (value) => {
      expect(circle(17, value)).toEqual(value)
    }),
  )
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(circle(701, value)).toBe(value)
    }),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(circle(3802, value)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const read = circle(20, value)
      expect(BigInt(read as number | bigint)).toBe(value)
      expect(typeof read === 'number').toBe(Number.isSafeInteger(Number(value)))
    }),
  )
})
