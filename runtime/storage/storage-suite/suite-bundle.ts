/** The bundle of the storage suite: an entity for each way of capturing, keys of every kind, and a column of each type. */
import { type AttributeContract, BUNDLE_VERSION, type Bundle, type EntityContract } from '../../contract'

/** Each base type with texts as `::text` prints them, and with the value that a row of PGlite has for the first. */
export const TYPE_SAMPLES: readonly {
  readonly type: string
  readonly texts: readonly string[]
  readonly value: unknown
}[] = [
  { type: 'smallint', texts: ['-32768', '0', '32767'], value: -32768 },
  { type: 'integer', texts: ['2147483647', '-1'], value: 2147483647 },
  {
    type: 'bigint',
    texts: ['9223372036854775807', '-9223372036854775808', '9007199254740992', '42'],
    value: 9223372036854775807n,
  },
  {
    type: 'numeric',
    texts: ['12345678901234567890.1234567890', 'NaN', 'Infinity', '-0.10', '1.00'],
    value: '12345678901234567890.1234567890',
  },
  { type: 'numeric(10,2)', texts: ['5.00', '-12345678.90', 'NaN'], value: '5.00' },
  {
    type: 'real',
    texts: ['0.1', '1e+20', '3.4028235e+38', '-0', 'NaN', 'Infinity', '1.1754944e-38', '100000'],
    value: 0.1,
  },
  {
    type: 'double precision',
    texts: [
      '0.30000000000000004',
      '1e-07',
      '1.7976931348623157e+308',
      '-0',
      'NaN',
      '-Infinity',
      '5e-324',
      '123456789012345',
      '1e+15',
    ],
    value: 0.30000000000000004,
  },
  { type: 'money', texts: ['$1,234.50', '-$5.00'], value: '$1,234.50' },
  {
    type: 'text',
    texts: ['', 'a\tb\\n\nc "quoted" \'x\' \u{1f600} ünï', '\\N', '{}', '12', '1e5', 'NULL', '\u2028\u007f\u0001'],
    value: '',
  },
  { type: 'character varying(40)', texts: ['forty', ''], value: 'forty' },
  { type: 'character(3)', texts: ['ab', ''], value: 'ab ' },
  { type: '"char"', texts: ['x'], value: 'x' },
  { type: 'name', texts: ['a_name'], value: 'a_name' },
  { type: 'uuid', texts: ['00112233-4455-6677-8899-aabbccddeeff'], value: '00112233-4455-6677-8899-aabbccddeeff' },
  { type: 'boolean', texts: ['true', 'false'], value: true },
  { type: 'bytea', texts: ['\\x00ff10', '\\x'], value: new Uint8Array([0, 255, 16]) },
  {
    type: 'json',
    texts: ['{"b": 1.0,  "a": [null, "x"]}', '"text"', '12345678901234567890'],
    value: { b: 1, a: [null, 'x'] },
  },
  {
    type: 'jsonb',
    texts: ['{"b": 1.0, "aa": [null, "x\\n"]}', 'null', '12345678901234567890.10'],
    value: { b: 1, aa: [null, 'x\n'] },
  },
  { type: 'date', texts: ['2026-02-28', 'infinity', '-infinity', '0044-03-15 BC', '12345-01-01'], value: '2026-02-28' },
  {
    type: 'timestamp without time zone',
    texts: ['2026-02-28 23:59:59.123456', 'infinity', '0044-03-15 12:00:00 BC'],
    value: '2026-02-28 23:59:59.123456',
  },
  {
    type: 'timestamp with time zone',
    texts: ['2026-02-28 23:59:59.000001+00', '-infinity', '2026-01-01 00:00:00+00'],
    value: '2026-02-28 23:59:59.000001+00',
  },
  { type: 'timestamp(3) with time zone', texts: ['2026-02-28 23:59:59.123+00'], value: '2026-02-28 23:59:59.123+00' },
  { type: 'time without time zone', texts: ['23:59:59.5', '24:00:00'], value: '23:59:59.5' },
  { type: 'time with time zone', texts: ['12:30:00-05:30'], value: '12:30:00-05:30' },
  {
    type: 'interval',
    texts: ['1 year 2 mons -3 days +04:05:06.7', '00:00:00', '10'.concat(' days')],
    value: '1 year 2 mons -3 days +04:05:06.7',
  },
  { type: 'interval day to second', texts: ['3 days 04:00:00'], value: '3 days 04:00:00' },
  { type: 'inet', texts: ['192.168.1.1/32', '10.0.0.0/8', '::1/128'], value: '192.168.1.1' },
  { type: 'cidr', texts: ['10.0.0.0/8'], value: '10.0.0.0/8' },
  { type: 'macaddr', texts: ['08:00:2b:01:02:03'], value: '08:00:2b:01:02:03' },
  { type: 'bit(3)', texts: ['101'], value: '101' },
  { type: 'bit varying', texts: ['10111', ''], value: '10111' },
  { type: 'point', texts: ['(1.5,-2)'], value: '(1.5,-2)' },
  { type: 'int4range', texts: ['[1,5)', 'empty', '(,)'], value: '[1,5)' },
  { type: 'tstzrange', texts: ['["2026-01-01 00:00:00+00",)'], value: '["2026-01-01 00:00:00+00",)' },
  { type: 'int8multirange', texts: ['{[1,3),[5,9)}'], value: '{[1,3),[5,9)}' },
  { type: 'tsvector', texts: ["'fat':2 'rat':3"], value: "'fat':2 'rat':3" },
  { type: 'xml', texts: ['<a b="c">d</a>'], value: '<a b="c">d</a>' },
  { type: 'oid', texts: ['4294967295'], value: 4294967295 },
  { type: 'mood', texts: ['sad', 'über "happy"'], value: 'sad' },
  { type: 'year', texts: ['2026'], value: 2026 },
  { type: 'late year', texts: ['2099'], value: 2099 },
  { type: 'integer[]', texts: ['{1,NULL,-3}', '{}', '{{1,2},{3,4}}'], value: [1, null, -3] },
  { type: 'bigint[]', texts: ['{9223372036854775807,1}'], value: [9223372036854775807n, 1] },
  { type: 'text[]', texts: ['{a,"b,c","NULL",NULL,"","x\\"y\\\\z"}'], value: ['a', 'b,c', 'NULL', null, '', 'x"y\\z'] },
  { type: 'boolean[]', texts: ['{t,f,NULL}'], value: [true, false, null] },
  { type: 'numeric(10,2)[]', texts: ['{1.50,NaN}'], value: ['1.50', 'NaN'] },
  {
    type: 'timestamp with time zone[]',
    texts: ['{"2026-01-01 00:00:00+00",infinity}'],
    value: ['2026-01-01 00:00:00+00', 'infinity'],
  },
  { type: 'bytea[]', texts: ['{"\\\\x00ff"}'], value: [new Uint8Array([0, 255])] },
  { type: 'mood[]', texts: ['{sad,"über \\"happy\\""}'], value: ['sad', 'über "happy"'] },
]

