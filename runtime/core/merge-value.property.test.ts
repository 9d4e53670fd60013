import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseArray, toText } from '../storage/values'
import { leavesRange, mergeValue } from './merge-value'

const integer = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n })
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, scale]) => {
    const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
    const sign = digits < 0n ? '-' : ''
    return scale === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
  })
const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('', 'NULL', 'null', '{', '"', '\\', ',', ' '),
)
const elements = fc.uniqueArray(fc.oneof(word, fc.constant(null)), {
  maxLength: 6,
  selector: (each) => JSON.stringify(each),
})
const literal = (values: readonly (string | null)[]) => toText(values)
const read = (text: string | null) => (text === null ? [] : parseArray(text, (each) => each))
const asSet = (values: readonly unknown[]) => new Set(values.map((each) => JSON.stringify(each)))

describe('a counter', () => {
  it('adds up what every device added, in any order, exactly', () => {
    fc.assert(
      fc.property(decimal, fc.array(decimal, { maxLength: 5 }), (start, ends) => {
        const merged = (order: readonly string[]) =>
          order.reduce<string | null>((current, end) => mergeValue('counter', 'numeric', start, end, current), start)
        const forward = merged(ends)
        const backward = merged(ends.toReversed())
        // Scales may differ with the order; the value may not.
        expect(stripped(forward)).toBe(stripped(backward))
      }),
    )
  })

  it('V1 never rounds an integer', () => {
    fc.assert(
      fc.property(integer, integer, integer, (was, set, current) => {
        expect(mergeValue('counter', 'bigint', `${was}`, `${set}`, `${current}`)).toBe(
          was === set ? `${current}` : `${current + set - was}`,
        )
      }),
    )
  })

  it('takes null for nothing, and to null for the latest word', () => {
    expect(mergeValue('counter', 'integer', null, '3', '4')).toBe('7')
    expect(mergeValue('counter', 'integer', '1', '3', null)).toBe('2')
    expect(mergeValue('counter', 'integer', '1', null, '9')).toBeNull()
    expect(mergeValue('counter', 'numeric(10,2)', '1.00', '1.25', '7.50')).toBe('7.75')
  })

  it('stays within its type, and tells where it could not', () => {
    expect(mergeValue('counter', 'integer', '0', '10', '2147483640')).toBe('2147483647')
    expect(leavesRange('counter', 'integer', '0', '10', '2147483640')).toBe(true)
    expect(mergeValue('counter', 'numeric(4,2)', '0.00', '-5.00', '-99.00')).toBe('-99.99')
    expect(leavesRange('counter', 'integer', '0', '10', '5')).toBe(false)
  })

  it('writes floats as PostgreSQL does', () => {
    expect(mergeValue('counter', 'double precision', '0', '0.25', '1')).toBe('1.25')
    expect(mergeValue('counter', 'double precision', '0', '1e+20', '1')).toBe('1e+20')
    expect(mergeValue('counter', 'double precision', '0', '1e-07', '0.5')).toBe('0.5000001')
    expect(mergeValue('counter', 'double precision', '1', '1.00001', '0')).toBe('1.0000000000065512e-05')
    expect(mergeValue('counter', 'real', '0', '0.1', '0.2')).toBe('0.3')
    expect(mergeValue('counter', 'double precision', '0', '100', '23')).toBe('123')
    expect(mergeValue('counter', 'double precision', 'NaN', 'Infinity', '23')).toBe('Infinity')
  })

  it('of what is no number is the latest', () => {
    expect(mergeValue('counter', 'numeric', '1', 'NaN', '5')).toBe('NaN')
    expect(mergeValue('counter', 'text', 'a', 'b', 'c')).toBe('b')
  })
})

describe('a set', () => {
  it('has what one added and what the other added, and not what one removed', () => {
    fc.assert(
      fc.property(elements, elements, elements, (was, set, current) => {
        const merged = mergeValue('set', 'text[]', literal(was), literal(set), literal(current))
        const [before, after, now] = [asSet(was), asSet(set), asSet(current)]
        const wanted = new Set(
          [...new Set([...after, ...now])].filter((each) =>
            before.has(each) ? after.has(each) && now.has(each) : true,
          ),
        )
        expect(asSet(read(merged))).toEqual(wanted)
      }),
    )
  })

  it('of JSON values goes by their meaning and keeps their text', () => {
    expect(
      mergeValue(
        'set',
        'jsonb',
        '[1.0, {"a": 1, "b": [2]}]',
        '[{"b":[2],"a":1}, 12345678901234567890.5]',
        '[1, {"a": 1, "b": [2]}, "x, ]"]',
      ),
    ).toBe('[{"a": 1, "b": [2]}, "x, ]", 12345678901234567890.5]')
    expect(mergeValue('set', 'jsonb', null, '["a"]', '["b"]')).toBe('["b", "a"]')
  })

  it('keeps JSON text exact for any values', () => {
    const values = fc.uniqueArray(fc.jsonValue(), { maxLength: 5, selector: (each) => JSON.stringify(each) })
    fc.assert(
      fc.property(values, values, (set, current) => {
        const merged = mergeValue('set', 'jsonb', '[]', JSON.stringify(set), JSON.stringify(current)) ?? ''
        const parsed: unknown[] = JSON.parse(merged)
        for (const each of [...set, ...current]) expect(parsed).toContainEqual(JSON.parse(JSON.stringify(each)))
      }),
    )
  })

  it('takes null for nothing, reads bounds and nested arrays, and what is no array is the latest', () => {
    expect(mergeValue('set', 'integer[]', null, '{1}', '{2}')).toBe('{2,1}')
    expect(mergeValue('set', 'integer[]', '{1}', '{1,3}', '[0:1]={1,2}')).toBe('{1,2,3}')
    expect(mergeValue('set', 'integer[]', '{{1,2}}', '{{1,2},{3,4}}', '{{1,2},{5,6}}')).toBe('{{1,2},{5,6},{3,4}}')
    expect(mergeValue('set', 'jsonb', '{}', '{"a": 1}', '[]')).toBe('{"a": 1}')
    expect(mergeValue('set', 'text', 'a', 'b', 'c')).toBe('b')
  })
})

describe('every policy', () => {
  const value = fc.option(fc.oneof(decimal, elements.map(literal), fc.json(), word), { nil: null })
  const policy = fc.constantFrom('counter' as const, 'set' as const, 'latest' as const)
  const type = fc.constantFrom('integer', 'numeric', 'double precision', 'text[]', 'jsonb', 'mood')

  it('gives what was written where nobody else wrote, and what is there where nothing was', () => {
    fc.assert(
      fc.property(policy, type, value, value, (how, of, a, b) => {
        expect(mergeValue(how, of, a, b, a)).toBe(b)
        expect(mergeValue(how, of, a, a, b)).toBe(b)
      }),
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(policy, type, value, value, value, (how, of, a, b, c) => void mergeValue(how, of, a, b, c)))
  })
})

function stripped(text: string | null): string {
  const value = text ?? ''
  const plain = value.includes('.') ? value.replace(/\.?0+$/, '') : value
  return plain === '-0' ? '0' : plain
}
