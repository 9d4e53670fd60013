/** Values through the wire: what the server has is what it gets back, byte for byte. */
import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import type { Database } from '../contract'
import type { Bundle } from '../contract/bundle'
import { entity, SHOP, startServer, type Wire } from './testing-wire'

/** Column by type, each with an arbitrary of the texts that it is given. */
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replace(/\0|[\uD800-\uDFFF]/gu, ''))
const int = (bits: number) =>
  fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }).map(String)
const digits = fc.stringMatching(/^-?[1-9][0-9]{0,40}\.[0-9]{0,30}$/)
const micros = fc.integer({ min: 0, max: 999999 }).map((value) => String(value).padStart(6, '0'))
const day = fc
  .date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((value) => value.toISOString().slice(0, 10))
const instant = fc.tuple(day, micros).map(([date, fraction]) => `${date} 23:59:58.${fraction}`)
const float = fc.double().map((value) => (Object.is(value, -0) ? '-0' : String(value)))
const array = (element: fc.Arbitrary<string>) =>
  fc
    .array(fc.option(element))
    .map(
      (values) =>
        `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`,
    )

const TYPES: readonly (readonly [type: string, values: fc.Arbitrary<string>])[] = [
  ['boolean', fc.constantFrom('true', 'false', 't', '0')],
  ['smallint', int(16)],
  ['integer', int(32)],
  ['bigint', int(64)],
  ['numeric', fc.oneof(digits, fc.constantFrom('NaN', 'Infinity', '-Infinity', '0.00', '1e-20'))],
  ['numeric(12,3)', fc.integer({ min: -999_999_999, max: 999_999_999 }).map((value) => `${value}.125`)],
  ['real', fc.float().map(String)],
  ['double precision', float],
  ['text', text],
  ['character varying(20)', text.map((value) => [...value].slice(0, 20).join(''))],
  ['character(5)', fc.constantFrom('', 'ab', 'ab  ', 'äöü')],
  ['date', fc.oneof(day, fc.constantFrom('infinity', '-infinity', '4713-01-01 BC'))],
  ['timestamp', fc.oneof(instant, fc.constant('infinity'))],
  [
    'timestamp with time zone',
    fc.oneof(
      instant.map((value) => `${value}+05:30`),
      fc.constant('-infinity'),
    ),
  ],
  ['time', micros.map((value) => `12:34:56.${value}`)],
  ['time with time zone', micros.map((value) => `12:34:56.${value}-03:30`)],
  [
    'interval',
    fc
      .tuple(int(16), int(16), micros)
      .map(([months, days, fraction]) => `${months} mons ${days} days -01:02:03.${fraction}`),
  ],
  ['uuid', fc.uuid()],
  [
    'bytea',
    fc.uint8Array().map((bytes) => `\\x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`),
  ],
  ['json', fc.json().filter((value) => !value.includes('\\u0000'))],
  ['jsonb', fc.json().filter((value) => !value.includes('\\u0000') && !/\\ud[89a-f]/i.test(value))],
  ['integer[]', array(int(32))],
  ['text[]', array(text)],
  ['numeric[]', array(digits)],
  ['timestamptz[]', array(instant)],
  [
    'int4range',
    fc.tuple(fc.integer({ min: -99, max: 0 }), fc.integer({ min: 1, max: 99 })).map(([from, to]) => `[${from},${to})`),
  ],
  ['tstzrange', instant.map((value) => `["${value}",)`)],
  ['int8multirange', fc.constantFrom('{}', '{[1,3),[7,9)}')],
  ['mood', fc.constantFrom('sad', 'very, "happy"', '')],
  ['mood[]', array(fc.constantFrom('sad', 'very, "happy"', ''))],
  ['positive', fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(String)],
  ['pair', fc.tuple(int(32), text).map(([number, value]) => `(${number},"${value.replace(/["\\]/g, '$&$&')}")`)],
  ['inet', fc.ipV4()],
  ['cidr', fc.constantFrom('10.0.0.0/8', '2001:db8::/32')],
  ['macaddr', fc.constant('08:00:2b:01:02:03')],
  ['bit(3)', fc.constantFrom('000', '101')],
  ['bit varying', fc.stringMatching(/^[01]{0,9}$/)],
  ['point', fc.tuple(float, float).map(([x, y]) => `(${x},${y})`)],
  ['money', fc.integer().map((cents) => `${(cents / 100).toFixed(2)}`)],
  ['xml', fc.constantFrom('<a b="c">&amp;</a>', 'text')],
  ['tsvector', fc.constantFrom("'a':1 'b':2A", '')],
]

