import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildSchema } from '@/designer/model/testing/build-schema'
import { readExpression } from './expression'

const COLUMNS = {
  id: 'integer!',
  price: 'numeric(10,2)',
  pieces: 'integer',
  name: 'text',
  made: 'timestamp with time zone',
  date: 'date',
  'Odd "one"': 'text',
  data: 'jsonb',
  tags: 'text[]',
}
const ROOT = buildSchema({ t: { attributes: COLUMNS, key: ['id'] } }).serverEntities.se_t

const read = (expression: string) => {
  if (ROOT === undefined) throw new Error('There is no table t.')
  return readExpression(ROOT, expression)
}
const says = (expression: string) => {
  const found = read(expression)
  return found.kind === 'faulty' ? found.faults.map(({ code, says: text }) => `${code} ${text}`).join(' ') : found.sql
}

describe('an expression of one row', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
    await database.exec(`
      create table t (id int primary key, price numeric(10,2), pieces int, name text, made timestamptz, date date, "Odd ""one""" text, data jsonb, tags text[]);
      insert into t values (1, 1.5, 2, 'Ann', '2026-01-02T03:04:05Z', '2026-05-01', 'odd', '{"a": {"b": 7}}', '{x,y}');
    `)
  }, 60_000)
  afterAll(() => database.close())

  it.each([
    ['price * pieces', '3.00', ['pieces', 'price']],
    ['b.price * B.pieces', '3.00', ['pieces', 'price']],
    ["coalesce(name, 'nobody') || ' x'", 'Ann x', ['name']],
    ['"Odd ""one"""', 'odd', ['Odd "one"']],
    ['b."Odd ""one""" || b.name', 'oddAnn', ['Odd "one"', 'name']],
    ['extract(year from made)::int', '2026', ['made']],
    ['date - 1', '2026-04-30', ['date']],
    ["date '2026-01-01' + 1", '2026-01-02', []],
    ["data -> 'a' ->> 'b'", '7', ['data']],
    ['tags[1]', 'x', ['tags']],
    ["case when pieces > 1 then 'many' else 'one' end", 'many', ['pieces']],
    ['(made at time zone $$UTC$$)::date', '2026-01-02', ['made']],
    ['cast(pieces as double precision) / 2', '1', ['pieces']],
    ["to_char(price, 'FM990.00')", '1.50', ['price']],
    ['name is distinct from null and not (pieces in (3, 4))', 'true', ['name', 'pieces']],
    ['name -- a comment\n || /* another */ name', 'AnnAnn', ['name']],
    ["substring(name from 1 for 1) || trim(both ' ' from ' y ')", 'Ay', ['name']],
    ['greatest(pieces, 1)::numeric(6,1)', '2.0', ['pieces']],
    ["made + interval '1 day' > made::timestamp with time zone", 'true', ['made']],
  ])('%s', async (expression, value, columns) => {
    const found = read(expression)
    expect(found).toMatchObject({ kind: 'read', columns })
    if (found.kind !== 'read') return
    const { rows } = await database.query<{ value: string }>(`select (${found.sql}\n)::text as value from t b`)
    expect(rows[0]?.value).toBe(value)
  })

  it.each([
    ['', 'SL3013 has no expression'],
    ['-- nothing', 'SL3013 has no expression'],
    ['price; drop table t', 'SL3013 has a semicolon'],
    ['price) from t --', 'SL3013 closes a parenthesis'],
    ['(price', 'SL3013 opens a parenthesis'],
    ['(price]', 'SL3013 closes a parenthesis'],
    ['price, name', 'SL3013 has a comma outside'],
    ["'open", 'SL3013 has a text that does not end'],
    ['$1', 'SL3013 has a parameter'],
    ['(select 1)', 'SL3013 has "select"'],
    ['exists (select from t)', 'SL3013 has "exists"'],
    ['sum(price)', 'SL3013 calls sum, which is for several rows'],
    ['unnest(tags)', 'SL3013 calls unnest'],
    ['row_number() over ()', 'SL3013 calls row_number'],
    ['now()', 'SL3013 has now, which changes'],
    ['made < current_timestamp', 'SL3013 has current_timestamp, which changes'],
    ['random()', 'SL3013 has random, which changes'],
    ['current_user', 'SL3013 has current_user, which changes'],
    ["current_setting('x')", 'SL3013 has current_setting, which changes'],
    ['price > 1 and session.at is null', 'SL3013 names session.'],
    ['o.price', 'SL3013 names o.'],
    ['my_function(price)', 'SL3013 calls my_function, of which it is not known'],
    ['b', 'SL3013 names the whole row b'],
    ['(b).price', 'SL3013 names the whole row b'],
    ['b.*', 'SL3013 names b.'],
    ["'t'::regclass", 'SL3013 has the type regclass'],
    ['b.prize', 'SL3014 names b.prize, which is no column'],
    ['prize + cost', 'SL3014 names "prize", which is no column of its table. SL3014 names "cost"'],
    ['"Price"', 'SL3014 names "Price"'],
    ['ctid', 'SL3014 names "ctid"'],
  ])('refuses %s', (expression, refusal) => {
    expect(says(expression)).toContain(refusal)
  })

  it.each([
    '(select max(unit_price) from order_lines l where l.product = b.id)',
    'coalesce(price, (select count(*) from others o where o.x = 1 and o.y > now()))',
    'exists (select 1 from orders where orders.id = b.id)',
  ])('has one fault, with a way out, where it reads other rows: %s', (expression) => {
    const found = read(expression)
    expect(found.kind === 'faulty' && found.faults).toHaveLength(1)
    expect(says(expression)).toContain('as a denormalised attribute.')
  })

  it('tells what may fail for some row, and not what can’t', () => {
    const canFail = (expression: string) => {
      const found = read(expression)
      return found.kind === 'read' ? found.canFail : found
    }
    expect(canFail('price / pieces')).toBe('/')
    expect(canFail('pieces % id')).toBe('%')
    expect(canFail('sqrt(price)')).toBe('sqrt')
    expect(canFail('price / nullif(pieces, 0)')).toBeNull()
    expect(canFail('price / 100')).toBeNull()
    expect(canFail('price / 0')).toBe('/')
    // A CASE is how such values are left out; its first condition is asked of each row.
    expect(canFail('case when pieces <> 0 then price / pieces else 0 end')).toBeNull()
    expect(canFail('case when price / pieces > 1 then 1 else 0 end')).toBe('/')
    expect(canFail('case when pieces <> 0 then 1 else 0 end + price / pieces')).toBe('/')
  })
})