const column = (name: string, type: string, rest: Partial<AttributeContract> = {}): AttributeContract => ({
  id: `a_${name}`,
  name,
  column: name,
  type,
  nullable: false,
  default: null,
  readOnly: false,
  sensitive: false,
  ...rest,
})
const optional = (name: string, type: string, rest: Partial<AttributeContract> = {}) =>
  column(name, type, { nullable: true, ...rest })

function entity(
  name: string,
  key: readonly string[],
  keyStrategy: EntityContract['keyStrategy'],
  attributes: readonly AttributeContract[],
  rest: Partial<EntityContract> = {},
): EntityContract {
  return {
    id: `e_${name}`,
    name: name.charAt(0).toUpperCase() + name.slice(1),
    table: name,
    server: { id: `s_${name}`, schema: 'public', table: name },
    attributes,
    key: key.map((attribute) => `a_${attribute}`),
    keyStrategy,
    direction: 'both',
    pattern: { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'attribute' },
    references: [],
    uniques: [],
    indexes: [],
    scope: { read: null, write: null },
    ...rest,
  }
}

const settings = { handler: 'h_1', handledOn: 'server', blocksSync: false } as const

export const SUITE_BUNDLE: Bundle = {
  bundleVersion: BUNDLE_VERSION,
  projectId: 'pr_suite',
  projectName: 'Storage suite',
  schemaHash: 'suite-1',
  types: [
    { kind: 'enum', name: 'mood', values: ['sad', 'über "happy"', 'calm'] },
    { kind: 'domain', name: 'year', baseType: 'integer' },
    { kind: 'domain', name: 'late year', baseType: 'year' },
  ],
  entities: [
    entity('regions', ['code'], 'natural', [column('code', 'text'), column('label', 'text')], {
      direction: 'down',
      pattern: { kind: 'read-only-delta' },
    }),
    entity(
      'companies',
      ['id'],
      'server',
      [
        column('id', 'integer'),
        column('name', 'text'),
        optional('city', 'text'),
        optional('parent', 'integer'),
        optional('made', 'timestamp with time zone', { default: 'now()' }),
        optional('total', 'integer', { readOnly: true }),
      ],
      {
        references: [
          { attributes: ['a_parent'], entity: 'e_companies', referencedAttributes: ['a_id'], onDelete: 'set-null' },
        ],
        indexes: [{ attributes: ['a_city'], unique: false }],
      },
    ),
    entity(
      'orders',
      ['id'],
      'device-uuid',
      [
        column('id', 'uuid'),
        column('company', 'integer'),
        column('title', 'text'),
        column('mood', 'mood', { default: "'calm'::mood" }),
        optional('price', 'numeric(10,2)'),
        column('open', 'boolean', { default: 'true' }),
      ],
      {
        pattern: { kind: 'last-write-wins', decidedBy: 'edit-time', granularity: 'row' },
        references: [
          { attributes: ['a_company'], entity: 'e_companies', referencedAttributes: ['a_id'], onDelete: 'restrict' },
        ],
      },
    ),
    entity(
      'tickets',
      ['id'],
      'device-uuid',
      [column('id', 'uuid'), column('title', 'text'), optional('note', 'text')],
      { pattern: { kind: 'conflict-detection', granularity: 'row', ...settings } },
    ),
    entity(
      'steps',
      ['ticket', 'number'],
      'natural',
      [column('ticket', 'uuid'), column('number', 'integer'), column('text', 'text')],
      {
        references: [
          { attributes: ['a_ticket'], entity: 'e_tickets', referencedAttributes: ['a_id'], onDelete: 'cascade' },
        ],
      },
    ),
    entity(
      'claims',
      ['id'],
      'device-uuid',
      [
        column('id', 'uuid'),
        optional('reason', 'text', { required: true }),
        optional('note', 'text'),
        optional('place', 'text', {
          readOnly: true,
          derived: { kind: 'computed', sql: 'upper(b.note)', columns: ['note'] },
        }),
      ],
      { pattern: { kind: 'conflict-detection', granularity: 'row', ...settings } },
    ),
    entity(
      'permits',
      ['id'],
      'device-uuid',
      [
        column('id', 'uuid'),
        optional('note', 'text'),
        optional('state', 'mood', { readOnly: true, default: "'calm'::mood" }),
        optional('fee', 'numeric(10,2)', { readOnly: true, default: '5' }),
        optional('issued', 'timestamp with time zone', { readOnly: true, default: 'now()' }),
        optional('company', 'integer', { readOnly: true }),
      ],
      {
        references: [
          { attributes: ['a_company'], entity: 'e_companies', referencedAttributes: ['a_id'], onDelete: 'set-null' },
        ],
      },
    ),
    entity('readings', ['id'], 'device-uuid', [column('id', 'uuid'), column('value', 'double precision')], {
      pattern: { kind: 'append-only' },
    }),
    entity('samples', ['id'], 'natural', [
      column('id', 'text'),
      ...TYPE_SAMPLES.map(({ type }, index) => optional(`c${index}`, type)),
    ]),
  ],
  units: [],
  handlers: [],
}

/** The same project a version later: names, types and columns have changed, one entity has gone. */
export const NEXT_BUNDLE: Bundle = {
  ...SUITE_BUNDLE,
  schemaHash: 'suite-2',
  entities: SUITE_BUNDLE.entities
    .filter(({ id }) => id !== 'e_readings')
    .map((before) => {
      switch (before.id) {
        case 'e_companies':
          return {
            ...before,
            table: 'firms',
            attributes: [
              ...before.attributes
                .filter(({ id }) => id !== 'a_city')
                .map((attribute) => (attribute.id === 'a_name' ? { ...attribute, name: 'title' } : attribute)),
              column('rank', 'integer'),
            ],
            indexes: [],
          }
        default:
          return before
      }
    }),
}

export function suiteEntity(name: string, bundle: Bundle = SUITE_BUNDLE): EntityContract {
  const found = bundle.entities.find(({ id }) => id === `e_${name}`)
  if (!found) throw new Error(`The suite has no entity ${name}.`)
  return found
}
