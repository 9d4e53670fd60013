import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFreshPGlite } from '../../testing/fresh-pglite'
import { columnTypeOf } from './column-type'

/** PostgreSQL itself says which text a value has. */
let database: Awaited<ReturnType<typeof openFreshPGlite>>
beforeAll(async () => {
  database = await openFreshPGlite()
  await database.execute(`create type mood as enum ('sad', 'calm')`)
})
afterAll(() => database.close())

const TYPES = [{ kind: 'enum', name: 'mood', values: ['sad', 'calm'] }] as const
const column = (type: string) => columnTypeOf({ type, sensitive: false }, TYPES)

/** The texts of inputs, null where PostgreSQL refuses one. */
async function postgresTexts(type: string, inputs: readonly string[]): Promise<(string | null)[]> {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
  const rows = await database.query(
    `select case when pg_input_is_valid(i, ${quoted(type)}) then (i::${type})::text end as text from unnest($1::text[]) with ordinality u(i, n) order by n`,
    [inputs],
  )
  return rows.map(({ text }) => text as string | null)
}

function ownText(type: string, input: string): string | null {
  try {
    return column(type).canonical(input)
  } catch {
    return null
  }
}

const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -30, max: 30 }))
    .map(([digits, power]) => `${digits}e${power}`),
  fc.constantFrom('NaN', 'Infinity', '-inf', '-0', '0', ' 1.5 ', '1e15', '999999999999999', '1e-4', '0.00001', 'x', ''),
)
const decimal = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', '-', '+'),
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
    )
    .map(([sign, whole, fraction]) => `${sign}${whole}.${fraction}`),
  fc
    .tuple(fc.integer({ min: -99999, max: 99999 }), fc.integer({ min: -9, max: 9 }))
    .map(([digits, power]) => `${digits}e${power}`),
  fc.constantFrom(
    'NaN',
    'Infinity',
    '-Infinity',
    '1.',
    '.5',
    '0.005',
    '-0.005',
    '99999999.995',
    '-0.00',
    'x',
    '',
    '1_000x',
  ),
)
const whole = fc.oneof(
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.constantFrom('007', '+5', ' 5 ', '-0', '1.5', '', 'x'),
)
const two = fc.integer({ min: 0, max: 70 }).map((n) => String(n).padStart(2, '0'))
const instant = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1900, max: 2100 })),
    fc.integer({ min: 0, max: 13 }),
    fc.integer({ min: 0, max: 32 }),
    fc.constantFrom(' ', 'T'),
    two,
    two,
    two,
    fc.constantFrom('', '.5', '.123456', '.1234567', '.9999999', '.000000'),
    fc.constantFrom('', 'Z', '+02', '-05:30', '+0530', ' UTC'),
    fc.constantFrom('', '', '', ' BC'),
  )
  .map(
    ([y, m, d, t, h, min, s, f, zone, era]) =>
      `${String(y).padStart(4, '0')}-${m}-${String(d).padStart(2, '0')}${t}${h}:${min}:${s}${f}${zone}${era}`,
  )

const JSON_TEXTS = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '{"b":1,"a":2,"aa":{"y":[1,2.50,1e3,-0.0]}}',
    '{"a":1,"a":2}',
    ' [ ] ',
    '{"ü":"\\u00fc\\n"}',
    '12345678901234567890.100',
    'nul',
    '{a:1}',
    '',
  ),
)

describe('column types', () => {
  it.each([
    ['smallint', whole],
    ['integer', whole],
    ['bigint', whole],
    ['numeric', decimal],
    ['numeric(10,2)', decimal],
    ['numeric(4,-2)', decimal],
    ['double precision', double],
    ['real', double],
    ['date', instant],
    ['timestamp without time zone', instant],
    ['timestamp with time zone', instant],
    ['timestamp(3) with time zone', instant],
    ['jsonb', JSON_TEXTS],
    ['json', JSON_TEXTS],
    [
      'boolean',
      fc.constantFrom('t', 'TRUE', 'yes', 'on', '1', 'f', 'no', 'off', '0', 'of', 'o', 'maybe', '', ' true '),
    ],
    ['uuid', fc.constantFrom('00112233-4455-6677-8899-AABBCCDDEEFF', '{00112233445566778899aabbccddeeff}', 'x', '')],
    ['character varying(3)', fc.constantFrom('abc', 'ab  ', 'abc   ', 'abcd', '\u{1f600}\u{1f600}\u{1f600}', '')],
    ['bytea', fc.constantFrom('\\x00FF', '\\x', 'abc', 'a\\000b\\\\', '\\x0')],
    ['mood', fc.constantFrom('sad', 'calm', 'glad', '')],
    ['integer[]', fc.constantFrom('{}', '{ 1 , NULL }', '{{1,2},{3,4}}', '{"7"}', '{x}')],
    [
      'text[]',
      fc
        .array(fc.option(fc.string()), { maxLength: 3 })
        .map((items) => `{${items.map((item) => (item === null ? 'NULL' : JSON.stringify(item))).join(',')}}`),
    ],
    [
      'time without time zone',
      fc.constantFrom('1:02', '23:59:59.1234567', '24:00:00', '24:00:01', '12:61', '01:02:03.100'),
    ],
  ] as const)('V1 %s has the text that PostgreSQL prints, and refuses what it refuses', async (type, inputs) => {
    const samples = fc
      .sample<string>(inputs as fc.Arbitrary<string>, { numRuns: 300, seed: 7 })
      .filter((text) => !text.includes('\0') && !text.includes('\\u0000') && !/(Z|UTC) BC$/.test(text))
    const expected = await postgresTexts(type, samples)
    const own = samples.map((sample) => ownText(type, sample))
    const differing = samples.flatMap((sample, index) =>
      own[index] === expected[index] ? [] : [{ sample, own: own[index], postgres: expected[index] }],
    )
    expect(differing.slice(0, 5)).toEqual([])
  })

  it('V1 reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: 'grapheme' })), { maxLength: 4 }), (texts) => {
        const type = column('text[]')
        expect(type.value(type.input(texts) ?? '')).toEqual(texts)
      }),
    )
  })

  it.each([
    ['numeric', ['NaN', '-1', '10', '9.5', '9.50', '12345678901234567891', '12345678901234567890', 'Infinity']],
    [
      'timestamp with time zone',
      [
        'infinity',
        '-infinity',
        '2026-01-01 00:00:00+00',
        '0044-03-15 12:00:00+00 BC',
        '0043-03-15 12:00:00+00 BC',
        '12345-01-01 00:00:00+00',
      ],
    ],
    ['text', ['b', 'a', 'B', '\u{1f600}', '\uffff', 'é', '']],
    ['mood', ['sad', 'calm']],
  ])('orders %s as PostgreSQL does', async (type, texts) => {
    const rows = await database.query(
      `select i from unnest($1::text[]) with ordinality u(i, n) order by i::${type} ${type === 'text' ? 'collate "C"' : ''}, n`,
      [texts],
    )
    expect(texts.toSorted(column(type).compare)).toEqual(rows.map(({ i }) => i))
  })
})
