import { describe, expect, it } from 'vitest'
import type { ServerType } from '@/designer/model'
import { readOwnDefault } from './own-default'

const TYPES: ServerType[] = [
  { id: 'st_mood', kind: 'enum', schema: 'public', name: 'mood', values: ['sad', "it's ok"] },
  {
    id: 'st_year',
    kind: 'domain',
    schema: 'public',
    name: 'year',
    baseType: 'integer',
    nullable: true,
    default: null,
    checks: [],
  },
]
const serverTypes = Object.fromEntries(TYPES.map((type) => [type.id, type]))

const read = (type: string, text: string) =>
  readOwnDefault({ serverTypes }, { type, typeId: TYPES.find(({ name }) => name === type)?.id ?? null }, text)

describe('an attribute’s own default', () => {
  it.each([
    ['integer', '12', '12'],
    ['integer', "'12'::integer", "'12'"],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['numeric(5,2)', '999.99', '999.99'],
    ['double precision', "'NaN'", "'NaN'"],
    ['boolean', 'TRUE', 'TRUE'],
    ['boolean', "'f'", "'f'"],
    ['text', "'it''s'", "'it''s'"],
    ['character varying(3)', "'ümä'", "'ümä'"],
    ['uuid', 'gen_random_uuid()', 'gen_random_uuid()'],
    ['date', 'current_date', 'CURRENT_DATE'],
    ['timestamp with time zone', 'now()', 'now()'],
    ['date', "'2026-01-31'", "'2026-01-31'"],
    ['jsonb', `'{"a": [1]}'`, `'{"a": [1]}'`],
    ['text[]', "'{a,b}'", "'{a,b}'"],
    ['bytea', "'\\x00ff'", "'\\x00ff'"],
    ['mood', "'it''s ok'", "'it''s ok'"],
    ['year', '2026', '2026'],
  ])('of %s may be %s', (type, text, expression) => {
    expect(read(type, text)).toEqual({ kind: 'default', expression })
  })

  it.each([
    ['integer', '1.5'],
    ['integer', '2147483648'],
    ['smallint', "'x'"],
    ['numeric(5,2)', '1000'],
    ['boolean', '1'],
    ['boolean', "'maybe'"],
    ['text', 'upper(name)'],
    ['text', "'a' || 'b'"],
    ['text', "nextval('s')"],
    ['text', '5'],
    ['character varying(3)', "'four'"],
    ['uuid', "'no-uuid'"],
    ['integer', 'gen_random_uuid()'],
    ['integer', 'now()'],
    ['timestamp with time zone', "'tomorrow'"],
    ['date', "'31.1.2026'"],
    ['jsonb', "'{a'"],
    ['text[]', "'a,b'"],
    ['mood', "'happy'"],
    ['year', "'soon'"],
    ['text', 'null'],
    ['text', "'open"],
  ])('of %s may not be %s', (type, text) => {
    expect(read(type, text).kind).toBe('faulty')
  })
})
