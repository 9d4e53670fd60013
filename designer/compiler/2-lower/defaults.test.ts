import { describe, expect, it } from 'vitest'
import { emptyProject, type ServerAttribute } from '@/designer/model'
import { deviceDefault } from './defaults'

const project = emptyProject({ id: 'pr_1', name: 'x' })
const attribute = (expression: string): ServerAttribute => ({
  id: 'sa_1',
  name: 'a',
  order: 1,
  type: 'text',
  typeId: null,
  nullable: true,
  default: expression,
  identity: null,
  generated: null,
  comment: null,
  averageBytes: null,
})
const device = (expression: string): string | null => deviceDefault(project, attribute(expression))

describe('deviceDefault', () => {
  it.each([
    ["'new'::text", "'new'"],
    ["'it''s'::character varying", "'it''s'"],
    ["'G'::mpaa_rating", "'G'"],
    [`'G'::"Odd Schema"."Rating"`, "'G'"],
    ["'{}'::jsonb", "'{}'"],
    ["'{}'::text[]", "'{}'"],
    ["'1 day'::interval", "'1 day'"],
    ['4.99', '4.99'],
    ['0', '0'],
    ['(0)::numeric(10,2)', '0'],
    ["'-1'::integer", "'-1'"],
    ['true', 'true'],
    ['ARRAY[]::text[]', "'{}'"],
    ['now()', 'now()'],
    ['CURRENT_TIMESTAMP', 'now()'],
    ["timezone('utc'::text, now())", 'now()'],
    ["('now'::text)::date", 'CURRENT_DATE'],
    ["('now'::text)::timestamp without time zone", 'now()'],
    ['gen_random_uuid()', 'gen_random_uuid()'],
    ['public.uuid_generate_v4()', 'gen_random_uuid()'],
  ])('%s holds on a device', (expression, expected) => expect(device(expression)).toBe(expected))

  it.each([
    "nextval('orders_id_seq'::regclass)",
    'my_function()',
    "'now'::text",
    "'today'::date",
    'NULL::text',
    'CURRENT_USER',
    "('a'::text || 'b'::text)",
    '(1 + 2)',
    "E'a\\nb'::text",
    "'x'::text || my_function()",
    "''; drop table x; --'",
  ])('%s does not', (expression) => expect(device(expression)).toBeNull())
})
