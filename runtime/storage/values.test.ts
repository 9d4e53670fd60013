import { describe, expect, it } from 'vitest'
import { toText, valueParsers } from './values'

const parse = (oid: number, text: string) => valueParsers[oid]?.(text)

describe('V1 values read from PostgreSQL', () => {
  it.each([
    ['bool', 16, 't', true],
    ['int4', 23, '-7', -7],
    ['float8', 701, 'NaN', Number.NaN],
    ['float8', 701, '-Infinity', -Infinity],
    ['int8 that a number holds', 20, '9007199254740991', 9007199254740991],
    ['int8 that it does not', 20, '9007199254740993', 9007199254740993n],
    ['numeric', 1700, '1.50', '1.50'],
    ['timestamptz', 1184, '2024-01-01 00:00:00.123456+00', '2024-01-01 00:00:00.123456+00'],
    ['bytea', 17, '\\x00ff10', new Uint8Array([0, 255, 16])],
    ['empty bytea', 17, '\\x', new Uint8Array()],
    ['jsonb', 3802, '{"a": [1, null]}', { a: [1, null] }],
  ])('%s', (_, oid, text, value) => expect(parse(oid, text)).toEqual(value))

  it.each([
    ['nulls and the word NULL', 1009, '{NULL,"NULL",a}', [null, 'NULL', 'a']],
    ['quotes, backslashes, braces and commas', 1009, '{"a\\"b","c\\\\d","{}",",",""}', ['a"b', 'c\\d', '{}', ',', '']],
    [
      'dimensions',
      1007,
      '{{1,2},{3,NULL}}',
      [
        [1, 2],
        [3, null],
      ],
    ],
    ['bounds', 1007, '[0:1]={5,6}', [5, 6]],
    ['nothing', 1007, '{}', []],
    ['ranges', 3905, '{"[1,5)",empty}', ['[1,5)', 'empty']],
    ['json', 3807, '{"{\\"a\\": 1}",NULL}', [{ a: 1 }, null]],
  ])('arrays with %s', (_, oid, text, value) => expect(parse(oid, text)).toEqual(value))

  it('refuses an array that ends too early instead of reading on for ever', () => {
    expect(() => parse(1007, '{1,2')).toThrow('too early')
    expect(() => parse(1009, '{"a')).toThrow('too early')
  })
})

describe('V1 parameters written for PostgreSQL', () => {
  it.each([
    ['text as it is', '2024-01-01 00:00:00.123456+00', '2024-01-01 00:00:00.123456+00'],
    ['bigint', 9007199254740993n, '9007199254740993'],
    ['minus zero', -0, '-0'],
    ['false', false, 'false'],
    ['undefined', undefined, null],
    ['null', null, null],
    ['bytes', new Uint8Array([0, 255]), '\\x00ff'],
    ['a date', new Date('2024-01-01T00:00:00.123Z'), '2024-01-01T00:00:00.123Z'],
    ['a date beyond year 9999', new Date(Date.UTC(12024, 0, 1)), '12024-01-01T00:00:00.000Z'],
    ['a date before year 1', new Date('-000001-01-01T00:00:00Z'), '0002-01-01T00:00:00.000Z BC'],
    ['an array', [1, null, 'a"\\,{}', [true]], '{"1",NULL,"a\\"\\\\,{}",{"true"}}'],
    ['an object', { a: [1, '"'] }, '{"a":[1,"\\""]}'],
  ])('%s', (_, value, text) => expect(toText(value)).toBe(text))

  it('writes an array as JSON where JSON is expected', () => {
    expect(toText([1, { a: 2 }], 3802)).toBe('[1,{"a":2}]')
  })

  it('refuses what is no value, and says so', () => {
    expect(() => toText(() => 1)).toThrow("A function can't be a query parameter")
    expect(() => toText(new Date('nonsense'))).toThrow('invalid Date')
  })
})