const COLUMNS = TYPES.map((_, index) => `v${index}`)
const BUNDLE: Bundle = {
  ...SHOP,
  entities: [
    entity('le_source', 'source', ['id'], ['id', ...COLUMNS]),
    entity('le_copy', 'copy', ['id'], ['id', ...COLUMNS]),
  ],
}

export function describeValues(openDatabase: () => Promise<Database>): void {
  let database: Database
  let wire: Wire
  beforeEach(async () => {
    database = await openDatabase()
    const columns = TYPES.map(([type], index) => `v${index} ${type}`).join(', ')
    await database.execute(`create type mood as enum ('sad', 'very, "happy"', ''); create domain positive as integer check (value > 0);
      create type pair as (a integer, b text); create table source (id text primary key, ${columns}); create table copy (like source including all)`)
    wire = await startServer(database, { bundle: BUNDLE })
  })

  it('V1 go to a device and come back unchanged, whatever their type', async () => {
    let rows = 0
    await fc.assert(
      fc.asyncProperty(fc.tuple(...TYPES.map(([, values]) => fc.option(values, { freq: 8 }))), async (values) => {
        rows += 1
        const id = `${rows}`
        await database.query(
          `insert into source values (${['id', ...COLUMNS].map((_, index) => `$${index + 1}`).join(', ')})`,
          [id, ...values],
        )
        const [part] = (await wire.pull(['le_source'])).entities
        const row = part?.rows.find(([key]) => key === id) ?? []
        const set = Object.fromEntries(COLUMNS.map((column, index) => [column, row[index + 1] ?? null]))
        expect(await wire.push([[rows, [{ op: 'create', entity: 'le_copy', key: [id], set }]]])).toMatchObject([
          { kind: 'applied' },
        ])
        // Compared as the bytes that PostgreSQL would send, so that no text form hides a difference.
        const bytes = (table: string) =>
          `select ${COLUMNS.map((column, index) => `${send(TYPES[index]?.[0] ?? '')}(${column}) as ${column}`).join(', ')} from ${table} where id = $1`
        expect(await database.query(bytes('copy'), [id])).toEqual(await database.query(bytes('source'), [id]))
      }),
      { numRuns: 30 },
    )
  })
}

/** The function that gives a type's binary form. */
function send(type: string): string {
  if (type.endsWith('[]')) return 'array_send'
  const names: Readonly<Record<string, string>> = {
    boolean: 'boolsend',
    smallint: 'int2send',
    integer: 'int4send',
    positive: 'int4send',
    bigint: 'int8send',
    numeric: 'numeric_send',
    'numeric(12,3)': 'numeric_send',
    real: 'float4send',
    'double precision': 'float8send',
    text: 'textsend',
    'character varying(20)': 'varcharsend',
    'character(5)': 'bpcharsend',
    date: 'date_send',
    timestamp: 'timestamp_send',
    'timestamp with time zone': 'timestamptz_send',
    time: 'time_send',
    'time with time zone': 'timetz_send',
    interval: 'interval_send',
    uuid: 'uuid_send',
    bytea: 'byteasend',
    json: 'json_send',
    jsonb: 'jsonb_send',
    int4range: 'range_send',
    tstzrange: 'range_send',
    int8multirange: 'multirange_send',
    mood: 'enum_send',
    pair: 'record_send',
    inet: 'inet_send',
    cidr: 'cidr_send',
    macaddr: 'macaddr_send',
    'bit(3)': 'bit_send',
    'bit varying': 'varbit_send',
    point: 'point_send',
    money: 'cash_send',
    xml: 'xml_send',
    tsvector: 'tsvectorsend',
  }
  return names[type] ?? 'textsend'
}
